import type { Relationship, Transition } from '../../core/base/desired.js';
import type { InstanceId } from '../../core/base/names.js';
import { splitInstanceId } from '../../core/base/names.js';
import type { SolutionEntry } from '../../core/rollout/entries.js';
import type { Engine } from '../../engine/engine.js';
import type { Stage } from '../stage.js';
import type { Watcher } from '../watcher.js';
import { Made } from './made.js';
import { instanceIn, isOvertaken } from './state.js';
import { standOf, type Stand, type Standing } from './standing.js';

/** 7. Nothing is made or started before what it needs is there, and nothing goes under what needs it. */
export function dependencies({ world }: Stage): Watcher {
  const made = new Made(world.technology);
  return {
    landed: (mutation) => made.landed(mutation),
    struck: (kind, moment) => void (kind === 'provider.staleRead' && made.misread(moment)),
    recorded(incarnation, { entry }) {
      const { engine } = incarnation;
      const known = entry as SolutionEntry;
      if (engine === null || isOvertaken(engine, world)) return;
      const problem =
        known.kind === 'operation.begun'
          ? beginning(engine, known.instance, known.transition, made)
          : known.kind === 'instance.draining'
            ? under(engine, known.instance, 'leaves the rotation')
            : null;
      if (problem !== null) world.violate(7, `${problem} (by ${incarnation.number})`);
    },
  };
}

function beginning(engine: Engine, id: InstanceId, transition: Transition, made: Made): string | null {
  switch (transition) {
    case 'create':
      return contexts(engine, id, transition, made);
    case 'start':
      return contexts(engine, id, transition, made) ?? services(engine, id);
    case 'stop':
    case 'destroy':
      return under(engine, id, `is to ${transition}`);
    default:
      return null;
  }
}

function relationshipsOf(
  engine: Engine,
  id: InstanceId,
): { one: Standing; all: readonly Relationship[] } | null {
  const one = standOf(engine, splitInstanceId(id)?.element)?.of(id) ?? null;
  return one === null ? null : { one, all: one.cluster.definition.relationships };
}

/** Why it could not be started now, by what its controller knows; null: it could. */
export function lacking(engine: Engine, id: InstanceId): string | null {
  return contexts(engine, id, 'start', null) ?? services(engine, id);
}

/** What it lives on runs, and is not on its way out. */
function contexts(engine: Engine, id: InstanceId, transition: Transition, made: Made | null): string | null {
  const found = relationshipsOf(engine, id);
  for (const { type, name } of found?.all ?? []) {
    if (type !== 'context') continue;
    const on = found?.one.state.runtime?.placement[name];
    const wrong = on === undefined ? `it has no ${name}` : notThere(engine, on, made);
    if (wrong !== null) return `${transition} of ${id} begins, and ${wrong}`;
  }
  return null;
}

/** `made` null: the truth is not asked. */
function notThere(engine: Engine, id: InstanceId, made: Made | null): string | null {
  const state = instanceIn(engine, id);
  if (state?.lifecycle !== 'active') return `its context ${id} is not active`;
  if (state.draining !== null || state.operation?.transition === 'stop') return `its context ${id} is going`;
  if (made === null) return null;
  const truth = made.stateOf(id);
  const isMisled = truth === undefined || truth === 'active' || made.isDisturbed(id);
  return isMisled ? null : `its context ${id} is ${truth ?? 'not there'} in truth`;
}

/** Whom it uses is ready for it. */
function services(engine: Engine, id: InstanceId): string | null {
  for (const { type, provider, range } of relationshipsOf(engine, id)?.all ?? []) {
    if (type !== 'service') continue;
    const stand: Stand | null = standOf(engine, provider);
    const healthy = stand?.healthy(range) ?? 0;
    if (stand === null || healthy < stand.readyCount)
      return `start of ${id} begins, and ${provider} has ${healthy} of ${stand?.readyCount ?? 1} backends in ${range}`;
  }
  return null;
}

/** What is brought down on purpose carries nothing any more. */
function under(engine: Engine, id: InstanceId, what: string): string | null {
  const stand = standOf(engine, splitInstanceId(id)?.element);
  return stand?.carries(id) === true ? `${id} ${what}, and something lives on it` : null;
}
