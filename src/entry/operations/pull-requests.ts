import type { Revision } from '../../core/base/names.js';
import { pullRequestInSubject, type PullRequestView } from '../../core/status/pull-request.js';
import type { Forge, PullRequest } from '../../ports/forge.js';
import { Failure } from '../cli/operations.js';
import { forgeOf } from './forge.js';
import type { Location } from './place.js';

/** By which pull request a commit came; `subject` is that of the commit. Null: none is known. */
export type Origins = (revision: Revision, subject: string) => Promise<PullRequestView | null>;

/** One question costs a request each. */
const mostAsked = 100;

/** By the forge where one is configured and answers, else by what forges write into subjects. */
export function originsOf(location: Location): Origins {
  return originsBy(forgeAnyhow(location));
}

export function originsBy(forge: Forge | null): Origins {
  const known = new Map<Revision, Promise<PullRequestView | null>>();
  // One that does not answer is not asked again and again, while somebody waits for the whole.
  let isSilent = forge === null;
  const asked = async (revision: Revision): Promise<PullRequestView | null> => {
    if (isSilent || forge === null || known.size >= mostAsked) return null;
    const answer = await forge.pullRequestsOf(revision);
    if (answer.kind === 'ok') return originIn(answer.value, revision);
    isSilent = true;
    return null;
  };
  return async (revision, subject) => {
    const asking = known.get(revision) ?? asked(revision);
    known.set(revision, asking);
    const found = await asking;
    const number = found === null ? pullRequestInSubject(subject) : null;
    return number === null ? found : { number, url: null };
  };
}

/** An open one proposes the commit; it did not bring it. */
function originIn(all: readonly PullRequest[], revision: Revision): PullRequestView | null {
  const merged = all.filter(({ state }) => state === 'merged');
  const found = merged.find((one) => one.merged === revision) ?? merged[0];
  return found === undefined ? null : { number: found.number, url: found.url };
}

/** What is looked at is shown without its forge where that cannot be asked; `doctor` says what is missing. */
function forgeAnyhow(location: Location): Forge | null {
  try {
    return forgeOf(location)?.forge ?? null;
  } catch (error) {
    if (error instanceof Failure) return null;
    throw error;
  }
}
