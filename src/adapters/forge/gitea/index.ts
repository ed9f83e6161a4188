import { safe } from '../../../core/base/safe-text.js';
import type { Answer, Forge } from '../../../ports/forge.js';
import { answered, Refusal } from '../parts/answers.js';
import { Patience, paceOf } from '../parts/patience.js';
import { Turns } from '../parts/turns.js';
import { findAbilities } from './abilities.js';
import type { Call } from './call.js';
import { askOf, type Ask } from './client.js';
import { readComment, writeOurComment } from './comments.js';
import type { GiteaOptions } from './options.js';
import { writeProposal } from './proposals.js';
import { findPullRequestsOf, readPullRequest } from './pull-requests.js';
import { writeOurStatus } from './statuses.js';

export type { GiteaOptions } from './options.js';

/** Gitea, and Forgejo, which keeps to the same API (version 1). */
export function giteaForge(options: GiteaOptions): Forge {
  const { owner, name } = options.repository;
  const webUrl = `${options.webUrl.replace(/\/+$/, '')}/${owner}/${name}`;
  const run = runnerOf(options);
  const turns = new Turns();
  /** Writers of one thing would see each other's halves. */
  const inTurn = <T>(key: string, work: (call: Call) => Promise<T>) => turns.take(key, () => run(work));

  return {
    // As many as GitHub takes: Gitea has no bound of its own, and more is not read by anybody.
    traits: { kind: 'gitea', hasDeployments: false, commentCharacters: 65_536 },
    webUrl,
    commitUrl: (revision) => `${webUrl}/commit/${revision}`,
    compareUrl: (base, head) => `${webUrl}/compare/${encoded(base)}...${encoded(head)}`,
    abilities: () => run(findAbilities),
    pullRequest: (number) => run((call) => readPullRequest(call, number)),
    pullRequestsOf: (revision) => run((call) => findPullRequestsOf(call, revision)),
    comment: (number, marker) => run((call) => readComment(call, number, marker)),
    writeComment: (number, marker, body) =>
      inTurn(`comment ${number}`, (call) => writeOurComment(call, number, { marker, body })),
    writeStatus: (revision, status) =>
      inTurn(`status ${revision} ${status.context}`, (call) => writeOurStatus(call, revision, status)),
    writeDeployment: () => Promise.resolve(noDeployments),
    propose: (proposal) => inTurn(`proposal ${proposal.head}`, (call) => writeProposal(call, proposal)),
  };
}

const noDeployments: Answer<null> = {
  kind: 'refused',
  code: 'forge.noDeployments',
  message: safe('Gitea has no deployments'),
  fix: safe('Nothing needs to be done: comment and statuses tell the same'),
};

type Run = <T>(work: (call: Call) => Promise<T>) => Promise<Answer<T>>;

function runnerOf(options: GiteaOptions): Run {
  const pace = paceOf(options.waiting);
  const { owner, name } = options.repository;
  let known: string | null = null;
  return (work) =>
    answered(async () => {
      const patience = new Patience(pace);
      const { apiUrl, token, redact } = options;
      const ask = askOf({ apiUrl, token, redact, pace }, patience);
      try {
        return await work({
          ask,
          patience,
          trusted: options.trusted ?? [],
          repository: `/repos/${encodeURIComponent(owner)}/${encodeURIComponent(name)}`,
          author: async () => (known ??= await findAuthor(ask)),
          learn: (author) => (known = author),
        });
      } finally {
        patience.end();
      }
    });
}

async function findAuthor(ask: Ask): Promise<string | null> {
  try {
    return ((await ask('GET', '/user')) as { login: string }).login;
  } catch (error) {
    // A token without the scope for it, or that of a workflow.
    if (error instanceof Refusal && (error.status === 403 || error.status === 404)) return null;
    throw error;
  }
}

function encoded(branch: string): string {
  return branch.split('/').map(encodeURIComponent).join('/');
}
