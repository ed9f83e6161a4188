import { setTimeout as sleep } from 'node:timers/promises';
import { redactorOf, type Redactor } from '../../../core/base/safe-text.js';
import type { Revision } from '../../../core/base/names.js';
import type { Away, Refs } from '../../../ports/repository.js';
import type { GitFailure } from '../failure.js';
import { openRepository, type Repository } from '../repository.js';
import { findGit } from '../tool.js';
import { askHead, maintain, makeCopy } from './copy.js';
import { Follower } from './follower.js';
import { httpRemote, type CredentialSource } from './http.js';
import type { HttpLimits } from './http-client.js';
import { lastSeenIn } from './last-seen.js';
import { completed, deepened, Past } from './past.js';
import type { Remote } from './remote.js';
import { remoteRefs } from './remote-refs.js';
import { resolveThere } from './resolve.js';
import { sshRemote } from './ssh.js';
import type { RemoteUrl } from './url.js';

export interface RemoteOptions extends Partial<HttpLimits> {
  readonly url: RemoteUrl;
  /** The bare copy; it is made where there is none, and may be deleted whenever nobody uses it. */
  readonly folder: string;
  readonly credentials: CredentialSource;
  readonly git?: string | null;
  readonly redact?: Redactor;
  /** Monotonic, in milliseconds. */
  now(): number;
  /** How old a look at the remote may be that counts as one; 1,000 if not given. */
  readonly freshMs?: number;
  /** One that does not answer is asked again after this; 5,000 if not given. */
  readonly retryMs?: number;
  /** Commits that are fetched of a branch at first; 1,000 if not given. */
  readonly depth?: number;
  /** Of the first lost race; each further one doubles it. In milliseconds; 100 if not given. */
  readonly lostPauseMs?: number;
}

/** A repository on another machine, by way of a bare copy on this one. */
export interface RemoteRepository extends Repository {
  readonly url: RemoteUrl;
  /** Looks at the remote now, whatever was heard before. @throws {RemoteError} */
  refresh(): Promise<void>;
  /** Called after each look that was answered, whoever asked for it. */
  onLooked(listener: () => void): void;
  /** Brings any reference, such as `refs/pull/7/merge`, as it is now; null: there is none. @throws {RemoteError} */
  fetchRef(ref: string): Promise<Revision | null>;
  /** Packs what has gathered in the copy, if it is much; where git is not installed it stays as it is. */
  maintain(): Promise<void>;
  /** Wall time of the last look by anybody that was answered; null: none ever was. */
  lastSeenMs(): Promise<number | null>;
}

export type OpenedRemote = { readonly ok: RemoteRepository } | { readonly failure: GitFailure };

export const usual = {
  silenceMs: 20_000,
  answerBytes: 1024 * 1024 * 1024,
  freshMs: 1_000,
  retryMs: 5_000,
  depth: 1_000,
  lostPauseMs: 100,
};
const longestPauseMs = 3_000;

export async function openRemote(given: RemoteOptions): Promise<OpenedRemote> {
  const options = { ...usual, ...given };
  const { url, folder, now, depth } = options;
  const git = given.git === undefined ? findGit() : given.git;
  const remote = remoteOf(options, git);
  if ('code' in remote) return { failure: remote };
  const redact = given.redact ?? redactorOf([]);
  const failure = await makeCopy(folder, remote);
  const lastSeen = lastSeenIn(folder);
  const parts: { follower?: Follower; past?: Past } = {};
  const opened = await openRepository(folder, {
    git,
    redact,
    refs: (local, { source, history: here, noter }) => {
      const past = new Past({ remote, gitDir: folder, source, history: here, depth, now });
      const has = async (oid: string) => (await source.commit(oid as Revision)) !== null;
      const follower = new Follower({ ...options, remote, gitDir: folder, local, lastSeen, has, failure });
      Object.assign(parts, { follower, past });
      const history = deepened(here, past);
      const away = awayOf(follower, redact);
      const pause = (lost: number) => sleep(pauseAfter(lost, options.lostPauseMs));
      return remoteRefs({
        ...{ remote, follower, local, redact, noter, history, away, pause },
        askHead: () => askHead(folder, remote),
      });
    },
  });
  const { follower, past } = parts;
  if (!('ok' in opened)) return opened;
  if (follower === undefined || past === undefined) throw new Error('the copy was opened without references');
  const { ok: copy } = opened;
  const head = (): ReturnType<Refs['head']> => copy.refs.head();
  return {
    ok: {
      ...copy,
      url,
      source: completed(copy.source, past),
      history: deepened(copy.history, past),
      resolve: resolveThere({ follower, past, resolve: copy.resolve, head }),
      refresh: () => follower.refresh(),
      onLooked: (listener) => follower.onLooked(listener),
      fetchRef: async (ref) => (await follower.bring(ref)) as Revision | null,
      lastSeenMs: () => lastSeen.wallMs(),
      maintain: () => maintain(git, folder),
      async close() {
        remote.close();
        await copy.close();
      },
    },
  };
}

export function remoteOf(options: RemoteOptions & HttpLimits, git: string | null): Remote | GitFailure {
  const { url, folder: gitDir } = options;
  if (url.kind === 'http') return httpRemote({ ...options, gitDir });
  if (git !== null) return sshRemote({ ...options, gitDir, git });
  return {
    code: 'git.missing',
    message: `${url.url} is asked over SSH, which needs the program git`,
    fix: 'Install git, or name the repository by its https:// URL.',
  };
}

function awayOf(follower: Follower, redact: Redactor): () => Away | null {
  return () =>
    follower.away === null ? null : { code: follower.away.code, message: redact(follower.away.message) };
}

/** Longer each time, and never the same for two: those who lost to each other must not meet again. */
function pauseAfter(lost: number, firstMs: number): number {
  return Math.min(longestPauseMs, firstMs * 2 ** Math.min(lost - 1, 10)) * (0.25 + 0.75 * Math.random());
}
