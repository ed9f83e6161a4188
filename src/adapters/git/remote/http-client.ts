import type { GitHttpRequest, GitHttpResponse, HttpClient } from 'isomorphic-git';
import { RemoteError } from './remote.js';

export interface HttpLimits {
  /** For one request and all of its answer, in milliseconds. */
  readonly timeoutMs: number;
  /** Of one answer. */
  readonly answerBytes: number;
}

/**
 * What isomorphic-git asks by: Node's own `fetch`, with a deadline and a limit. A redirection is never followed: what is
 * asked carries a token, and a repository that has moved is to be named where it is.
 */
export function httpClient({ timeoutMs, answerBytes }: HttpLimits, ended: AbortSignal): HttpClient {
  return {
    async request({ url, method = 'GET', headers = {}, body }: GitHttpRequest): Promise<GitHttpResponse> {
      const signal = AbortSignal.any([ended, AbortSignal.timeout(timeoutMs)]);
      const response = await fetch(url, {
        method,
        headers,
        body: body === undefined ? null : await collected(body),
        redirect: 'manual',
        signal,
      }).catch((error: unknown) => {
        throw away(url, error);
      });
      if (response.status >= 300 && response.status < 400) throw moved(url, response.headers.get('location'));
      return {
        url,
        method,
        statusCode: response.status,
        statusMessage: response.statusText,
        headers: Object.fromEntries(response.headers),
        body: limited(response.body, url, answerBytes),
      };
    },
  };
}

async function collected(body: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function* limited(
  body: ReadableStream<Uint8Array> | null,
  url: string,
  limitBytes: number,
): AsyncIterableIterator<Uint8Array> {
  if (body === null) return;
  let bytes = 0;
  try {
    for await (const chunk of body as unknown as AsyncIterable<Uint8Array>) {
      bytes += chunk.length;
      if (bytes > limitBytes)
        throw new RemoteError(
          'remote.tooLarge',
          `${hostOf(url)} sends more than ${Math.round(limitBytes / 1024 / 1024)} MB`,
          'Clone the repository yourself, and name the folder of the clone.',
        );
      yield chunk;
    }
  } catch (error) {
    throw error instanceof RemoteError ? error : away(url, error);
  }
}

export function away(url: string, error: unknown): RemoteError {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  const what =
    cause instanceof Error
      ? cause.name === 'TimeoutError'
        ? 'no answer in time'
        : 'code' in cause && typeof cause.code === 'string'
          ? cause.code
          : cause.message
      : String(cause);
  return new RemoteError(
    'remote.away',
    `${hostOf(url)} does not answer: ${what}`,
    'Look whether it can be reached from here; it is asked again.',
  );
}

function moved(url: string, to: string | null): RemoteError {
  return new RemoteError(
    'remote.moved',
    `${hostOf(url)} says that the repository is elsewhere${to === null ? '' : `: ${withoutService(to)}`}`,
    'Name it by where it is.',
  );
}

function withoutService(location: string): string {
  return location.replace(/\/info\/refs(\?.*)?$/, '').replace(/\?.*$/, '');
}

function hostOf(url: string): string {
  return new URL(url).host;
}
