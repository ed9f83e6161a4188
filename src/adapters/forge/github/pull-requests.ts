import type { Revision } from '../../../core/base/names.js';
import type { PullRequest } from '../../../ports/forge.js';
import { orNull, Refusal } from '../parts/answers.js';
import { allPages, perPage } from './pages.js';
import type { Call } from './call.js';

/** A commit that is part of more pull requests than this is told of the first ones. */
const maximumPages = 5;

export interface ApiPullRequest {
  readonly number: number;
  readonly html_url: string;
  readonly state: string;
  readonly title: string;
  readonly user: { readonly login: string } | null;
  readonly merged_at: string | null;
  readonly merge_commit_sha: string | null;
  readonly head: {
    readonly sha: string;
    readonly ref: string;
    readonly repo: { readonly id: number | bigint } | null;
  };
  readonly base: { readonly ref: string; readonly repo: { readonly id: number | bigint } };
}

export async function readPullRequest(call: Call, pull_number: number): Promise<PullRequest | null> {
  const found = await orNull(
    call.ask((request) =>
      request('GET /repos/{owner}/{repo}/pulls/{pull_number}', { ...call.at, pull_number }),
    ),
  );
  if (found !== null) return pullRequestOf(found.data);
  // A repository that the credentials may not see has no pull requests either: then this says so.
  await call.ask((request) => request('GET /repos/{owner}/{repo}', call.at));
  return null;
}

export async function findPullRequestsOf(call: Call, revision: Revision): Promise<readonly PullRequest[]> {
  const found = await allPages(maximumPages, async (page) => {
    const { data } = await call.ask((request) =>
      request('GET /repos/{owner}/{repo}/commits/{commit_sha}/pulls', {
        ...call.at,
        commit_sha: revision,
        per_page: perPage,
        page,
      }),
    );
    return data;
  }).catch(unlessUnknown);
  const all = found.map(pullRequestOf);
  return all.sort((a, b) => Number(b.state === 'open') - Number(a.state === 'open') || b.number - a.number);
}

/** A commit that was not pushed (422), or a repository without any (409). */
function unlessUnknown(error: unknown): [] {
  if (error instanceof Refusal && (error.status === 422 || error.status === 409)) return [];
  throw error;
}

export function pullRequestOf(found: ApiPullRequest): PullRequest {
  const { merged_at, merge_commit_sha, head, base } = found;
  return {
    number: found.number,
    url: found.html_url,
    state: merged_at !== null ? 'merged' : found.state === 'open' ? 'open' : 'closed',
    title: found.title,
    // An account that was deleted is shown so.
    author: found.user?.login ?? 'ghost',
    head: head.sha as Revision,
    headBranch: head.ref,
    // A fork that was deleted has no repository any more.
    isFork: head.repo?.id !== base.repo.id,
    base: base.ref,
    // Before the merge it is a commit that GitHub only tried out.
    merged: merged_at === null ? null : (merge_commit_sha as Revision | null),
  };
}
