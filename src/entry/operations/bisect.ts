import type { Outline } from '../../adapters/git/index.js';
import type { Revision, SolutionName } from '../../core/base/names.js';
import { firstBad, firstGood } from '../../core/status/bisect.js';
import type { BisectRequest, BisectView } from '../cli/operations.js';
import { Failure } from '../cli/operations.js';
import { evidenceOf } from './bisect-evidence.js';
import type { Looking } from './looking.js';
import { whileLooking } from './looking.js';
import { SolutionThen, type Span } from './solution-then.js';
import { readBranch } from './state.js';
import { allBackFrom } from './status-commits.js';

/** The first commit after which a solution was unhealthy: now, or when it last was. */
export function bisect(version: string, request: BisectRequest): Promise<BisectView> {
  return whileLooking(version, request, (looking) =>
    bisectIn(looking, (request.target.split('/')[1] ?? '') as SolutionName),
  );
}

export async function bisectIn(looking: Looking, solution: SolutionName): Promise<BisectView> {
  const { location, wired } = looking;
  const { tip } = await readBranch(location, wired);
  if (tip === null)
    throw new Failure(
      'status.notKnown',
      `nothing was written about ${location.domain} yet`,
      'See what is remembered: heliostat history',
    );
  // Oldest first.
  const commits = (await allBackFrom(looking, tip as Revision)).reverse();
  const then = new SolutionThen(looking, solution, commits);
  const span = await spanOf(looking, then, commits);
  return {
    domain: location.domain,
    solution,
    unhealthy: span === null ? 'never' : span.until === null ? 'now' : 'before',
    commits: commits.length,
    read: then.read,
    first: span === null ? null : await evidenceOf(looking, then, span),
  };
}

async function spanOf(
  looking: Looking,
  then: SolutionThen,
  commits: readonly Outline[],
): Promise<Span | null> {
  const last = commits.length - 1;
  if (last < 0) return null;
  const isBad = (position: number): Promise<boolean> => then.wasBad(position);
  const bad = (await isBad(last)) ? last : await lastBad(looking, then, commits);
  if (bad === null) return null;
  const good = await goodBefore(then, bad);
  const first = await firstBad(good, bad, isBad);
  return {
    lastGood: first - 1,
    first,
    until: bad === last ? null : await firstGood(bad, last, isBad),
  };
}

/** A commit that gave it the verdict `applied`, else what is before everything. */
async function goodBefore(then: SolutionThen, bad: number): Promise<number> {
  for (let at = bad - 1; at >= 0; at--)
    if (then.verdictAt(at) === 'applied' && !(await then.wasBad(at))) return at;
  return -1;
}

/**
 * Verdicts stand in the messages of the commits. That something fell ill later does not: after the last bad verdict every
 * change of the solution's document is looked at, newest first.
 */
async function lastBad(
  looking: Looking,
  then: SolutionThen,
  commits: readonly Outline[],
): Promise<number | null> {
  let known: number | null = null;
  for (let at = commits.length - 1; at >= 0 && known === null; at--) {
    const verdict = then.verdictAt(at);
    if ((verdict === 'failed' || verdict === 'reverted') && (await then.wasBad(at))) known = at;
  }
  return (await fellIll(looking, then, commits, known ?? -1)) ?? known;
}

const looksAtATime = 64;

async function fellIll(
  { location }: Looking,
  then: SolutionThen,
  commits: readonly Outline[],
  after: number,
): Promise<number | null> {
  const tip = commits.at(-1);
  if (tip === undefined) return null;
  const number = commits.length - 1 - after;
  const changing = await location.repository.history.changing(tip.oid, then.path, number);
  const changed = new Set<string>(changing);
  const positions: number[] = [];
  for (let at = commits.length - 1; at > after; at--)
    if (changed.has(commits[at]?.oid ?? '')) positions.push(at);
  for (let from = 0; from < positions.length; from += looksAtATime) {
    const some = positions.slice(from, from + looksAtATime);
    const judged = await Promise.all(some.map((at) => then.judgedAt(at)));
    const found = judged.indexOf('bad');
    if (found >= 0) return some[found] ?? null;
  }
  return null;
}
