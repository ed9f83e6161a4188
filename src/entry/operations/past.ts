import { fromUtf8 } from '../../core/base/bytes.js';
import type { Revision, RolloutId, SolutionName } from '../../core/base/names.js';
import type { State } from '../../core/journal/fold.js';
import type { RevisionState } from '../../core/rollout/domain.js';
import { readMemory } from '../../core/status/emit.js';
import type { Aftermath, CommitWords, RolloutHead } from '../../core/status/history.js';
import { newestFirst } from '../../core/status/history.js';
import { findPath, readFile } from '../../engine/at-commit.js';
import { revertedBy } from '../../engine/revert-message.js';
import type { Looking } from './looking.js';
import { originsOf, type Origins } from './pull-requests.js';
import { readBranch } from './state.js';

const documentBytes = 64 * 1024 * 1024;

/** What a commit says, and when it was made; null where it is not at hand. */
export interface Words extends CommitWords {
  readonly committedMs: number | null;
}

/** What is remembered of single revisions. */
export interface Memory {
  readonly state: State;
  /** Of the status branch. */
  readonly tip: string | null;
  words(revision: Revision): Promise<Words>;
  aftermath(rollout: RolloutHead): Promise<Aftermath>;
}

/** What the status branch remembers, and what the journal knows better. */
export interface Past extends Memory {
  /** Newest first. */
  readonly rollouts: readonly RolloutHead[];
  /** Of one solution, newest first. */
  of(solution: SolutionName): readonly RolloutHead[];
}

export async function memoryOf(looking: Looking): Promise<Memory> {
  const state = await looking.read();
  const { tip } = await readBranch(looking.location, looking.wired);
  const known = knownRevisions(looking, state, tip);
  return {
    state,
    tip,
    words: (revision) => wordsOf(looking, revision, known),
    aftermath: async (rollout) => aftermathOf(state, rollout, await known(rollout.revision)),
  };
}

export async function pastOf(looking: Looking): Promise<Past> {
  const memory = await memoryOf(looking);
  const rollouts = newestFirst((await allRollouts(looking, memory)).values());
  const bySolution = groupedBySolution(rollouts);
  const origins = originsOf(looking.location);
  return {
    ...memory,
    rollouts,
    of: (solution) => bySolution.get(solution) ?? [],
    words: (revision) => withOrigin(revision, memory, origins),
  };
}

async function withOrigin(revision: Revision, { words }: Memory, origins: Origins): Promise<Words> {
  const said = await words(revision);
  return { ...said, pullRequest: await origins(revision, said.subject) };
}

function groupedBySolution(rollouts: readonly RolloutHead[]): Map<SolutionName, RolloutHead[]> {
  const bySolution = new Map<SolutionName, RolloutHead[]>();
  for (const rollout of rollouts) {
    const list = bySolution.get(rollout.solution);
    if (list === undefined) bySolution.set(rollout.solution, [rollout]);
    else list.push(rollout);
  }
  return bySolution;
}

async function allRollouts(looking: Looking, { state, tip }: Memory): Promise<Map<RolloutId, RolloutHead>> {
  const known = new Map<RolloutId, RolloutHead>();
  for (const rollout of await remembered(looking, tip)) known.set(rollout.id, rollout);
  for (const log of state.logs.values()) known.set(log.id, log);
  return known;
}

async function remembered({ location }: Looking, tip: string | null): Promise<RolloutHead[]> {
  const { source } = location.repository;
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

type Known = (revision: Revision) => Promise<RevisionState | null>;

/** The journal keeps the latest revisions, the status branch all. */
function knownRevisions({ location }: Looking, state: State, tip: string | null): Known {
  const read = async (revision: Revision): Promise<RevisionState | null> => {
    const path = `${location.domain}/revisions/${revision.slice(0, 2)}/${revision}.yaml`;
    const text = tip === null ? null : await readFile(location.repository.source, tip, path);
    return text === null ? null : (readMemory(text) as RevisionState | null);
  };
  return async (revision) => state.domain.revisions.get(revision) ?? read(revision);
}

/** From the commit; where a shallow clone lacks it, what was noted when it arrived. */
async function wordsOf({ location, wired }: Looking, revision: Revision, known: Known): Promise<Words> {
  const { redact } = wired.ports;
  const commit = await location.repository.source.commit(revision);
  if (commit === null) {
    const noted = await known(revision);
    const { author = '', subject = '', committedMs = null } = noted ?? {};
    return { author, subject, takesBack: null, committedMs };
  }
  const named = revertedBy(commit);
  const made = named === null ? null : ((await known(named))?.revert?.commit ?? null);
  return {
    author: redact(commit.author),
    subject: redact(commit.subject),
    takesBack: named ?? /\bThis reverts commit ([0-9a-f]{40})\b/.exec(commit.body)?.[1] ?? null,
    // A person may have written, or picked, the same words: ours is the one that we remember, merged or not.
    automatic: made !== null && [commit.oid, ...commit.parents].includes(made),
    committedMs: commit.committedMs,
  };
}

function aftermathOf(
  state: State,
  { revision, arrival, solution }: RolloutHead,
  known: RevisionState | null,
): Aftermath {
  const ours = known?.arrival === arrival ? known.revert : undefined;
  const quarantine = state.tables.solutions.get(solution)?.quarantine ?? null;
  const isOurs = quarantine?.revision === revision && quarantine.arrival === arrival;
  return {
    revert: ours?.solutions.includes(solution) === true ? ours : null,
    kept: isOurs ? quarantine.clusters : [],
  };
}
