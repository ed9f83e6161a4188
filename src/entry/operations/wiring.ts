import { existsSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createClock } from '../../adapters/clock/clock.js';
import type { FileDisk } from '../../adapters/disk/file-disk.js';
import { fileDisk } from '../../adapters/disk/file-disk.js';
import type { Gateway } from '../../adapters/gateway/gateway.js';
import { createGateway } from '../../adapters/gateway/gateway.js';
import { openLog } from '../../adapters/log/log.js';
import { createGauge } from '../../adapters/gate/gauge.js';
import { createProber } from '../../adapters/probe/prober.js';
import { createExternalProvider } from '../../adapters/providers/external/provider.js';
import { createFileProvider } from '../../adapters/providers/file/provider.js';
import { createNoopProvider } from '../../adapters/providers/noop/provider.js';
import { createProcessProvider } from '../../adapters/providers/process/provider.js';
import type { CountingReader } from '../../adapters/reader/reader.js';
import { createReader } from '../../adapters/reader/reader.js';
import { openSecrets } from '../../adapters/secrets/secrets.js';
import { redactorsOf } from '../../core/base/safe-text.js';
import type { Diagnostic } from '../../core/base/diagnostic.js';
import type { ProviderName } from '../../core/base/names.js';
import type { Version } from '../../core/base/version.js';
import type { EngineOptions, EnginePorts } from '../../engine/ports.js';
import { defaultTimings } from '../../engine/ports.js';
import type { LogLevel } from '../../ports/log.js';
import type { Provider, Providers } from '../../ports/provider.js';
import { Failure } from '../cli/operations.js';
import { wrongConfig } from './config-map.js';
import type { OperatorConfig } from './config.js';
import { controllerName, portRange } from './config.js';
import { forgeOf } from './forge.js';
import type { Location } from './place.js';

/** The ports of one controller, made of real adapters, and what has to be closed with them. */
export interface Wired {
  readonly ports: EnginePorts;
  readonly options: EngineOptions;
  readonly gateway: Gateway;
  readonly reader: CountingReader;
  readonly disk: FileDisk;
  /** Secrets whose values are not known here, and so could not be masked. */
  readonly unknownSecrets: readonly Diagnostic[];
  close(): Promise<void>;
}

export interface WiringOptions {
  readonly version: string;
  readonly takeover: boolean;
  /** Null: nothing is logged. `file`: JSON lines beside the journal. */
  readonly log: 'file' | 'stderr' | null;
  readonly level: LogLevel;
  /** Reads only: nothing may be written, not even a cache. */
  readonly readOnly: boolean;
  /** Looks at no new commit by itself. */
  readonly requestsOnly?: boolean;
}

export async function wire(location: Location, options: WiringOptions): Promise<Wired> {
  const { repository, config, stateDir, sharedDir } = location;
  const secrets = openSecrets({
    entries: config.secrets,
    file: config.file ?? '',
    // Who acts needs the values.
    elsewhere: options.readOnly && config.secretsElsewhere,
  });
  // Who only looks needs no value: the model's check tells what is missing, at its line.
  const isEmpty = ({ code }: { readonly code: string }): boolean => code === 'secrets.missing';
  const unusable = secrets.diagnostics.find((found) => !(options.readOnly && isEmpty(found)));
  if (unusable !== undefined) throw new Failure(unusable.code, unusable.message, unusable.fix);
  const log =
    options.log === null
      ? null
      : await openLog({
          level: options.level,
          file: options.log === 'file' ? join(stateDir, 'heliostat.log') : null,
        });
  const opened = options.readOnly ? null : forgeOf(location, log?.log);
  const redact = redactorsOf([
    location.redact,
    secrets.redactor,
    ...(opened === null ? [] : [opened.redact]),
  ]);
  const disk = fileDisk(stateDir);
  const gateway = createGateway({
    stateDir: sharedDir,
    program: { command: process.execPath, args: [programPath('gateway.js')] },
    redact,
  });
  const cacheFolder = options.readOnly && !existsSync(sharedDir) ? null : join(sharedDir, 'cache');
  const reader = createReader({ program: programPath('reader.js'), cacheFolder });
  const prober = createProber({ redact });
  const all = builtIn(location, { redact, prober });
  const providers = registry(all, gateway, config.providers, config.gatewayPorts);
  const ports: EnginePorts = {
    clock: createClock(),
    disk,
    refs: repository.refs,
    source: repository.source,
    history: repository.history,
    reader,
    providers,
    prober,
    gauge: createGauge({ redact }),
    secrets: secrets.secrets,
    ...(opened === null ? {} : { forge: opened.forge }),
    log: log?.log ?? { write: () => undefined },
    redact,
  };
  return {
    ports,
    options: engineOptions(location, options),
    gateway,
    reader,
    disk,
    unknownSecrets: secrets.diagnostics,
    async close() {
      gateway.close();
      await reader.close();
      await disk.close();
      await repository.close();
      await log?.close();
    },
  };
}

/** The providers that come with Heliostat, each with what the operator says of it. */
function builtIn(
  { config, home, instancesDir, stateDir }: Location,
  { redact, prober }: Pick<EnginePorts, 'redact' | 'prober'>,
): readonly Provider[] {
  const ports = portRange(config.file ?? '', config.providers?.get('process')?.['ports']);
  return [
    createProcessProvider({ instancesDir, home, redact, ...(ports === null ? {} : { portRange: ports }) }),
    createFileProvider({ instancesDir, home }),
    createNoopProvider({ file: noopWorld(config) ?? join(stateDir, 'noop.log'), home }),
    createExternalProvider({ prober }),
  ];
}

/** Where what is pretended is remembered; null: in the state folder. */
function noopWorld({ file, providers }: OperatorConfig): string | null {
  const world = providers?.get('noop')?.['world'];
  if (world === undefined || world === null) return null;
  if (typeof world === 'string' && isAbsolute(world)) return world;
  throw wrongConfig(file ?? '', 'providers.noop.world is no absolute path', 'Write world: /path/of/a/file.');
}

function engineOptions(location: Location, options: WiringOptions): EngineOptions {
  const { home, config, folder } = location;
  return {
    controller: controllerName(config, home),
    home,
    domain: { kind: 'folder', folder },
    branch: config.branch,
    programVersion: options.version as Version,
    takeover: options.takeover,
    durable: config.durable,
    ...defaultTimings,
    requestsOnly: options.requestsOnly === true,
    ...(config.forge === null ? {} : { forge: config.forge.policy }),
  };
}

/** What the operator allows; all that is built in if nothing was said. */
function registry(
  all: readonly Provider[],
  gateway: Gateway,
  allowed: ReadonlyMap<string, unknown> | null,
  ports: readonly [number, number] | null,
): Providers {
  const known = new Map(
    all
      .filter(({ manifest }) => allowed === null || allowed.has(manifest.name))
      .map((provider) => [provider.manifest.name, provider]),
  );
  const names = [...known.keys()].sort();
  const router =
    ports === null ? gateway : { ...gateway, manifest: { ...gateway.manifest, portRange: ports } };
  return { get: (name: ProviderName) => known.get(name) ?? null, names: () => names, gateway: router };
}

/** Programs lie beside this one in the bundle. */
export function programPath(name: string): string {
  return fileURLToPath(new URL(`./${name}`, import.meta.url));
}
