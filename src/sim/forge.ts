import type { Revision } from '../core/base/names.js';
import type { ForgePolicy } from '../engine/ports.js';
import type { CommitStatus, Deployment, Proposal, PullRequest } from '../ports/forge.js';

/** As whom controllers write. */
export const ourName = 'heliostat';
export const forgeUrl = 'https://forge.test/acme/shop';

export interface SimComment {
  readonly pullRequest: number;
  readonly author: string;
  body: string;
}

/** A pull request, and from when on the forge knows that it was merged. */
interface Pull {
  about: PullRequest;
  knownAt: number;
}

/** What a forge holds, whoever wrote it. */
export class SimForge {
  readonly comments: SimComment[] = [];
  /** By revision and context. */
  readonly statuses = new Map<string, CommitStatus>();
  /** By revision, environment and solution. */
  readonly deployments = new Map<string, Deployment>();
  private readonly pulls = new Map<number, Pull>();

  /** `refuses`: verbs that the credentials do not allow, for good. */
  constructor(
    readonly policy: ForgePolicy,
    readonly hasDeployments: boolean,
    readonly refuses: ReadonlySet<string>,
  ) {}

  open(about: Pick<PullRequest, 'title' | 'author' | 'head' | 'headBranch'>): PullRequest {
    const number = this.pulls.size + 1;
    const url = `${forgeUrl}/pull/${number}`;
    const opened = {
      ...about,
      number,
      url,
      state: 'open',
      isFork: false,
      base: 'main',
      merged: null,
    } as const;
    this.pulls.set(number, { about: opened, knownAt: 0 });
    return opened;
  }

  merge(number: number, merged: Revision, knownAt: number): void {
    const pull = this.pulls.get(number);
    if (pull === undefined) return;
    pull.about = { ...pull.about, state: 'merged', merged };
    pull.knownAt = knownAt;
  }

  close(number: number): void {
    const pull = this.pulls.get(number);
    if (pull !== undefined) pull.about = { ...pull.about, state: 'closed' };
  }

  pullRequest(number: number): PullRequest | null {
    return this.pulls.get(number)?.about ?? null;
  }

  all(): PullRequest[] {
    return [...this.pulls.values()].map(({ about }) => about);
  }

  /** As far as the forge knows them by now. */
  pullRequestsOf(revision: Revision, now: number): PullRequest[] {
    return [...this.pulls.values()]
      .filter(
        ({ about, knownAt }) => about.head === revision || (about.merged === revision && knownAt <= now),
      )
      .map(({ about }) => about);
  }

  /** The one of that author, by its first line. */
  comment(pullRequest: number, marker: string): SimComment | null {
    return (
      this.comments.find(
        (one) =>
          one.pullRequest === pullRequest && one.author === ourName && one.body.split('\n')[0] === marker,
      ) ?? null
    );
  }

  writeComment(pullRequest: number, marker: string, body: string): SimComment {
    const standing = this.comment(pullRequest, marker);
    if (standing !== null) {
      standing.body = body;
      return standing;
    }
    const made = { pullRequest, author: ourName, body };
    this.comments.push(made);
    return made;
  }

  /** The open one of that head is written anew. */
  propose({ head, title }: Proposal, at: Revision): PullRequest {
    const standing = [...this.pulls.values()].find(
      ({ about }) => about.headBranch === head && about.state === 'open',
    );
    if (standing === undefined) return this.open({ title, author: ourName, head: at, headBranch: head });
    return (standing.about = { ...standing.about, title, head: at });
  }
}

export function statusKey(revision: Revision, context: string): string {
  return `${revision} ${context}`;
}
