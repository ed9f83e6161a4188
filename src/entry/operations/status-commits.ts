import type { Outline } from '../../adapters/git/index.js';
import type { Revision } from '../../core/base/names.js';
import type { Looking } from './looking.js';

/** Nearly always the answer is among the first; who looks further back looks very far. */
const firstPage = 256;
const growth = 128;

/** The commits of the status branch about this domain, newest first; of each only what it says. */
export async function* backFrom({ location }: Looking, tip: Revision): AsyncGenerator<Outline> {
  const { history } = location.repository;
  let next: Revision | undefined = tip;
  for (let size = firstPage; next !== undefined; size *= growth) {
    const commits: readonly Outline[] = await history.outline(next, size);
    for (const commit of commits) if (commit.subject.startsWith(`${location.domain}:`)) yield commit;
    next = commits.length < size ? undefined : commits.at(-1)?.parents[0];
  }
}

/** All of them. */
export async function allBackFrom(looking: Looking, tip: Revision): Promise<Outline[]> {
  const commits: Outline[] = [];
  for await (const commit of backFrom(looking, tip)) commits.push(commit);
  return commits;
}
