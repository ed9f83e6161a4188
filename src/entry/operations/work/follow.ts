import type { DomainName } from '../../../core/base/names.js';
import type { State } from '../../../core/journal/fold.js';
import { isFinal, type RevisionState } from '../../../core/rollout/domain.js';
import { verdictOf } from '../../../core/rollout/verdicts.js';
import { unseen } from '../../../core/rollout/world.js';
import { outcomeOf } from '../../../core/status/outcome.js';
import { outcomeStatus } from '../../../core/status/comment/sentences.js';
import { statusRef } from '../../../engine/status-branch.js';
import type { Ended, FollowWanted } from '../../action/operations.js';
import { pause } from '../daemon.js';
import { interrupted } from '../failures.js';
import { look, type Looking } from '../looking.js';
import { factsFrom } from '../observe.js';
import { surroundingsOf } from './surroundings.js';
import type { Bench } from './bench.js';

const pollMs = 3_000;

/** Reads the status branch again whenever it moves: what is written there is what the controller knows. */
export async function follow(bench: Bench, domain: DomainName, wanted: FollowWanted): Promise<Ended> {
  const { version, place, request, revision } = bench;
  const looking = await look(version, place(domain));
  const giveUpAtMs =
    wanted.timeoutMs === null ? Number.POSITIVE_INFINITY : performance.now() + wanted.timeoutMs;
  try {
    let seen: string | null | undefined;
    let told = '';
    for (;;) {
      const tip = await looking.location.repository.refs.read(statusRef);
      if (tip !== seen) {
        seen = tip;
        const state = await looking.read();
        const ended = await endedOf(bench, looking, state);
        const line =
          ended.outcome === null ? 'nobody has written of it yet' : outcomeStatus(ended.outcome).description;
        if (line !== told) wanted.progress((told = line));
        if (isOver(state, state.domain.revisions.get(revision))) return ended;
      }
      if (request.signal.aborted) throw interrupted(null);
      if (performance.now() > giveUpAtMs)
        return { ...(await endedOf(bench, looking, await looking.read())), ending: 'timeout' };
      await pause(pollMs, request.signal);
    }
  } finally {
    await looking.close();
  }
}

/** There is a verdict, or a person is waited for. */
function isOver({ domain, tables }: State, known: RevisionState | undefined): boolean {
  if (known === undefined) return false;
  if (isFinal(known)) return known.revert?.outcome !== 'open';
  return verdictOf(known, domain, tables.solutions) === 'held';
}

/** As it stands on the status branch. */
export async function endedOf(bench: Bench, { wired }: Pick<Looking, 'wired'>, state: State): Promise<Ended> {
  const { revision } = bench;
  const known = state.domain.revisions.get(revision);
  const around = await surroundingsOf(bench, state, revision);
  const outcome = outcomeOf(
    state,
    factsFrom(state, wired, () => unseen),
    revision,
    around,
  );
  return {
    ending: 'verdict',
    verdict: known === undefined ? 'pending' : verdictOf(known, state.domain, state.tables.solutions),
    outcome,
    planDigest: known?.plan ?? null,
    diagnostics: known?.diagnostics ?? [],
    command: outcome?.holds[0]?.command ?? wayOnOf(outcome),
  };
}

function wayOnOf(outcome: Ended['outcome']): string | null {
  const commands = (outcome?.solutions ?? []).flatMap(({ conditions, inSteps }) => [
    ...conditions.map(({ command }) => command),
    ...inSteps.map(({ step }) => step.command),
  ]);
  return commands.find((command) => command !== null) ?? null;
}
