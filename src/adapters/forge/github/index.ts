import type { Answer, Forge } from '../../../ports/forge.js';
import { answered } from '../parts/answers.js';
import { Turns } from '../parts/turns.js';
import type { GithubOptions } from './options.js';
import type { Call } from './call.js';
import type { Session } from './session.js';
import type * as everything from './work.js';

export type { GithubAuth, GithubOptions } from './options.js';

export interface GithubForge extends Forge {
  /**
   * The token that is valid now, for pushes as the user `x-access-token`.
   * @throws where there is none; what it throws holds no secret.
   */
  token(): Promise<string>;
}

/** Everything but the words is loaded with the first call: octokit is large. */
type Work = typeof everything;

export function githubForge(options: GithubOptions): GithubForge {
  const { owner, name } = options.repository;
  const webUrl = `${options.webUrl.replace(/\/+$/, '')}/${owner}/${name}`;
  const turns = new Turns();
  let opened: Promise<{ work: Work; session: Session }> | null = null;
  const open = () =>
    (opened ??= import('./work.js').then((work) => ({ work, session: work.openSession(options) })));

  function run<T>(act: (work: Work, call: Call) => Promise<T>): Promise<Answer<T>> {
    return answered(async () => {
      const { work, session } = await open();
      return await session.run((call) => act(work, call));
    });
  }
  /** Writers of one thing would see each other's halves. */
  const inTurn = <T>(key: string, act: (work: Work, call: Call) => Promise<T>) =>
    turns.take(key, () => run(act));

  return {
    traits: { kind: 'github', hasDeployments: true, commentCharacters: 65_536 },
    webUrl,
    commitUrl: (revision) => `${webUrl}/commit/${revision}`,
    compareUrl: (base, head) => `${webUrl}/compare/${encoded(base)}...${encoded(head)}?expand=1`,
    token: async () => (await open()).session.credentials.token(),
    abilities: () => run((work, call) => work.findAbilities(call)),
    pullRequest: (number) => run((work, call) => work.readPullRequest(call, number)),
    pullRequestsOf: (revision) => run((work, call) => work.findPullRequestsOf(call, revision)),
    comment: (number, marker) => run((work, call) => work.readComment(call, number, marker)),
    writeComment: (number, marker, body) =>
      inTurn(`comment ${number}`, (work, call) => work.writeOurComment(call, number, { marker, body })),
    writeStatus: (revision, status) =>
      inTurn(`status ${revision} ${status.context}`, (work, call) =>
        work.writeOurStatus(call, revision, status),
      ),
    writeDeployment: (deployment) =>
      inTurn(`deployment ${deployment.environment}/${deployment.solution}`, (work, call) =>
        work.writeOurDeployment(call, deployment),
      ),
    propose: (proposal) =>
      inTurn(`proposal ${proposal.head}`, (work, call) => work.writeProposal(call, proposal)),
  };
}

/** Slashes of a branch stay as they are. */
function encoded(branch: string): string {
  return branch.split('/').map(encodeURIComponent).join('/');
}
