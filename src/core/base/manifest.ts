import type { Json } from './data.js';
import type { ProviderName } from './names.js';

/**
 * `route`: keeps the table of backends itself, so no gateway stands in front of it.
 * `watch`: tells of changes by itself. `logs`: has logs. `observeOnly`: never changes anything.
 */
export type Capability = 'route' | 'watch' | 'logs' | 'observeOnly';

/** What a provider says of itself; the model is checked against it, the engine acts by it. */
export interface ProviderManifest {
  readonly name: ProviderName;
  readonly protocol: 1;
  readonly summary: string;
  /** Subset of JSON Schema (`core/model/schema-subset.ts`) for a component's `configuration`. Null: anything goes. */
  readonly configuration: Json;
  /** Top-level keys of the configuration that are carried over by `reconfigure`; they are in no generation. */
  readonly reconfigurable: readonly string[];
  /** Top-level keys that others on the machine can see (arguments of a process): no secret may stand in them. */
  readonly shownKeys?: readonly string[];
  /** True: a change of its configuration needs a restart; it is drained, stopped, configured and started instead. */
  readonly reconfigureInterrupts: boolean;
  readonly capabilities: readonly Capability[];
  /** `backend`: refuses an old epoch itself. `claim`: the engine re-reads the claim before each effect. */
  readonly fencing: 'backend' | 'claim';
  /** Run-time values that the engine assigns before `create`. */
  readonly needs: readonly 'port'[];
  readonly portRange: readonly [first: number, last: number] | null;
}
