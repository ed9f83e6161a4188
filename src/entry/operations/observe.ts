import type { InstanceId, ProviderName } from '../../core/base/names.js';
import type { State } from '../../core/journal/fold.js';
import type { Facts, Seen } from '../../core/rollout/facts.js';
import type { ClusterState, InstanceState } from '../../core/rollout/state.js';
import type { World } from '../../core/rollout/world.js';
import { factsOver, unseen } from '../../core/rollout/world.js';
import { traitsOf } from '../../engine/boot.js';
import { referenceTo } from '../../engine/reference.js';
import type { Cancel } from '../../ports/clock.js';
import { cancelSource } from '../../ports/clock.js';
import type { Observation, ProviderContext } from '../../ports/provider.js';
import type { Wired } from './wiring.js';

export interface Found {
  readonly instance: InstanceState;
  readonly cluster: ClusterState;
}

const chunkSize = 1_000;
const observeTimeoutMs = 30_000;
const probesAtATime = 64;

/** What pictures need, from a state and what was seen. One look cannot wait: what is well now has been well long enough. */
export function factsFrom(state: State, wired: Wired, seen: (id: InstanceId) => Seen): Facts {
  return factsOver({
    tables: state.tables,
    domainId: domainIdOf(state),
    traits: traitsOf(wired.ports),
    now: () => Number.MAX_SAFE_INTEGER,
    seen,
  });
}

export function domainIdOf(state: State): World['domainId'] {
  return state.domain.id ?? ('unclaimed' as World['domainId']);
}

export function* instancesOf(state: State): Generator<Found> {
  for (const solution of state.tables.solutions.values()) {
    for (const element of solution.elements.values()) {
      for (const cluster of element.clusters.values()) {
        for (const instance of cluster.instances.values()) yield { instance, cluster };
      }
    }
  }
}

/** Asks every provider once what is there, and every active instance once how it is. Changes nothing. */
export async function observeOnce(
  state: State,
  wired: Wired,
  signal: AbortSignal,
): Promise<(id: InstanceId) => Seen> {
  const source = cancelSource();
  const abort = (): void => source.abort();
  signal.addEventListener('abort', abort, { once: true });
  if (signal.aborted) abort();
  try {
    const found = [...instancesOf(state)].filter(({ instance }) => instance.lifecycle !== 'initial');
    const observations = await observeAll(found, state, wired, source.cancel);
    const seen = new Map<InstanceId, Seen>();
    const unproven: Found[] = [];
    for (const each of found) {
      const observation = observations.get(each.instance.id);
      if (observation === undefined) continue;
      seen.set(each.instance.id, seenFrom(observation));
      if (each.cluster.definition.health !== null && observation.state === 'active') unproven.push(each);
    }
    await inParallel(unproven, async (each) => {
      const { id } = each.instance;
      seen.set(id, { ...(seen.get(id) ?? unseen), ...(await probeOnce(each, wired, source.cancel)) });
    });
    return (id) => seen.get(id) ?? unseen;
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

async function observeAll(
  found: readonly Found[],
  state: State,
  wired: Wired,
  cancel: Cancel,
): Promise<ReadonlyMap<InstanceId, Observation>> {
  const facts = factsFrom(state, wired, () => unseen);
  const byProvider = new Map<ProviderName, Found[]>();
  for (const each of found) {
    const { provider } = each.cluster.definition;
    const group = byProvider.get(provider);
    if (group === undefined) byProvider.set(provider, [each]);
    else group.push(each);
  }
  const observations = new Map<InstanceId, Observation>();
  await Promise.all(
    [...byProvider].map(async ([name, group]) => {
      const provider = wired.ports.providers.get(name);
      if (provider === null) return;
      for (let i = 0; i < group.length; i += chunkSize) {
        const refs = group
          .slice(i, i + chunkSize)
          .map((each) => referenceTo(each, domainIdOf(state), provider, facts));
        for (const observation of await provider.observe(refs, lookContext(state, cancel)))
          observations.set(observation.id, observation);
      }
    }),
  );
  return observations;
}

/** For calls that change nothing. */
export function lookContext(state: State, cancel: Cancel): ProviderContext {
  return {
    cancel,
    timeoutMs: observeTimeoutMs,
    operation: null,
    epoch: state.domain.epoch,
    revision: null,
    blobs: () => Promise.resolve([]),
    log: () => undefined,
  };
}

/** One look cannot tell for how long: what is well now counts as having been well. */
function seenFrom(observation: Observation): Seen {
  const { presence, state, digest, resource, detail, foreignHome } = observation;
  const present = presence === 'present';
  const active = present && state === 'active';
  const good = active && observation.health !== 'bad';
  return {
    presence,
    state: present ? state : null,
    digest: present ? digest : null,
    resource,
    detail,
    foreignHome,
    health: active ? (good ? 'good' : 'bad') : 'unknown',
    goodSince: good ? 0 : null,
  };
}

async function probeOnce(
  { instance, cluster }: Found,
  wired: Wired,
  cancel: Cancel,
): Promise<Pick<Seen, 'health' | 'goodSince'> & Partial<Pick<Seen, 'detail'>>> {
  const { health } = cluster.definition;
  if (health === null) return { health: 'unknown', goodSince: null };
  const { address, port } = instance.runtime ?? { address: '', port: null };
  const task = { probe: health.probe, address, port, timeoutMs: health.timeoutMs };
  const answer = await wired.ports.prober.probe(task, cancel);
  return answer.good
    ? { health: 'good', goodSince: 0 }
    : { health: 'bad', goodSince: null, detail: answer.detail };
}

async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const rest = [...items];
  const worker = async (): Promise<void> => {
    for (let item = rest.shift(); item !== undefined; item = rest.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(probesAtATime, items.length) }, worker));
}
