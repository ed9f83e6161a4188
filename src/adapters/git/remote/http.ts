import type { Oid } from '../../../ports/repository.js';
import { GitError } from '../failure.js';
import { copyFiles } from './copy-files.js';
import { httpClient, type HttpLimits } from './http-client.js';
import { failureOf } from './http-failure.js';
import { RemoteError, tokenFix, type Pushed, type Remote } from './remote.js';
import type { RemoteUrl } from './url.js';

export interface HttpRemoteOptions extends HttpLimits {
  readonly url: RemoteUrl;
  /** The bare copy. */
  readonly gitDir: string;
  readonly credentials: CredentialSource;
}

export interface Credentials {
  readonly username: string;
  readonly token: string;
}

/** Asked before each operation, so that a token may be renewed; null: it is asked without one. */
export type CredentialSource = () => Promise<Credentials | null>;

const none = '0'.repeat(40);
/** How a server says that another was faster while it was at it. */
const overtaken =
  /failed to update ref|cannot lock ref|incorrect old value|already exists|fetch first|non-fast-forward|stale info/;
const toldBytes = 2_000;

/** A repository that speaks Git's smart HTTP, through isomorphic-git. */
export function httpRemote(options: HttpRemoteOptions): Remote {
  const http = httpClient(options);
  const { url } = options.url;
  // Imported when it is needed: it costs 100 ms and 15 MB.
  const git = () => import('../isomorphic.js');

  const asking = async <T>(work: (asked: Asked) => Promise<T>): Promise<T> => {
    const headers = headersOf(await tokenFrom(options));
    try {
      return await work({ http, url, headers });
    } catch (error) {
      throw failureOf(error, options.url);
    }
  };

  return {
    head: () =>
      asking(async (asked) => {
        const { listServerRefs } = await git();
        const refs = await listServerRefs({ ...asked, protocolVersion: 2, prefix: 'HEAD', symrefs: true });
        return refs.find(({ ref }) => ref === 'HEAD')?.target ?? null;
      }),
    // Only in its second version does the server leave out what was not asked for.
    list: (prefix) =>
      asking(async (asked) => {
        const { listServerRefs } = await git();
        const peelTags = prefix.startsWith('refs/tags/');
        const found = await listServerRefs({ ...asked, protocolVersion: 2, prefix, peelTags });
        const wanted = found.filter(({ ref }) => ref.startsWith(prefix));
        return new Map(wanted.map(({ ref, oid, peeled }) => [ref, peeled ?? oid]));
      }),
    fetch: (wanted, { have, depth }) =>
      asking(async (asked) => {
        const { fetch } = await git();
        const files = copyFiles(options.gitDir);
        await fetch({
          ...asked,
          fs: files.fs,
          gitdir: options.gitDir,
          remote: 'origin',
          ref: have ?? 'HEAD',
          remoteRef: wanted,
          singleBranch: true,
          tags: false,
          ...(depth === null ? {} : { depth }),
        });
        await files.settle();
      }),
    push: (ref, from, to) => asking((asked) => push(asked, options.gitDir, { ref, from, to })),
    offersPush: () =>
      asking(async (asked) => {
        const { listServerRefs } = await git();
        // What a push would begin with; nothing is sent.
        await listServerRefs({ ...asked, protocolVersion: 1, forPush: true });
        return true;
      }).catch((error: unknown) => {
        if (error instanceof RemoteError && error.code === 'remote.denied') return false;
        throw error;
      }),
    close: () => http.end(),
  };
}

interface Asked {
  readonly http: ReturnType<typeof httpClient>;
  readonly url: string;
  readonly headers: Record<string, string>;
}

interface Move {
  readonly ref: string;
  readonly from: Oid | null;
  readonly to: Oid;
}

async function push(asked: Asked, gitDir: string, { ref, from, to }: Move): Promise<Pushed> {
  const { push: pushCommit, Errors } = await import('../isomorphic.js');
  let current: Oid | null = null;
  let told = '';
  try {
    await pushCommit({
      ...asked,
      fs: copyFiles(gitDir).fs,
      gitdir: gitDir,
      remote: 'origin',
      ref: to,
      remoteRef: ref,
      // What it has now is what the swap on its side is made against.
      onPrePush({ remoteRef }) {
        current = remoteRef.oid === none ? null : remoteRef.oid;
        return current === from;
      },
      onMessage: (line) => {
        told = `${told}${line}`.slice(-toldBytes);
      },
    });
    return { kind: 'pushed' };
  } catch (error) {
    if (error instanceof Errors.UserCanceledError) return { kind: 'moved', current };
    if (error instanceof Errors.PushRejectedError) return { kind: 'moved' };
    if (!(error instanceof Errors.GitPushError)) throw error;
    const reason = `${error.data.prettyDetails} ${told}`.replaceAll(/\s+/g, ' ').trim();
    return overtaken.test(error.data.prettyDetails) ? { kind: 'moved' } : { kind: 'rejected', reason };
  }
}

/** Whoever hands tokens out may be away too. */
async function tokenFrom({ credentials, url }: HttpRemoteOptions): Promise<Credentials | null> {
  try {
    return await credentials();
  } catch (error) {
    if (error instanceof GitError || !(error instanceof Error)) throw error;
    throw new RemoteError('remote.away', `there is no token for ${url.host}: ${error.message}`, tokenFix);
  }
}

function headersOf(credentials: Credentials | null): Record<string, string> {
  if (credentials === null) return {};
  const pair = Buffer.from(`${credentials.username}:${credentials.token}`).toString('base64');
  return { Authorization: `Basic ${pair}` };
}
