import { fromUtf8 } from '../../core/base/bytes.js';
import type { Revision, RolloutId, SolutionName } from '../../core/base/names.js';
import type { State } from '../../core/journal/fold.js';
import type { CommitWords, RolloutHead } from '../../core/status/history.js';
import { concerns, historyRollout, newestFirst } from '../../core/status/history.js';
import { readMemory } from '../../core/status/emit.js';
import type { HistoryView } from '../../core/status/view.js';
import { findPath } from '../../engine/at-commit.js';
import type { HistoryRequest } from '../cli/operations.js';
import type { Looking } from './looking.js';
import { whileLooking } from './looking.js';
import { readBranch } from './state.js';

const documentBytes = 64 * 1024 * 1024;

/** Rollouts as the status branch remembers them, and those that the journal knows better. */
export function history(version: string, request: HistoryRequest): Promise<HistoryView> {
  return whileLooking(version, request, async (looking) => {
    const state = await looking.read();
    const rollouts = newestFirst((await allRollouts(looking, state)).values());
    const shown = rollouts.filter((rollout) => concerns(rollout, request.target)).slice(0, request.limit);
    const bySolution = new Map<SolutionName, RolloutHead[]>();
    for (const rollout of rollouts) {
      const list = bySolution.get(rollout.solution);
      if (list === undefined) bySolution.set(rollout.solution, [rollout]);
      else list.push(rollout);
    }
    const views = shown.map(async (rollout) => {
      const own = bySolution.get(rollout.solution) ?? [];
      const older = own.slice(own.indexOf(rollout) + 1);
      return historyRollout(rollout, older, await wordsOf(looking, state, rollout.revision));
    });
    return { rollouts: await Promise.all(views) };
  });
}

async function allRollouts(looking: Looking, state: State): Promise<Map<RolloutId, RolloutHead>> {
  const known = new Map<RolloutId, RolloutHead>();
  for (const rollout of await remembered(looking)) known.set(rollout.id, rollout);
  for (const log of state.logs.values()) known.set(log.id, log);
  return known;
}

async function remembered({ location, wired }: Looking): Promise<RolloutHead[]> {
  const { source } = location.repository;
  const { tip } = await readBranch(location, wired);
  const top = tip === null ? null : await findPath(source, tip, `${location.domain}/rollouts`);
  if (top === null) return [];
  const oids: string[] = [];
  for (const year of (await source.tree(top)) ?? []) {
    for (const month of (await source.tree(year.oid)) ?? []) {
      for (const entry of (await source.tree(month.oid)) ?? []) oids.push(entry.oid);
    }
  }
  return (await source.blobs(oids, documentBytes)).flatMap((bytes) => {
    const text = bytes === null ? null : fromUtf8(bytes);
    const memory = text === null ? null : (readMemory(text) as RolloutHead | null);
    return memory === null ? [] : [memory];
  });
}

/** From the commit; where a shallow clone lacks it, what was noted when it arrived. */
async function wordsOf({ location, wired }: Looking, state: State, revision: Revision): Promise<CommitWords> {
  const { redact } = wired.ports;
  const commit = await location.repository.source.commit(revision);
  if (commit === null) {
    const noted = state.domain.revisions.get(revision);
    return { author: noted?.author ?? '', subject: noted?.subject ?? '', takesBack: null };
  }
  return {
    author: redact(commit.author),
    subject: redact(commit.subject),
    takesBack: /\bThis reverts commit ([0-9a-f]{40})\b/.exec(commit.body)?.[1] ?? null,
  };
}
