import type { GitHttpRequest, GitHttpResponse, HttpClient } from 'isomorphic-git';
import { withHead } from './advertisement.js';
import { RemoteError } from './remote.js';

export interface HttpLimits {
  /** Without a byte of the answer, in milliseconds. */
  readonly silenceMs: number;
  /** Of one answer. */
  readonly answerBytes: number;
}

/**
 * What isomorphic-git asks by: Node's own `fetch`, with a deadline and a limit. A redirection is never followed: what is
 * asked carries a token, and a repository that has moved is to be named where it is.
 */
export function httpClient(limits: HttpLimits): EndedHttpClient {
  const asking = new Set<Patience>();
  return {
    end() {
      for (const patience of asking) patience.give('nobody waits for it any more');
    },
    async request({ url, method = 'GET', headers = {}, body }: GitHttpRequest): Promise<GitHttpResponse> {
      const sent = body === undefined ? null : await collected(body);
      const patience = new Patience(limits.silenceMs);
      asking.add(patience);
      try {
        const { signal } = patience;
        const response = await fetch(url, { method, headers, body: sent, redirect: 'manual', signal });
        if (response.status >= 300 && response.status < 400) {
          await response.body?.cancel();
          throw moved(url, response.headers.get('location'));
        }
        // As a whole: isomorphic-git takes the end of a connection for the end of an answer.
        const answer = await wholeOf(response.body, url, limits.answerBytes, patience);
        if (response.ok && isList(url, headers) && !endsWell(answer))
          throw new Error('its answer was cut off');
        return {
          url,
          method,
          statusCode: response.status,
          statusMessage: response.statusText,
          headers: Object.fromEntries(response.headers),
          body: [
            isList(url, headers) ? withHead(answer) : answer,
          ] as unknown as AsyncIterableIterator<Uint8Array>,
        };
      } catch (error) {
        throw error instanceof RemoteError ? error : away(url, error);
      } finally {
        patience.end();
        asking.delete(patience);
      }
    },
  };
}

export interface EndedHttpClient extends HttpClient {
  /** Gives up what is under way. */
  end(): void;
}

/** What is advertised, or listed: half of it would be a list of which somebody has deleted the rest. */
function isList(url: string, headers: Record<string, string>): boolean {
  return url.includes('/info/refs?') || headers['Git-Protocol'] === 'version=2';
}

/** A page of a web site ends as it likes, and is told as such. */
function endsWell(answer: Buffer): boolean {
  const isGit = /^[0-9a-f]{4}/.test(answer.subarray(0, 4).toString('latin1'));
  return !isGit || answer.subarray(-4).toString('latin1') === '0000';
}

/** Aborts what says nothing for too long: a large answer may take its time, as long as it comes. */
class Patience {
  private readonly silent = new AbortController();
  private timer: NodeJS.Timeout | null = null;

  constructor(private readonly silenceMs: number) {
    this.again();
  }

  get signal(): AbortSignal {
    return this.silent.signal;
  }

  give(reason: string): void {
    this.silent.abort(new Error(reason));
  }

  again(): void {
    this.end();
    this.timer = setTimeout(
      () => this.give(`nothing was heard for ${this.silenceMs / 1000} s`),
      this.silenceMs,
    );
    this.timer.unref();
  }

  end(): void {
    if (this.timer !== null) clearTimeout(this.timer);
  }
}

async function collected(body: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function wholeOf(
  body: ReadableStream<Uint8Array> | null,
  url: string,
  limitBytes: number,
  patience: Patience,
): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of (body ?? []) as unknown as AsyncIterable<Uint8Array>) {
    patience.again();
    bytes += chunk.length;
    if (bytes > limitBytes)
      throw new RemoteError(
        'remote.tooLarge',
        `${hostOf(url)} sends more than ${Math.round(limitBytes / 1024 / 1024)} MB`,
        'Clone the repository yourself, and name the folder of the clone.',
      );
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

export function away(url: string, error: unknown): RemoteError {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  const code = cause instanceof Error && 'code' in cause ? cause.code : null;
  const what = typeof code === 'string' ? code : cause instanceof Error ? cause.message : String(cause);
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
    'Name it by where it is: a redirection is not followed, since a token would go along.',
  );
}

function withoutService(location: string): string {
  return location.replace(/\/info\/refs(\?.*)?$/, '').replace(/\?.*$/, '');
}

function hostOf(url: string): string {
  return new URL(url).host;
}
