import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { added, emptyCounts, totalCommits, totalKills, type Counts } from './counts.js';

/** What all runs together have done; kept in a file, so that a run can be interrupted and taken up again. */
export interface Tally {
  readonly counts: Counts;
  /** What must not have happened, of all runs. */
  readonly problems: readonly string[];
  readonly runs: readonly Run[];
}

export interface Run {
  readonly at: string;
  /** The commit of Heliostat that was killed. */
  readonly revision: string;
  readonly seed: number;
  readonly kills: number;
}

const nothing: Tally = { counts: emptyCounts(), problems: [], runs: [] };

/** @throws if there is such a file, and it is no tally. */
export function readTally(file: string): Tally {
  if (!existsSync(file)) return nothing;
  const known = JSON.parse(readFileSync(file, 'utf8')) as Partial<Tally>;
  if (known.counts === undefined || known.runs === undefined) throw new Error(`${file} is no tally`);
  return { counts: added(emptyCounts(), known.counts), problems: known.problems ?? [], runs: known.runs };
}

export function writeTally(file: string, tally: Tally): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.new`, `${JSON.stringify(tally, null, 2)}\n`);
  renameSync(`${file}.new`, file);
}

export function withRun(
  tally: Tally,
  run: Omit<Run, 'kills'>,
  counts: Counts,
  problems: readonly string[],
): Tally {
  return {
    counts: added(tally.counts, counts),
    problems: [...tally.problems, ...problems],
    runs: [...tally.runs, { ...run, kills: totalKills(counts) }],
  };
}

/** For people. */
export function tableOf({ counts, problems, runs }: Tally): string {
  const { kills, commits } = counts;
  const rows: readonly (readonly [string, number, string])[] = [
    ['daemon killed', totalKills(counts), words(kills)],
    ['commits', totalCommits(counts), words(commits)],
    ['instances killed by hand', counts.instancesKilled, ''],
    ['files changed by hand', counts.filesEdited, ''],
    ['readers killed', counts.readersKilled, ''],
    ['gateways killed', counts.gatewaysKilled, ''],
    ['requests answered', counts.requests, ''],
    ['… failed, the gateway killed', counts.requestsWithoutGateway, ''],
    ['looks at all processes', counts.censuses, ''],
    ['whole checks', counts.checks, ''],
    ['seconds', Math.round(counts.milliseconds / 1000), `${runs.length} runs`],
    ['violations', problems.length, ''],
  ];
  return rows
    .map(([what, count, more]) => `${what.padEnd(29)}${String(count).padStart(9)}   ${more}`.trimEnd())
    .join('\n');
}

function words(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .map(([name, count]) => `${name} ${count}`)
    .join(', ');
}
