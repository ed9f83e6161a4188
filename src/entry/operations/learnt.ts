import { fromUtf8 } from '../../core/base/bytes.js';
import type { SolutionName } from '../../core/base/names.js';
import type { Plan } from '../../core/plan/types.js';
import type { Durations, TimedRollout } from '../../core/rollout/durations.js';
import { durationsFrom } from '../../core/rollout/durations.js';
import { readTimedRollout } from '../../core/status/steps.js';
import { findPath } from '../../engine/at-commit.js';
import type { TreeEntry } from '../../ports/repository.js';
import type { Location } from './place.js';
import type { Read } from './read.js';
import { readBranch } from './state.js';

/** Longer ago says less about today than what was measured last. */
const keptRollouts = 10;
const readDocuments = 32;
const documentBytes = 8 * 1024 * 1024;

type Dated = TimedRollout & { readonly startedWallMs: number };

/** How long steps took in the last rollouts of what is planned: as the journal tells, else the status branch. */
export async function learntDurations(location: Location, read: Read, made: Plan): Promise<Durations> {
  const solutions = new Set(made.solutions.map(({ solution }) => solution));
  const journaled = [...read.state.logs.values()].filter(
    ({ solution, steps }) => solutions.has(solution) && steps.length > 0,
  );
  return durationsFrom(newest(journaled.length > 0 ? journaled : await written(location, read, solutions)));
}

function newest(logs: readonly Dated[]): readonly Dated[] {
  return [...logs].sort((a, b) => b.startedWallMs - a.startedWallMs).slice(0, keptRollouts);
}

/** Documents of the newest months, as far as they are of these solutions; of many those of the latest revisions. */
async function written(
  location: Location,
  { wired, state }: Read,
  solutions: ReadonlySet<SolutionName>,
): Promise<Dated[]> {
  const { source } = location.repository;
  const ranks = new Map([...state.domain.revisions.keys()].map((revision, i) => [revision.slice(0, 12), i]));
  const rank = ({ name }: TreeEntry): number => ranks.get(name.slice(0, 12)) ?? -1;
  const { tip } = await readBranch(location, wired);
  const top = tip === null ? null : await findPath(source, tip, `${location.domain}/rollouts`);
  const oids: string[] = [];
  for (const year of await newestFolders(source, top)) {
    for (const month of await newestFolders(source, year)) {
      const own = ((await source.tree(month)) ?? []).filter(({ name }) => solutions.has(solutionOf(name)));
      own.sort((a, b) => rank(b) - rank(a));
      oids.push(...own.slice(0, readDocuments - oids.length).map(({ oid }) => oid));
      if (oids.length >= keptRollouts) break;
    }
    if (oids.length >= keptRollouts) break;
  }
  return (await source.blobs(oids, documentBytes)).flatMap((bytes) => {
    const text = bytes === null ? null : fromUtf8(bytes);
    return (text === null ? null : readTimedRollout(text)) ?? [];
  });
}

async function newestFolders(
  source: Location['repository']['source'],
  oid: string | null,
): Promise<string[]> {
  const entries = oid === null ? null : await source.tree(oid);
  return [...(entries ?? [])].sort((a, b) => (a.name < b.name ? 1 : -1)).map((entry) => entry.oid);
}

/** `0123456789ab-1-shop.yaml`. */
function solutionOf(file: string): SolutionName {
  return file.replace(/^[^-]*-[0-9]+-/, '').replace(/\.yaml$/, '') as SolutionName;
}
