import type { Json } from '../core/base/data.js';
import type { ArtifactPin, Transition } from '../core/base/desired.js';
import type { ProviderManifest } from '../core/base/manifest.js';
import type { Digest } from '../core/base/digest.js';
import type {
  ComponentName,
  Generation,
  InstanceId,
  OperationId,
  OwnerKey,
  ProviderName,
  Revision,
} from '../core/base/names.js';
import type { SafeText } from '../core/base/safe-text.js';
import type { Version } from '../core/base/version.js';
import type { Cancel } from './clock.js';

export type { Capability, ProviderManifest } from '../core/base/manifest.js';

/** One instance as a provider sees it: a transition's subject, never the model. */
export interface InstanceTask {
  readonly id: InstanceId;
  readonly owner: OwnerKey;
  readonly home: string;
  readonly ordinal: number;
  readonly component: ComponentName;
  readonly version: Version;
  readonly generation: Generation;
  /** With every reference resolved; may hold secrets, so it is never written anywhere. */
  readonly configuration: Json;
  /** Of the configuration, secrets left out. */
  readonly digest: Digest;
  readonly artifacts: readonly ArtifactPin[];
  readonly address: string;
  readonly port: number | null;
  /** For `stop`: how long a polite stop may take before it is forced. */
  readonly timeoutMs: number;
}

/** Enough to look for an instance. */
export interface InstanceRef {
  readonly id: InstanceId;
  readonly owner: OwnerKey;
  readonly configuration: Json;
}

/** What a provider saw. Never assumed, never copied from desired. */
export interface Observation {
  readonly id: InstanceId;
  readonly presence: 'present' | 'absent' | 'unknown';
  /** Only where present. */
  readonly state: 'inactive' | 'active' | 'failure';
  readonly health: 'good' | 'bad' | 'unknown';
  /** Of the configuration that the resource really has; null where the provider cannot tell. */
  readonly digest: Digest | null;
  /** What people know the resource by: `pid 4711`, a path, a container id. */
  readonly resource: SafeText | null;
  /** Why it is not well, for people. */
  readonly detail: SafeText | null;
  /** A resource with our key whose home is another repository. */
  readonly foreignHome: string | null;
}

export type Outcome =
  | { readonly kind: 'done'; readonly observation: Observation | null }
  | {
      readonly kind: 'failed';
      readonly retryable: boolean;
      readonly code: string;
      readonly message: SafeText;
    }
  | { readonly kind: 'unknown'; readonly message: SafeText };

export interface Page {
  readonly resources: readonly (Observation & { readonly owner: OwnerKey })[];
  readonly cursor: string | null;
}

export interface Backend {
  readonly instance: InstanceId;
  readonly address: string;
  readonly port: number;
  /** 0: drains, gets nothing new. */
  readonly weight: number;
}

export interface RouteTask {
  /** `<domain id>:<solution/element>#<range or expose>`. */
  readonly key: string;
  readonly scheme: 'http' | 'tcp';
  readonly address: string;
  readonly port: number;
}

export interface LogQuery {
  readonly sinceMs: number | null;
  readonly lines: number;
  /** The log of the run before the last restart. */
  readonly previous: boolean;
  readonly cursor: string | null;
}

export interface LogPage {
  readonly lines: readonly {
    readonly atMs: number | null;
    readonly stream: 'out' | 'err';
    readonly text: SafeText;
  }[];
  readonly cursor: string;
}

export interface ProviderContext {
  readonly cancel: Cancel;
  /** How long the call may take, in milliseconds. */
  readonly timeoutMs: number;
  readonly operation: OperationId | null;
  readonly epoch: number;
  readonly revision: Revision | null;
  /** Contents of artifacts, by blob id. */
  blobs(oids: readonly string[]): Promise<readonly (Uint8Array | null)[]>;
  log(message: SafeText): void;
}

/**
 * Few verbs, idempotent by contract: asking twice for one thing does it once. A provider decides
 * nothing and repeats nothing; it rejects only on a bug (the engine takes a rejection as `unknown`).
 */
export interface Provider {
  readonly manifest: ProviderManifest;
  /** In the order asked, chunks of up to 1,000. */
  observe(instances: readonly InstanceRef[], ctx: ProviderContext): Promise<readonly Observation[]>;
  /** All that carries an owner key beginning with `owner`: orphans, recovery. */
  list(owner: string, cursor: string | null, ctx: ProviderContext): Promise<Page>;
  /** `create` of what exists adopts it; `stop` and `destroy` of what is gone are done. */
  apply(transition: Transition, instance: InstanceTask, ctx: ProviderContext): Promise<Outcome>;
  /** Replaces the whole table of one binding; no backends: refuse nothing, wait. `port` 0 never occurs. */
  route?(binding: RouteTask, backends: readonly Backend[], ctx: ProviderContext): Promise<Outcome>;
  /** Frees a listener. */
  unroute?(key: string, ctx: ProviderContext): Promise<Outcome>;
  /** Keys of all listeners that begin so, also of those that nobody should have any more. Null: it does not answer. */
  routes?(owner: string): Promise<readonly string[] | null>;
  /** Calls `notify` with the instances that may have changed (a hint; `observe` tells). Settles when cancelled. */
  watch?(owner: string, notify: (ids: readonly InstanceId[]) => void, cancel: Cancel): Promise<void>;
  logs?(instance: InstanceRef, query: LogQuery, ctx: ProviderContext): Promise<LogPage>;
  /** What `${instance.address}` means here, the same for as long as the id lives. Without it: the loopback address. */
  address?(id: InstanceId): string;
}

export interface Providers {
  /** Null if the operator does not allow it or there is none. */
  get(name: ProviderName): Provider | null;
  /** Names allowed here, sorted. */
  names(): readonly ProviderName[];
  /** Who routes for providers that do not themselves. */
  readonly gateway: Pick<Provider, 'manifest' | 'route' | 'unroute' | 'routes'>;
}
