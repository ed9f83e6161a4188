import type { ArtifactPin, DependencyType, HealthCheck, Retries, Timeouts } from '../base/desired.js';
import type { Json, JsonMap } from '../base/data.js';
import type { Diagnostic } from '../base/diagnostic.js';
import type { Digest } from '../base/digest.js';
import type { Glob } from '../base/glob.js';
import type { ProviderManifest } from '../base/manifest.js';
import type { ComponentName, ProviderName } from '../base/names.js';
import type { Range, Version } from '../base/version.js';
import type { ComponentDocument, HealthDocument } from '../model/kinds.js';
import { parseDuration } from '../model/duration.js';
import type { Schema } from '../model/schema-subset.js';
import type { SourceFile } from '../model/source.js';
import type { Pattern } from '../model/template.js';
import type { ReleaseRecord } from './types.js';

export interface Dependency {
  readonly name: string;
  readonly type: DependencyType;
  readonly component: ComponentName;
  readonly range: Range;
  readonly optional: boolean;
  readonly many: boolean;
  readonly exclusive: boolean;
}

/** A component at one version, with all that was found out about it once for all of its users. */
export interface Release {
  readonly key: string;
  readonly component: ComponentName;
  readonly version: Version;
  readonly source: SourceFile;
  /** The first of its errors; with any, nobody can use it. */
  readonly broken: Diagnostic | null;
  /** Null only where the file is broken by itself. */
  readonly body: ReleaseBody | null;
  /** Of all that its users read, positions aside: equal digests mean that users need not look again. */
  readonly meaning: Digest;
  /** What the ledger has to take up; null where it holds the release already, or must not. */
  readonly record: ReleaseRecord | null;
  readonly globs: readonly Glob[];
  readonly diagnostics: readonly Diagnostic[];
}

export interface ReleaseBody {
  readonly document: ComponentDocument;
  readonly provider: ProviderName;
  readonly manifest: ProviderManifest | null;
  readonly providerSchema: Schema | null;
  readonly parameters: Schema;
  readonly defaults: JsonMap;
  readonly configuration: Pattern;
  readonly endpoint: Pattern | null;
  readonly dependencies: ReadonlyMap<string, Dependency>;
  readonly artifacts: readonly ArtifactPin[];
  readonly health: HealthCheck | null;
  readonly timeouts: Timeouts;
  readonly retries: Retries;
  readonly revertible?: false;
  /** Of what all clusters of the release have in common: provider, artifacts, health, timeouts, retries. */
  readonly commonDigest: Digest;
}

export function releaseKey(component: string, version: string): string {
  return `${component}@${version}`;
}

export function dependenciesOf(document: ComponentDocument): ReadonlyMap<string, Dependency> {
  return new Map(
    Object.entries(document.dependencies ?? {}).map(([name, dependency]) => [
      name,
      {
        name,
        type: dependency.type,
        component: dependency.component as ComponentName,
        range: dependency.version.trim() as Range,
        optional: dependency.optional ?? false,
        many: dependency.many ?? false,
        exclusive: dependency.exclusive ?? false,
      },
    ]),
  );
}

export function timeoutsOf(document: ComponentDocument): Timeouts {
  const { timeouts } = document;
  return {
    createMs: duration(timeouts?.create, 60_000),
    configureMs: duration(timeouts?.configure, 60_000),
    startMs: duration(timeouts?.start, 60_000),
    stopMs: duration(timeouts?.stop, 30_000),
    destroyMs: duration(timeouts?.destroy, 60_000),
  };
}

export function retriesOf(document: ComponentDocument): Retries {
  const { retries } = document;
  return {
    limit: retries?.limit ?? 3,
    backoffMs: duration(retries?.backoff, 1_000),
    maxBackoffMs: duration(retries?.maxBackoff, 60_000),
  };
}

export function healthOf(document: ComponentDocument): HealthCheck | null {
  const { health } = document;
  if (health === undefined) return null;
  const probe = probeOf(health);
  return probe === null
    ? null
    : {
        probe,
        intervalMs: duration(health.interval, 10_000),
        timeoutMs: duration(health.timeout, 5_000),
        healthyAfter: health.healthyAfter ?? 1,
        unhealthyAfter: health.unhealthyAfter ?? 3,
      };
}

function probeOf(health: HealthDocument): HealthCheck['probe'] | null {
  const { http, tcp, command } = health;
  if (http !== undefined) {
    return { kind: 'http', path: http.path ?? '/', port: http.port ?? null, status: http.status ?? [] };
  }
  if (tcp !== undefined) return { kind: 'tcp', port: tcp.port ?? null };
  return command === undefined ? null : { kind: 'command', command };
}

/** Known to parse; the fallback is for what was left out. */
export function duration(text: string | undefined, fallbackMs: number): number {
  return text === undefined ? fallbackMs : (parseDuration(text) ?? fallbackMs);
}

/** As data without order: what the digest of a release covers, besides its artifacts. */
export function contentOf(document: ComponentDocument): Json {
  return document as unknown as Json;
}
