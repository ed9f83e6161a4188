import type { Revision } from '../../../src/core/base/names.js';
import { safe } from '../../../src/core/base/safe-text.js';
import type {
  Answer,
  Comment,
  CommitStatus,
  Deployment,
  Forge,
  Proposal,
  PullRequest,
} from '../../../src/ports/forge.js';

type Verb = Exclude<keyof Forge, 'traits' | 'webUrl' | 'commitUrl' | 'compareUrl'>;

/** A host of pull requests in memory; `fate` says what becomes of a call. */
export class FakeForge {
  readonly pullRequests: PullRequest[] = [];
  readonly comments = new Map<number, string>();
  /** By revision and context, the newest last. */
  readonly statuses = new Map<string, CommitStatus[]>();
  readonly deployments: Deployment[] = [];
  readonly proposals: Proposal[] = [];
  readonly calls: string[] = [];
  /** `lost`: it is done, and nobody hears of it. */
  fate: (verb: Verb) => 'done' | 'refused' | 'unavailable' | 'lost' = () => 'done';
  hasDeployments = true;

  open(number: number, head: Revision, base = 'main', more: Partial<PullRequest> = {}): PullRequest {
    const opened: PullRequest = {
      number,
      url: `https://forge.test/acme/shop/pull/${number}`,
      state: 'open',
      title: `Pull request ${number}`,
      author: 'ada',
      head,
      headBranch: `change-${number}`,
      isFork: false,
      base,
      merged: null,
      ...more,
    };
    this.pullRequests.push(opened);
    return opened;
  }

  merge(number: number, merged: Revision): void {
    const at = this.pullRequests.findIndex((each) => each.number === number);
    this.pullRequests[at] = { ...(this.pullRequests[at] as PullRequest), state: 'merged', merged };
  }

  statusOf(revision: Revision, context: string): CommitStatus | null {
    return this.statuses.get(`${revision} ${context}`)?.at(-1) ?? null;
  }

  readonly port: Forge = {
    traits: { kind: 'fake', hasDeployments: true, commentCharacters: 60_000 },
    webUrl: 'https://forge.test/acme/shop',
    commitUrl: (revision) => `https://forge.test/acme/shop/commit/${revision}`,
    compareUrl: (base, head) => `https://forge.test/acme/shop/compare/${base}...${head}`,
    abilities: () =>
      this.answer('abilities', () => ({
        author: 'heliostat',
        comments: 'yes',
        statuses: 'yes',
        deployments: 'yes',
        pushes: 'yes',
        proposals: 'yes',
        startsChecks: 'yes',
        remarks: [],
      })),
    pullRequest: (number) =>
      this.answer('pullRequest', () => this.pullRequests.find((each) => each.number === number) ?? null),
    pullRequestsOf: (revision) =>
      this.answer('pullRequestsOf', () =>
        this.pullRequests.filter(({ head, merged }) => head === revision || merged === revision),
      ),
    comment: (number) => this.answer('comment', () => this.commentOf(number)),
    writeComment: (number, _marker, body) =>
      this.answer('writeComment', () => {
        this.comments.set(number, body);
        return this.commentOf(number) as Comment;
      }),
    writeStatus: (revision, status) =>
      this.answer('writeStatus', () => {
        const key = `${revision} ${status.context}`;
        this.statuses.set(key, [...(this.statuses.get(key) ?? []), status]);
        return null;
      }),
    writeDeployment: (deployment) =>
      this.answer('writeDeployment', () => {
        this.deployments.push(deployment);
        return null;
      }),
    propose: (proposal) => this.answer('propose', () => this.propose(proposal)),
  };

  private commentOf(number: number): Comment | null {
    const body = this.comments.get(number);
    return body === undefined ? null : { url: `https://forge.test/acme/shop/pull/${number}#comment`, body };
  }

  private propose(proposal: Proposal): PullRequest {
    this.proposals.push(proposal);
    const standing = this.pullRequests.find(
      ({ headBranch, state }) => headBranch === proposal.head && state === 'open',
    );
    const number = this.pullRequests.length + 100;
    return (
      standing ??
      this.open(number, '0'.repeat(40) as Revision, proposal.base, {
        headBranch: proposal.head,
        title: proposal.title,
        author: 'heliostat',
      })
    );
  }

  private answer<T>(verb: Verb, work: () => T): Promise<Answer<T>> {
    this.calls.push(verb);
    switch (this.fate(verb)) {
      case 'refused':
        return Promise.resolve({
          kind: 'refused',
          code: 'forge.refused',
          message: safe(`${verb} is not allowed`),
          fix: safe('allow it'),
        });
      case 'unavailable':
        return Promise.resolve({ kind: 'unavailable', message: safe('502 Bad Gateway'), afterMs: null });
      case 'lost':
        work();
        return Promise.resolve({ kind: 'unavailable', message: safe('no answer'), afterMs: null });
      case 'done':
        return Promise.resolve({ kind: 'ok', value: work() });
    }
  }
}
