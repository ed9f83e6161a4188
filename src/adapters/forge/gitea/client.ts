import { redactorOf, safe, type Redactor } from '../../../core/base/safe-text.js';
import { Refusal, Silence } from '../parts/answers.js';
import { foreign } from '../parts/foreign.js';
import type { Pace, Patience } from '../parts/patience.js';
import { guardedFetch, WireFailure } from '../parts/wire.js';

export interface Asked {
  readonly query?: Readonly<Record<string, string | number>>;
  readonly body?: unknown;
}

export type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

/** One request; answers the JSON as it came, null for none. What goes wrong is thrown in terms of the port. */
export type Ask = (method: Method, path: string, asked?: Asked) => Promise<unknown>;

export interface ClientOptions {
  readonly apiUrl: string;
  readonly token: () => Promise<string>;
  readonly redact: Redactor;
  readonly pace: Pace;
}

const waits = [1, 4];

/**
 * A dozen requests need no package: what is hard about them (time, limits, redirections, lost answers) a generated
 * client would leave to us all the same.
 */
export function askOf(options: ClientOptions, patience: Patience): Ask {
  return async (method, path, asked = {}) => {
    // An answer that was lost may hide an effect: who posts looks for it before posting again.
    const seconds = method === 'POST' ? [] : waits;
    for (let attempt = 0; ; attempt++) {
      try {
        return await once(options, patience, { method, path, asked });
      } catch (error) {
        const again = attempt < waits.length ? afterSeconds(error, seconds[attempt]) : null;
        if (again === null || !(await patience.wait(again))) throw error;
      }
    }
  };
}

/** How long to wait before the same is asked again; null: it is not. */
function afterSeconds(error: unknown, next: number | undefined): number | null {
  if (!(error instanceof Silence)) return null;
  // It was not done, and the forge says when it may be.
  if (!error.mayBeDone && error.afterMs !== null) return error.afterMs / 1_000;
  return next ?? null;
}

interface Request {
  readonly method: Method;
  readonly path: string;
  readonly asked: Asked;
}

async function once(options: ClientOptions, patience: Patience, request: Request): Promise<unknown> {
  const token = (await options.token()).trim();
  if (token === '') throw noToken();
  const { apiUrl, pace } = options;
  const query = Object.entries(request.asked.query ?? {}).map(([name, value]): [string, string] => [
    name,
    String(value),
  ]);
  const parameters = new URLSearchParams(query).toString();
  const url = `${apiUrl.replace(/\/+$/, '')}${request.path}${parameters === '' ? '' : `?${parameters}`}`;
  const { body } = request.asked;
  try {
    const response = await guardedFetch(pace)(url, {
      method: request.method,
      signal: patience.signal,
      headers: {
        authorization: `token ${token}`,
        accept: 'application/json',
        'user-agent': 'heliostat',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (response.ok) return text === '' ? null : (JSON.parse(text) as unknown);
    const redact: Redactor = (words) => options.redact(redactorOf([token])(words));
    throw failureOf(response, text, redact);
  } catch (error) {
    throw error instanceof WireFailure ? ofWire(error) : error;
  }
}

function noToken(): Refusal {
  return new Refusal(
    'forge.credentials',
    safe('There is no token for the forge'),
    safe('Put one into the file or the variable that is named for it'),
  );
}

function ofWire({ kind, why }: WireFailure): Refusal | Silence {
  if (kind !== 'redirected')
    return new Silence(safe(`The forge did not answer as it should: ${why}`), null, true);
  return new Refusal(
    'forge.redirected',
    safe(`The address of the API is not the right one: ${why}. The token was not sent there`),
    safe('Give the address that the API really has: https://HOST/api/v1'),
  );
}

function failureOf({ status, headers }: Response, text: string, redact: Redactor): Refusal | Silence {
  const message = messageOf(text);
  const said = message === '' ? `${status}` : `${status}: ${foreign(message, redact)}`;
  // Gitea has no limits of its own; the proxy in front of it may.
  if (status === 429) {
    const after = Number(headers.get('retry-after') ?? NaN);
    const afterMs = after >= 0 ? after * 1_000 : null;
    return new Silence(safe(`The forge limits how often it is asked (${said})`), afterMs, false);
  }
  if (status >= 500) return new Silence(safe(`The forge answered ${status}`), null, true);
  const [code, words, fix] = refusalOf(status, message, said);
  return new Refusal(code, safe(words), safe(fix), status);
}

function messageOf(text: string): string {
  try {
    const { message } = JSON.parse(text) as { message?: unknown };
    return typeof message === 'string' ? message : '';
  } catch {
    return '';
  }
}

function refusalOf(status: number, message: string, said: string): readonly [string, string, string] {
  if (status === 401)
    return [
      'forge.credentials',
      `The forge does not know the token (${said})`,
      'Give a token that is still valid',
    ];
  if (status === 423 || /archived/i.test(message))
    return ['forge.archived', 'The repository is archived', 'Take it out of the archive'];
  if (status === 403)
    return [
      'forge.forbidden',
      `The forge does not allow it (${said})`,
      'Give the token the scopes write:repository and write:issue, and its user the right to write',
    ];
  if (status === 404)
    return [
      'forge.notFound',
      `The forge knows no such thing, or does not show it to this token (${said})`,
      'Compare owner and name of the repository, and give the user of the token access to it',
    ];
  return ['forge.rejected', `The forge does not take it (${said})`, 'Follow the message'];
}
