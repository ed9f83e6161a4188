import type { Revision } from '../../../core/base/names.js';
import type { PullRequest } from '../../../ports/forge.js';
import { orNull } from '../parts/answers.js';
import { allPages, listOf, type Call } from './call.js';

export interface ApiPullRequest {
  readonly number: number;
  readonly html_url: string;
  readonly state: string;
  readonly title: string;
  readonly body: string;
  readonly user: { readonly login: string } | null;
  readonly merged: boolean;
  readonly merge_commit_sha: string | null;
  readonly labels: readonly { readonly name: string }[] | null;
  readonly head: { readonly ref: string; readonly sha: string; readonly repo_id: number };
  readonly base: { readonly ref: string; readonly repo_id: number };
}

const maximumPages = 20;

export async function readPullRequest(call: Call, number: number): Promise<PullRequest | null> {
  const found = await orNull(call.ask('GET', `${call.repository}/pulls/${number}`));
  if (found !== null) return pullRequestOf(found as ApiPullRequest);
  // A repository that the token may not see has no pull requests either: then this says so.
  await call.ask('GET', call.repository);
  return null;
}

/** Gitea tells of a commit only the pull request that became it; the open ones are looked through. */
export async function findPullRequestsOf(call: Call, revision: Revision): Promise<readonly PullRequest[]> {
  const open = (await openPullRequests(call)).filter(({ head }) => head.sha === revision);
  const merged = await orNull(call.ask('GET', `${call.repository}/commits/${revision}/pull`));
  const all = [...open, ...(merged === null ? [] : [merged as ApiPullRequest])];
  return all.map(pullRequestOf);
}

export function openPullRequests(call: Call): Promise<readonly ApiPullRequest[]> {
  return allPages(maximumPages, async (query) =>
    listOf<ApiPullRequest>(
      await call.ask('GET', `${call.repository}/pulls`, { query: { ...query, state: 'open' } }),
    ),
  );
}

export function pullRequestOf(found: ApiPullRequest): PullRequest {
  const { head, base } = found;
  return {
    number: found.number,
    url: found.html_url,
    state: found.merged ? 'merged' : found.state === 'open' ? 'open' : 'closed',
    title: found.title,
    author: found.user?.login ?? 'ghost',
    head: head.sha as Revision,
    headBranch: head.ref,
    isFork: head.repo_id !== base.repo_id,
    base: base.ref,
    merged: found.merged ? (found.merge_commit_sha as Revision | null) : null,
  };
}
