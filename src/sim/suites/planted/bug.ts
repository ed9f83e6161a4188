import type { Engine } from '../../../engine/engine.js';
import type { EnginePorts } from '../../../engine/ports.js';
import type { Facts } from '../../../core/rollout/facts.js';
import type { Provider } from '../../../ports/provider.js';
import type { Life } from '../../life.js';
import type { Stage } from '../../stage.js';
import type { Script } from '../../workload/script.js';

/** A mistake as controllers have made it. It is planted between the engine and its world; what comes of it is ours. */
export interface Bug {
  readonly name: string;
  /** What the controller does, in a sentence. */
  readonly what: string;
  /** Invariants of which it may break one first. */
  readonly breaks: readonly number[];
  /** First seed that is tried, where smaller ones take long to show nothing. */
  readonly from?: number;
  /** A world in which it shows. */
  readonly script: (seed: number) => Script;
  plant(stage: Stage): void;
}

/** What of a mistake is like no other: the rest of the ports, or of the facts, is as it was. */
type Bent<T> = { readonly [K in keyof T]?: T[K] };

/** Each controller gets these ports in the place of its own. */
export function bendPorts(
  stage: Stage,
  bend: (ports: EnginePorts, incarnation: Life) => Bent<EnginePorts>,
): void {
  stage.world.wrapPorts = (ports, incarnation) => ({ ...ports, ...bend(ports, incarnation) });
}

/** Each provider is called like this. */
export function bendProviders(
  stage: Stage,
  bend: (provider: Provider, ports: EnginePorts, incarnation: Life) => Bent<Provider>,
): void {
  bendPorts(stage, (ports, incarnation) => {
    const bent = new Map(
      ports.providers.names().flatMap((name) => {
        const provider = ports.providers.get(name);
        return provider === null
          ? []
          : [[name, { ...provider, ...bend(provider, ports, incarnation) }] as const];
      }),
    );
    return { providers: { ...ports.providers, get: (name) => bent.get(name) ?? null } };
  });
}

/** Decisions are taken by these facts in the place of the true ones. */
export function bendFacts(stage: Stage, bend: (facts: Facts, engine: Engine) => Bent<Facts>): void {
  stage.world.watchers.push({
    booted({ engine }) {
      if (engine === null) return;
      const { facts } = engine.core;
      Object.assign(
        facts,
        bend({ ...Object.create(facts as object), ...functionsOf(facts) } as Facts, engine),
      );
    },
  });
}

/** As they are before they are bent; what is read anew each time stays so by its prototype. */
function functionsOf(facts: Facts): Partial<Facts> {
  const {
    element,
    consumers,
    seen,
    dependents,
    configurationDigest,
    address,
    needsPort,
    freePort,
    reconfigureInterrupts,
  } = facts;
  return {
    element,
    consumers,
    seen,
    dependents,
    configurationDigest,
    address,
    needsPort,
    freePort,
    reconfigureInterrupts,
  };
}
