import { safe } from '../../../core/base/safe-text.js';
import type { Proposal, PullRequest } from '../../../ports/forge.js';
import { Refusal } from '../parts/answers.js';
import { makeOnce } from '../parts/once.js';
import { pullRequestOf, type ApiPullRequest } from './pull-requests.js';
import type { Call } from './call.js';

interface ApiProposal extends ApiPullRequest {
  readonly body: string | null;
  readonly labels: readonly { readonly name?: string }[];
}

/** GitHub keeps at most one open pull request of the same head and base, so it is found by them. */
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

async function find(call: Call, { head, base }: Proposal): Promise<ApiProposal | null> {
  const { data } = await call.ask((request) =>
    request('GET /repos/{owner}/{repo}/pulls', {
      ...call.at,
      state: 'open',
      head: `${call.at.owner}:${head}`,
      base,
    }),
  );
  // GitHub leaves out the condition where the head is none that it knows.
  return data.find((one) => one.head.ref === head && one.base.ref === base) ?? null;
}

async function open(call: Call, proposal: Proposal): Promise<ApiProposal> {
  const { head, base, title, body } = proposal;
  try {
    const { data } = await call.ask((request) =>
      request('POST /repos/{owner}/{repo}/pulls', { ...call.at, head, base, title, body }),
    );
    return data;
  } catch (error) {
    if (!(error instanceof Refusal) || error.status !== 422) throw error;
    // Somebody was faster.
    const found = /already exists/i.test(error.text) ? await find(call, proposal) : null;
    if (found !== null) return found;
    throw /no commits between/i.test(error.text) ? nothingToPropose(proposal) : error;
  }
}

function nothingToPropose({ head, base }: Proposal): Refusal {
  return new Refusal(
    'forge.nothingToPropose',
    safe(`${head} has no commit that ${base} does not have`),
    safe('Push the commits first; if they are merged already, nothing is left to do'),
    422,
  );
}

async function rewrite(call: Call, current: ApiProposal, { title, body }: Proposal): Promise<ApiProposal> {
  const isSame = current.title === title && (current.body ?? '').replaceAll('\r\n', '\n') === body;
  if (isSame) return current;
  const { data } = await call.ask((request) =>
    request('PATCH /repos/{owner}/{repo}/pulls/{pull_number}', {
      ...call.at,
      pull_number: current.number,
      title,
      body,
    }),
  );
  return data;
}

/** A label that does not exist yet comes to be by being used. */
async function label(call: Call, { number, labels }: ApiProposal, wanted: readonly string[]): Promise<void> {
  const has = new Set(labels.map(({ name }) => name?.toLowerCase()));
  const missing = wanted.filter((name) => !has.has(name.toLowerCase()));
  if (missing.length === 0) return;
  const add = () =>
    call.ask((request) =>
      request('POST /repos/{owner}/{repo}/issues/{issue_number}/labels', {
        ...call.at,
        issue_number: number,
        labels: [...missing],
      }),
    );
  try {
    // To add a label twice is to add it once.
    await makeOnce(add, () => Promise.resolve(null), call.patience);
  } catch (error) {
    // The pull request matters; labels only sort it.
    if (!(error instanceof Refusal)) throw error;
    call.warn(safe(`Pull request ${number} gets no labels: ${error.text}`));
  }
}
