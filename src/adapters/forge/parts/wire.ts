/** What went wrong on the way, before there was an answer that could be read. */
export class WireFailure extends Error {
  constructor(
    readonly kind: 'redirected' | 'tooLarge' | 'late' | 'broken' | 'notJson',
    /** In words of our own: texts of errors hold addresses, and whatever else somebody put in. */
    readonly why: string,
    /** Asking again at once would end the same way. */
    readonly isFinal = kind === 'redirected' || kind === 'tooLarge',
  ) {
    super(why);
    // Octokit passes on, and does not repeat, what has this name.
    if (isFinal) this.name = 'AbortError';
  }
}

export interface WireLimits {
  readonly timeoutMs: number;
  readonly maximumBytes?: number;
}

const maximumRedirections = 3;
const bodiless = [204, 205, 304];

/**
 * `fetch` for the API of a forge: the whole answer in time or a `WireFailure`, only JSON as a good answer, and no
 * redirection to another origin, which would be handed the token.
 */
export function guardedFetch({ timeoutMs, maximumBytes = 32 * 1_048_576 }: WireLimits): typeof fetch {
  return async (input, init = {}) => {
    const late = AbortSignal.timeout(timeoutMs);
    const signal = init.signal ? AbortSignal.any([init.signal, late]) : late;
    try {
      const response = await follow(new URL(String(input)), { ...init, signal });
      const body = bodiless.includes(response.status) ? null : await read(response, maximumBytes);
      if (body !== null && response.status < 400) needJson(response, body);
      return new Response(body, { status: response.status, headers: response.headers });
    } catch (error) {
      if (error instanceof WireFailure) throw error;
      if (signal.aborted) throw new WireFailure('late', 'it did not answer in time', init.signal?.aborted);
      throw brokenBy(error);
    }
  };
}

async function follow(first: URL, init: RequestInit): Promise<Response> {
  let url = first;
  let { method = 'GET' } = init;
  for (let followed = 0; followed <= maximumRedirections; followed++) {
    const response = await fetch(url.href, { ...init, method, redirect: 'manual' });
    const next = redirection(response, url);
    if (next === null) return response;
    await response.body?.cancel();
    // Unlike browsers, an API that moved wants the same method again; only 303 means: look there.
    if (response.status === 303) method = 'GET';
    url = next;
  }
  throw new WireFailure('redirected', `it leads on more than ${maximumRedirections} times`);
}

/** Null: it leads nowhere else. */
function redirection({ status, headers }: Response, url: URL): URL | null {
  const location = headers.get('location');
  if (![301, 302, 303, 307, 308].includes(status) || location === null) return null;
  const next = URL.canParse(location, url.href) ? new URL(location, url) : null;
  if (next?.origin === url.origin) return next;
  throw new WireFailure('redirected', `it leads on to ${next?.origin ?? 'no address'}`);
}

async function read(response: Response, maximumBytes: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    bytes += chunk.length;
    if (bytes > maximumBytes) throw new WireFailure('tooLarge', `its answer is over ${maximumBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** A proxy, a maintenance page or a login form answers 200 with HTML. */
function needJson(response: Response, body: Buffer): void {
  if (body.length === 0) return;
  const type = response.headers.get('content-type') ?? 'nothing said';
  if (!/^application\/([\w.-]+\+)?json\b/i.test(type))
    throw new WireFailure('notJson', `it answered ${response.status} with no JSON`);
  try {
    JSON.parse(body.toString('utf8'));
  } catch {
    throw new WireFailure('notJson', `it answered ${response.status} with broken JSON`);
  }
}

function brokenBy(error: unknown): WireFailure {
  const code = (error as { cause?: { code?: string } } | null)?.cause?.code;
  switch (code) {
    case 'ECONNREFUSED':
      return new WireFailure('broken', 'the connection was refused');
    case 'ENOTFOUND':
      return new WireFailure('broken', 'there is no such host');
    case undefined:
      return new WireFailure('broken', 'the connection broke off');
    default:
      return new WireFailure('broken', `the connection broke off (${code})`);
  }
}
