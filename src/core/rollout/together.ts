import type { DesiredElement } from '../base/desired.js';
import type { SolutionName } from '../base/names.js';
import { splitElementKey } from '../base/names.js';
import { byCodeUnit, sortedBy } from '../base/order.js';
import { satisfies } from '../base/version.js';
import type { Facts } from './facts.js';
import { providersOf } from './halted.js';
import { isOpen } from './mode.js';
import type { ElementState, SolutionState } from './state.js';
import type { Tables } from './tables.js';

/** What is asked here of the neighbours. */
export type Neighbourhood = Pick<Facts, 'consumers' | 'solution'>;

export function neighbourhoodIn({ consumers, solutions }: Tables): Neighbourhood {
  return {
    consumers: (key) => sortedBy(consumers.get(key) ?? [], (consumer) => consumer),
    solution: (name) => solutions.get(name) ?? null,
  };
}

/** All of its own is done, and it ends with others that are not there yet. Sorted; empty: it waits for nobody. */
export function stillToEnd(solution: SolutionState, facts: Neighbourhood): readonly SolutionState[] {
  if (solution.rollout?.phase !== 'progressing' || hasOpenTracks(solution)) return [];
  return endsWith(solution, facts).filter(
    (other) => other.rollout?.phase !== 'progressing' || hasOpenTracks(other),
  );
}

/** Something of it is still on its way. */
export function hasOpenTracks({ elements }: SolutionState): boolean {
  return [...elements.values()].some(
    (element) => element.target === null || (element.track !== null && !element.track.done),
  );
}

/**
 * The open rollouts that this one ends with, or not before: as long as one of them may go back and take this one along,
 * nothing of it is applied. Without the solution itself, sorted.
 */
export function endsWith(solution: SolutionState, facts: Neighbourhood): readonly SolutionState[] {
  return reached(solution, (one) =>
    neighboursOf(one, facts).filter((other) => isOpen(other) && wouldFollow(one, other)),
  );
}

/** What goes back with a solution that goes back: what it drags along, and what those drag along. Sorted. */
export function goesAlong(solution: SolutionState, facts: Neighbourhood): readonly SolutionState[] {
  return reached(solution, (one) =>
    neighboursOf(one, facts).filter(
      (other) => isOpen(other) && other.rollout?.phase !== 'reverting' && wouldFollow(other, one),
    ),
  );
}

/** Whether the first could not stay if the second went back: one change of one commit, or no version left to run on. */
function wouldFollow(one: SolutionState, other: SolutionState): boolean {
  if (one.rollout?.phase === 'reverting') return false;
  return isOneChange(one, other) || restsOn(one, other);
}

/** Both are changed by one arrival, and a relationship joins what it changes. What was never stable has no way back. */
function isOneChange(one: SolutionState, other: SolutionState): boolean {
  if (one.rollout === null || other.rollout === null) return false;
  if (one.lastStable === null || other.lastStable === null) return false;
  if (one.rollout.revision !== other.rollout.revision || one.rollout.arrival !== other.rollout.arrival)
    return false;
  const uses = (consumer: SolutionState, provider: SolutionState): boolean =>
    changedOf(consumer).some((element) =>
      providersOf(element).some((key) => {
        const parts = splitElementKey(key);
        return parts.solution === provider.name && parts.element in (provider.rollout?.changes ?? {});
      }),
    );
  return uses(one, other) || uses(other, one);
}

/**
 * The first has come to a cluster of the second that goes if the second goes back, and accepts nothing of what would
 * be there then: its reservation of a cluster that is not stable yet.
 */
function restsOn(one: SolutionState, other: SolutionState): boolean {
  return Object.keys(one.former).some((name) => {
    const target = one.elements.get(name as ElementState['name'])?.target ?? null;
    return relationshipsOf(target).some(({ provider, range }) => {
      const { solution, element } = splitElementKey(provider);
      if (solution !== other.name || !(element in other.former)) return false;
      const remaining = other.former[element]?.clusters ?? [];
      return !remaining.some(
        ({ state, size, definition }) =>
          state === 'active' && size > 0 && satisfies(definition.version, range),
      );
    });
  });
}

function relationshipsOf(target: DesiredElement | null) {
  return (target?.clusters ?? []).flatMap(({ state, size, definition }) =>
    state === 'active' && size > 0 ? definition.relationships : [],
  );
}

function changedOf({ elements, rollout }: SolutionState): ElementState[] {
  return [...elements.values()].filter(({ name }) => name in (rollout?.changes ?? {}));
}

/** Solutions with an element that uses one of this, or is used by one. */
function neighboursOf(solution: SolutionState, facts: Neighbourhood): SolutionState[] {
  const names = new Set<SolutionName>();
  for (const element of solution.elements.values())
    for (const key of [...facts.consumers(element.key), ...providersOf(element)])
      names.add(splitElementKey(key).solution);
  names.delete(solution.name);
  return [...names].sort(byCodeUnit).flatMap((name) => facts.solution?.(name) ?? []);
}

function reached(
  from: SolutionState,
  next: (solution: SolutionState) => readonly SolutionState[],
): readonly SolutionState[] {
  const found = new Map<SolutionName, SolutionState>([[from.name, from]]);
  const queue = [from];
  for (let one = queue.pop(); one !== undefined; one = queue.pop())
    for (const other of next(one)) {
      if (found.has(other.name)) continue;
      found.set(other.name, other);
      queue.push(other);
    }
  found.delete(from.name);
  return [...found.values()].sort((a, b) => byCodeUnit(a.name, b.name));
}
