import { activeSize } from '../../core/base/desired.js';
import type { InstanceId } from '../../core/base/names.js';
import { elementKey, splitInstanceId } from '../../core/base/names.js';
import { solutionOf } from '../../core/journal/entry.js';
import type { SolutionEntry } from '../../core/rollout/entries.js';
import { finalOf } from '../../core/rollout/steps.js';
import { elementAt } from '../../core/rollout/tables.js';
import type { Engine } from '../../engine/engine.js';
import type { Stage } from '../stage.js';
import type { Watcher } from '../watcher.js';
import { lacking } from './dependencies.js';
import { Made } from './made.js';
import { Stand, standOf, type Standing } from './standing.js';

/** 6. What we take out of the rotation leaves enough of it, and what we start is not too much. */
export function floorAndCeiling({ world }: Stage): Watcher {
  const made = new Made(world.technology);
  // What is seen after its intent was written comes too late to change it.
  const decided = new Set<string>();
  return {
    recorded(incarnation, record) {
      const { engine } = incarnation;
      if (engine === null) return;
      const entry = record.entry as SolutionEntry;
      if (entry.kind === 'operation.begun') decided.add(`${incarnation.number} ${entry.instance}`);
      if (entry.kind === 'operation.ended') decided.delete(`${incarnation.number} ${entry.instance}`);
      const problem = problemOf(engine, record.stream, entry);
      if (problem !== null) world.violate(6, `${problem} (by ${incarnation.number})`);
    },
    landed: (mutation) => made.landed(mutation),
    struck: (kind, moment) => void (kind === 'provider.staleRead' && made.misread(moment)),
    answered({ number }, { port, verb, key }) {
      if (port !== 'provider' || verb !== 'observe') return;
      for (const id of key.split(' ')) if (!decided.has(`${number} ${id}`)) made.looked(number, id);
    },
    sent({ verb, key, by }) {
      decided.delete(`${by.number} ${key}`);
      // What has failed is reset, whatever it does.
      if (verb !== 'destroy' || !made.isKnownTo(by.number, key)) return;
      if (made.stateOf(key) === 'active' && !made.isDisturbed(key))
        world.violate(6, `${verb} of ${key} by ${by.number}, though it runs as we have made it`);
    },
  };
}

function problemOf(engine: Engine, stream: string, entry: SolutionEntry): string | null {
  switch (entry.kind) {
    case 'instance.draining':
      return leaving(engine, entry.instance);
    case 'operation.begun':
      if (entry.transition === 'start') return starting(engine, entry.instance);
      return entry.transition === 'stop' ? stopping(engine, entry.instance) : null;
    case 'route.begun':
      return routing(engine, stream, entry);
    default:
      return null;
  }
}

function scene(engine: Engine, id: InstanceId): { stand: Stand; one: Standing } | null {
  const stand = standOf(engine, splitInstanceId(id)?.element);
  const one = stand?.of(id) ?? null;
  return stand === null || one === null ? null : { stand, one };
}

/** It is out of the rotation now: what is left? */
function leaving(engine: Engine, id: InstanceId): string | null {
  const found = scene(engine, id);
  if (found === null) return `${id} leaves, and nobody knows it`;
  const { stand, one } = found;
  const before = standOf(engine, stand.element.key, id);
  const left = stand.healthy();
  const floor = helpless(engine, found) ? relaxed(stand, one) : stand.floor;
  if (before?.of(id)?.healthy === true) {
    if (left < floor) return `${id} leaves ${left} healthy, and the floor is ${floor}`;
    if (helpless(engine, found)) return null;
    const broken = stand.brokenBinding(one.cluster.definition.version, 0);
    return broken === null ? null : `${id} leaves, and ${broken}`;
  }
  // An unhealthy one may go if the floor holds without it, or if another may come for it, or it comes back itself.
  const successor = stand.instances.some(({ isNew, live, state }) => isNew && !live && state.id !== id);
  return left >= floor || successor || comesBack(engine, found)
    ? null
    : `${id} goes unhealthy, and nothing comes for it`;
}

/** With another configuration, at once and alone: what it needs is ready, and no other of the element is on its way down. */
function comesBack(
  engine: Engine,
  { stand, one }: { readonly stand: Stand; readonly one: Standing },
): boolean {
  const isAlone = stand.instances.every(
    ({ isNew, state }) =>
      state === one.state || !isNew || (state.draining === null && state.operation?.transition !== 'stop'),
  );
  return one.isNew && isAlone && lacking(engine, one.state.id) === null;
}

/** Surge does not help: it goes to come back, with another configuration or in another place. */
function helpless(engine: Engine, { one }: { readonly one: Standing }): boolean {
  if (one.isNew) return true;
  const parts = splitInstanceId(one.state.id);
  const target = parts === null ? null : (elementAt(engine.core.state.tables, parts.element)?.target ?? null);
  const desired = target?.clusters.find(({ key }) => key === one.cluster.key);
  return desired?.state === 'active' && one.state.ordinal < desired.size;
}

/** One more may be missing; the only one too where it comes back by itself with another configuration. */
function relaxed({ floor, element }: Stand, { isNew }: Standing): number {
  // Of what it is to be in the end, whichever step it is on.
  const size = Math.min(element.wholeSize, activeSize(finalOf(element)));
  const least = isNew || element.target?.rollout.allowDowntime === true ? 0 : 1;
  return Math.min(floor, Math.max(least, size - 1));
}

/** What is stopped was drained, or is not well. */
function stopping(engine: Engine, id: InstanceId): string | null {
  const { state } = scene(engine, id)?.one ?? {};
  if (state === undefined) return `${id} is stopped, and nobody knows it`;
  const { health, presence } = engine.core.sightings.seen(id);
  return state.draining === null && (presence !== 'present' || health === 'good')
    ? `${id} is stopped without having left the rotation`
    : null;
}

function starting(engine: Engine, id: InstanceId): string | null {
  const found = scene(engine, id);
  if (found === null) return `${id} is started, and nobody knows it`;
  const { stand, one } = found;
  if (stand.live > stand.ceiling) return `${id} is started as number ${stand.live} of ${stand.ceiling}`;
  const isRecreate = stand.element.target?.rollout.strategy === 'recreate' && stand.heldOld === 0;
  const old = stand.instances.find(({ live, isNew }) => live && !isNew);
  return isRecreate && one.isNew && old !== undefined
    ? `${id} is started beside ${old.state.id}, and all old ones were to go first`
    : null;
}

/** The router is told to send nothing more to some: enough must be left of them too. */
function routing(
  engine: Engine,
  stream: string,
  { element: name, binding, backends }: Extract<SolutionEntry, { kind: 'route.begun' }>,
): string | null {
  const solution = solutionOf(stream);
  const before = solution === null ? null : standOf(engine, elementKey(solution, name));
  const listener = before?.element.listeners.get(binding);
  if (before == null || listener === undefined)
    return `${stream} routes ${binding} of ${name}, which is not there`;
  const after = new Stand(engine, before.element, { listener: { ...listener, backends } });
  const out = before.instances.find(({ healthy, state }) => healthy && after.of(state.id)?.healthy !== true);
  if (out === undefined) return null;
  if (after.healthy() < before.floor)
    return `${binding} of ${name} sends nothing more to ${out.state.id}: ${after.healthy()} left, floor ${before.floor}`;
  const broken = after.brokenBinding(out.cluster.definition.version, 0);
  return broken === null ? null : `${binding} of ${name} leaves ${out.state.id}, and ${broken}`;
}
