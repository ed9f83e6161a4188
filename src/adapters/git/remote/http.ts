import { RemoteError } from './remote.js';
import type { Pushed, Remote } from './remote.js';
import type { Oid } from '../../../ports/repository.js';
import { away, httpClient, type HttpLimits } from './http-client.js';
import { safeFiles } from './safe-files.js';
import type { RemoteUrl } from './url.js';

export interface HttpRemoteOptions extends HttpLimits {
  readonly url: RemoteUrl;
  /** The bare copy. */
  readonly gitDir: string;
  /** Null: it is asked without one. */
  readonly credentials: Credentials | null;
}

export interface Credentials {
  readonly username: string;
  readonly token: string;
}

const none = '0'.repeat(40);

/** A repository that speaks Git's smart HTTP, through isomorphic-git. */
export function httpRemote(options: HttpRemoteOptions): Remote {
  const ended = new AbortController();
  const http = httpClient(options, ended.signal);
  const { url } = options.url;
  const asked = { http, url, headers: headersOf(options.credentials) };
  const copy = { ...asked, fs: safeFiles(), gitdir: options.gitDir, remote: 'origin' };
  // Imported when it is needed: it costs 100 ms and 15 MB.
  const git = () => import('../isomorphic.js');

  const guarded = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw failureOf(error, options.url);
    }
  };

  return {
    head: () =>
      guarded(async () => {
        const { listServerRefs } = await git();
        const [head] = await listServerRefs({ ...asked, protocolVersion: 2, prefix: 'HEAD', symrefs: true });
        return head?.target ?? null;
      }),
    // Only in its second version does the server leave out what was not asked for.
    list: (prefix) =>
      guarded(async () => {
        const { listServerRefs } = await git();
        const found = await listServerRefs({ ...asked, protocolVersion: 2, prefix });
        return new Map(found.map(({ ref, oid }) => [ref, oid]));
      }),
    fetch: (refs, depth) =>
      guarded(async () => {
        const { fetch, resolveRef } = await git();
        for (const ref of refs) {
          const isKnown = await resolveRef({ fs: copy.fs, gitdir: copy.gitdir, ref }).catch(() => null);
          await fetch({
            ...copy,
            ref,
            remoteRef: ref,
            singleBranch: true,
            tags: false,
            ...(isKnown === null ? { depth } : {}),
          });
        }
      }),
    push: (ref, from, to) =>
      guarded(async (): Promise<Pushed> => {
        const { push, Errors } = await git();
        let current: Oid | null = null;
        try {
          await push({
            ...copy,
            ref: to,
            remoteRef: ref,
            // What it has now is what the swap on its side is made against.
            onPrePush({ remoteRef }) {
              current = remoteRef.oid === none ? null : remoteRef.oid;
              return current === from;
            },
          });
          return { kind: 'pushed' };
        } catch (error) {
          if (error instanceof Errors.UserCanceledError || error instanceof Errors.PushRejectedError)
            return { kind: 'moved', current };
          if (error instanceof Errors.GitPushError)
            return { kind: 'rejected', reason: error.data.prettyDetails.trim() };
          throw error;
        }
      }),
    close: () => ended.abort(),
  };
}

function headersOf(credentials: Credentials | null): Record<string, string> {
  if (credentials === null) return {};
  const pair = Buffer.from(`${credentials.username}:${credentials.token}`).toString('base64');
  return { Authorization: `Basic ${pair}` };
}

function failureOf(error: unknown, { url, host }: RemoteUrl): unknown {
  if (error instanceof RemoteError || !(error instanceof Error)) return error;
  const status = 'data' in error && isStatus(error.data) ? error.data.statusCode : null;
  if (status === 401 || status === 403)
    return new RemoteError(
      'remote.denied',
      `${host} does not let us at ${url} (${status})`,
      'Put a token that may read, and write to, the repository into HELIOSTAT_TOKEN, or into a file that remote.token of the configuration names.',
    );
  if (status === 404)
    return new RemoteError(
      'remote.missing',
      `${host} knows no repository ${url}, or does not show it to us`,
      'Look at the URL, and whether the token may read it.',
    );
  if (status !== null || error.name === 'SmartHttpError' || error.name === 'ParseError')
    return new RemoteError(
      'remote.broken',
      `${host} does not answer as a Git repository does${status === null ? '' : ` (${status})`}`,
      'Look at the URL in a browser; it is asked again.',
    );
  return error.name === 'TypeError' ? error : away(url, error);
}

function isStatus(data: unknown): data is { readonly statusCode: number } {
  return (
    typeof data === 'object' && data !== null && 'statusCode' in data && typeof data.statusCode === 'number'
  );
}
