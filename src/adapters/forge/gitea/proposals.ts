import { safe } from '../../../core/base/safe-text.js';
import type { Proposal, PullRequest } from '../../../ports/forge.js';
import { orNull, Refusal } from '../parts/answers.js';
import { makeOnce } from '../parts/once.js';
import { allPages, listOf, type Call } from './call.js';
import { openPullRequests, pullRequestOf, type ApiPullRequest } from './pull-requests.js';

export async function writeProposal(call: Call, proposal: Proposal): Promise<PullRequest> {
  const known = await find(call, proposal);
  const current =
    known ??
    (await makeOnce(
      () => open(call, proposal),
      () => find(call, proposal),
      call.patience,
    ));
  const written = await rewrite(call, current, proposal);
  await label(call, written, proposal.labels);
  return pullRequestOf(written);
}

async function find(call: Call, { head, base }: Proposal): Promise<ApiPullRequest | null> {
  const open = await openPullRequests(call);
  return (
    open.find(
      (one) => one.head.ref === head && one.base.ref === base && one.head.repo_id === one.base.repo_id,
    ) ?? null
  );
}

async function open(call: Call, proposal: Proposal): Promise<ApiPullRequest> {
  await needCommits(call, proposal);
  const { head, base, title, body } = proposal;
  try {
    return (await call.ask('POST', `${call.repository}/pulls`, {
      body: { head, base, title, body },
    })) as ApiPullRequest;
  } catch (error) {
    // Somebody was faster.
    const found = error instanceof Refusal && error.status === 409 ? await find(call, proposal) : null;
    if (found === null) throw error;
    return found;
  }
}

/** Gitea opens pull requests without a commit, too. Where it is too old to compare, it is asked to. */
async function needCommits(call: Call, { head, base }: Proposal): Promise<void> {
  const ends = `${encodeURIComponent(base)}...${encodeURIComponent(head)}`;
  const compared = await orNull(call.ask('GET', `${call.repository}/compare/${ends}`));
  if ((compared as { total_commits?: number } | null)?.total_commits !== 0) return;
  throw new Refusal(
    'forge.nothingToPropose',
    safe(`${head} has no commit that ${base} does not have`),
    safe('Push the commits first; if they are merged already, nothing is left to do'),
    422,
  );
}

async function rewrite(
  call: Call,
  current: ApiPullRequest,
  { title, body }: Proposal,
): Promise<ApiPullRequest> {
  if (current.title === title && current.body.replaceAll('\r\n', '\n') === body) return current;
  return (await call.ask('PATCH', `${call.repository}/pulls/${current.number}`, {
    body: { title, body },
  })) as ApiPullRequest;
}

interface ApiLabel {
  readonly id: number;
  readonly name: string;
}

const maximumPages = 20;
const color = '#ededed';

/** Labels go by number here, and one that does not exist is made first. */
async function label(
  call: Call,
  { number, labels: has }: ApiPullRequest,
  wanted: readonly string[],
): Promise<void> {
  const missing = wanted.filter((name) => !(has ?? []).some((one) => one.name === name));
  if (missing.length === 0) return;
  const all = async (): Promise<readonly ApiLabel[]> =>
    allPages(maximumPages, async (query) =>
      listOf<ApiLabel>(await call.ask('GET', `${call.repository}/labels`, { query })),
    );
  const known = await all();
  const ids: number[] = [];
  for (const name of missing) {
    const existing = known.find((one) => one.name === name);
    const made =
      existing ??
      (await makeOnce(
        async () =>
          (await call.ask('POST', `${call.repository}/labels`, { body: { name, color } })) as ApiLabel,
        async () => (await all()).find((one) => one.name === name) ?? null,
        call.patience,
      ));
    ids.push(made.id);
  }
  // To add a label twice is to add it once.
  const add = () => call.ask('POST', `${call.repository}/issues/${number}/labels`, { body: { labels: ids } });
  await makeOnce(add, () => Promise.resolve(null), call.patience);
}
