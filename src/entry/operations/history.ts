import { pauseOfRollout } from '../../core/rollout/pause.js';
import { concerns, historyRollout, type RolloutHead } from '../../core/status/history.js';
import type { HistoryRollout, HistoryView } from '../../core/status/view.js';
import { aboutPause } from '../../engine/pause-requests.js';
import type { HistoryRequest } from '../cli/operations.js';
import { whileLooking } from './looking.js';
import { pastOf, type Past } from './past.js';

/** Rollouts as the status branch remembers them, and those that the journal knows better. */
export function history(version: string, request: HistoryRequest): Promise<HistoryView> {
  return whileLooking(version, request, async (looking) => {
    const past = await pastOf(looking);
    const shown = past.rollouts.filter((rollout) => concerns(rollout, request.target));
    return {
      rollouts: await Promise.all(shown.slice(0, request.limit).map((rollout) => toldOf(past, rollout))),
    };
  });
}

async function toldOf(past: Past, rollout: RolloutHead): Promise<HistoryRollout> {
  const own = past.of(rollout.solution);
  const older = own.slice(own.indexOf(rollout) + 1);
  const [words, aftermath] = await Promise.all([past.words(rollout.revision), past.aftermath(rollout)]);
  return whilePaused(past, rollout, historyRollout(rollout, older, words, aftermath));
}

/** What is under way and stands still, because a person wants it to, waits for a person. */
function whilePaused({ state }: Past, rollout: RolloutHead, told: HistoryRollout): HistoryRollout {
  const solution = state.tables.solutions.get(rollout.solution);
  if (told.verdict !== 'progressing' || solution?.rollout?.id !== rollout.id) return told;
  const pause = pauseOfRollout(state.domain.pauses ?? [], solution);
  return pause === null
    ? told
    : { ...told, verdict: 'held', reason: aboutPause({ domain: state.domain.name }, pause) };
}
