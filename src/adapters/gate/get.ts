import { request as requestHttp, type ClientRequest, type IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';

/** What a measuring service has to say fits; a page that somebody put in its place may not. */
const maximumBytes = 1_048_576;
const maximumRedirections = 3;

export type Got =
  | { readonly kind: 'answer'; readonly status: number; readonly body: string }
  /** Nothing that could be judged, and why, in words of our own. */
  | { readonly kind: 'nothing'; readonly why: string };

export interface Wish {
  readonly url: URL;
  /** Of which statuses the body is wanted. */
  readonly reads: (status: number) => boolean;
  /** Statuses that are an answer although they would lead on. */
  readonly keeps: (status: number) => boolean;
}

/**
 * GET, following redirections within one origin only: another host could be anybody, and is not whom the model named.
 * Calls back once; returns how to end it.
 */
export function get(wish: Wish, done: (got: Got) => void): () => void {
  let asked: ClientRequest | null = null;
  let ended = false;
  const finish = (got: Got): void => {
    if (ended) return;
    ended = true;
    asked?.destroy();
    done(got);
  };
  const ask = (url: URL, followed: number): void => {
    asked?.destroy();
    const current = begin(url);
    asked = current;
    current.on('error', (error) => {
      if (asked === current) finish({ kind: 'nothing', why: describeError(error) });
    });
    current.once('response', (response) => {
      const status = response.statusCode ?? 0;
      const next = wish.keeps(status) ? null : redirection(response, url);
      if (next === null) read(response, wish.reads(status), finish);
      else if (next === 'elsewhere')
        finish({ kind: 'nothing', why: `${status} to another host, which is not asked` });
      else if (followed >= maximumRedirections)
        finish({ kind: 'nothing', why: `more than ${maximumRedirections} redirections` });
      else ask(next, followed + 1);
    });
    current.end();
  };
  ask(wish.url, 0);
  return () => {
    ended = true;
    asked?.destroy();
  };
}

function begin(url: URL): ClientRequest {
  const request = url.protocol === 'https:' ? requestHttps : requestHttp;
  return request(url, {
    // A kept connection could be answered by a process that is already on its way out.
    agent: false,
    headers: {
      'user-agent': 'heliostat',
      accept: 'application/json, */*;q=0.1',
      'accept-encoding': 'identity',
      connection: 'close',
    },
  });
}

/** Null for what is none. */
export function urlOf(text: string, from?: URL): URL | null {
  try {
    return new URL(text, from);
  } catch {
    return null;
  }
}

function redirection(response: IncomingMessage, from: URL): URL | 'elsewhere' | null {
  const { statusCode = 0, headers } = response;
  if (![301, 302, 303, 307, 308].includes(statusCode) || headers.location === undefined) return null;
  const to = urlOf(headers.location, from);
  return to !== null && to.origin === from.origin ? to : 'elsewhere';
}

function read(response: IncomingMessage, isWanted: boolean, finish: (got: Got) => void): void {
  const status = response.statusCode ?? 0;
  if (!isWanted) return finish({ kind: 'answer', status, body: '' });
  const chunks: Buffer[] = [];
  let bytes = 0;
  response.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > maximumBytes)
      finish({ kind: 'nothing', why: `the answer is larger than ${maximumBytes} bytes` });
    else chunks.push(chunk);
  });
  response.once('end', () =>
    finish(
      response.complete
        ? { kind: 'answer', status, body: Buffer.concat(chunks).toString('utf8') }
        : { kind: 'nothing', why: 'the answer broke off' },
    ),
  );
  response.on('error', () => finish({ kind: 'nothing', why: 'the answer broke off' }));
}

/** By its code alone: texts of errors hold addresses, and whatever else somebody put in. */
function describeError(error: Error): string {
  const { code } = error as NodeJS.ErrnoException;
  switch (code) {
    case 'ECONNREFUSED':
      return 'connection refused';
    case 'ECONNRESET':
      return 'connection reset';
    case 'ENOTFOUND':
      return 'no such host';
    case undefined:
      return 'the connection failed';
    default:
      return `the connection failed (${code})`;
  }
}

/** The JSON of a body; undefined where it is none. */
export function jsonOf(body: string): unknown {
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return undefined;
  }
}
