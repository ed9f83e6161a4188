import type { Revision, SolutionName } from '../base/names.js';
import type { DomainEntry, DomainState, RevisionState } from './domain.js';
import type { SolutionState } from './state.js';

/** Solutions of a revision that are back where they were, while Git still asks for what failed. */
export interface DueRevert {
  readonly revision: Revision;
  readonly arrival: number;
  readonly solutions: readonly SolutionName[];
}

/** The commits that are to say what was taken back: one for each arrival, once all that goes back is there. */
export function decideReverts(
  domain: DomainState,
  solutions: ReadonlyMap<SolutionName, SolutionState>,
): DomainEntry[] {
  // A tip that is not judged yet may ask for something else.
  const tip = domain.tip === null ? undefined : domain.revisions.get(domain.tip);
  if (tip === undefined || tip.state === 'seen') return [];
  const entries: DomainEntry[] = [];
  for (const state of domain.revisions.values()) {
    const due = state.revert === undefined ? dueFor(state, solutions) : null;
    if (due !== null) entries.push({ kind: 'revert.begun', ...due });
  }
  return entries;
}

function dueFor(
  { revision, arrival, state }: RevisionState,
  solutions: ReadonlyMap<SolutionName, SolutionState>,
): DueRevert | null {
  if (state !== 'accepted') return null;
  const back: SolutionName[] = [];
  for (const { name, rollout, quarantine } of solutions.values()) {
    if (rollout?.phase !== 'reverting' && rollout?.phase !== 'reverted') continue;
    if (quarantine?.revision !== rollout.revision || quarantine.arrival !== rollout.arrival) continue;
    // Whoever was taken along, by whatever revision it had come, is in the commit of the failure that did so.
    const failed = quarantine.cause ?? quarantine;
    if (failed.revision !== revision || failed.arrival !== arrival) continue;
    if (rollout.phase === 'reverting') return null;
    back.push(name);
  }
  return back.length === 0 ? null : { revision, arrival, solutions: back.sort() };
}

/** Begun, and nobody has told how it ended: the controller that began it is gone. */
export function openReverts(domain: DomainState): DueRevert[] {
  return [...domain.revisions.values()].flatMap(({ revision, arrival, revert }) =>
    revert?.outcome === 'open' ? [{ revision, arrival, solutions: revert.solutions }] : [],
  );
}
