import { safe, type Redactor } from '../../../core/base/safe-text.js';
import { Refusal, Silence } from '../parts/answers.js';
import { foreign } from '../parts/foreign.js';
import { WireFailure } from '../parts/wire.js';

interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | number | undefined>>;
  readonly message: string;
}

/** What octokit threw, in terms of the port. */
export function failureOf(error: unknown, redact: Redactor): unknown {
  if (error instanceof Refusal || error instanceof Silence) return error;
  const wire = error instanceof WireFailure ? error : causeOf(error);
  if (wire !== null) return ofWire(wire);
  const answer = answerOf(error);
  if (answer !== null) return ofAnswer(answer, redact);
  if (error instanceof Error && error.name === 'GraphqlResponseError')
    return new Refusal(
      'forge.rejected',
      safe('GitHub does not answer the question'),
      safe('Follow the message'),
    );
  // Octokit aborts by itself where the patience of the call is over.
  if (error instanceof Error && error.name === 'AbortError') return late();
  return error;
}

function late(): Silence {
  return new Silence(safe('GitHub did not answer in time'), null, true);
}

function causeOf(error: unknown): WireFailure | null {
  const { cause } = (error ?? {}) as { cause?: unknown };
  return cause instanceof WireFailure ? cause : null;
}

function ofWire(failure: WireFailure): Refusal | Silence {
  if (failure.kind !== 'redirected')
    return new Silence(safe(`GitHub did not answer as it should: ${failure.why}`), null, true);
  return new Refusal(
    'forge.redirected',
    safe(`The address of the API is not the right one: ${failure.why}. The token was not sent there`),
    safe('Give the address that the API really has: https://api.github.com, or https://HOST/api/v3'),
  );
}

function answerOf(error: unknown): Answered | null {
  const { status, response } = (error ?? {}) as {
    status?: unknown;
    response?: { headers?: Answered['headers']; data?: unknown };
  };
  if (typeof status !== 'number' || response === undefined) return null;
  return { status, headers: response.headers ?? {}, message: messageOf(response.data) };
}

/** `Validation Failed: A pull request already exists for acme:fix.` */
function messageOf(data: unknown): string {
  if (typeof data !== 'object' || data === null) return '';
  const { message, errors } = data as { message?: unknown; errors?: unknown };
  const details = Array.isArray(errors) ? errors.map(detailOf).filter((text) => text !== '') : [];
  return [typeof message === 'string' ? message : '', ...details].filter((text) => text !== '').join(': ');
}

function detailOf(error: unknown): string {
  if (typeof error === 'string') return error;
  if (typeof error !== 'object' || error === null) return '';
  const { message, field, code } = error as Record<string, unknown>;
  if (typeof message === 'string') return message;
  return [field, code].filter((part) => typeof part === 'string').join(' ');
}

function ofAnswer(answer: Answered, redact: Redactor): Refusal | Silence {
  const { status } = answer;
  const said = answer.message === '' ? `${status}` : `${status}: ${foreign(answer.message, redact)}`;
  const limit = limitOf(answer);
  if (limit !== null)
    return new Silence(safe(`GitHub limits how often it is asked (${said})`), limit.afterMs, false);
  if (status >= 500) return new Silence(safe(`GitHub answered ${status}`), null, true);
  const [code, text, fix] = refusalOf(answer, said);
  return new Refusal(code, safe(text), safe(fix), status);
}

const firstSecondaryMs = 60_000;

/** https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api: 403 or 429, for both kinds of limit. */
function limitOf({ status, headers, message }: Answered): { afterMs: number | null } | null {
  if (status !== 403 && status !== 429) return null;
  const after = Number(headers['retry-after']);
  if (headers['retry-after'] !== undefined && after >= 0) return { afterMs: after * 1_000 };
  if (String(headers['x-ratelimit-remaining']) === '0') {
    const resetMs = Number(headers['x-ratelimit-reset']) * 1_000 - Date.now();
    return { afterMs: resetMs > 0 ? resetMs : null };
  }
  // It says to wait at least a minute where it says nothing else.
  if (/\bsecondary rate\b/i.test(message)) return { afterMs: firstSecondaryMs };
  return status === 429 ? { afterMs: null } : null;
}

function refusalOf({ status, headers, message }: Answered, said: string): readonly [string, string, string] {
  if (status === 401)
    return [
      'forge.credentials',
      `GitHub does not know these credentials (${said})`,
      'Give a token that is still valid, or the private key of the App',
    ];
  if (/archived/i.test(message))
    return ['forge.archived', 'The repository is archived', 'Take it out of the archive'];
  if (/not permitted to create or approve pull requests/i.test(message)) return proposalsOff;
  if (status === 403) {
    const needed = headers['x-accepted-github-permissions'];
    return [
      'forge.forbidden',
      `GitHub does not allow it (${said})`,
      needed === undefined
        ? 'Give the credentials the permission that docs/guides/forge.md names for it'
        : `Give the credentials the permission ${String(needed).replaceAll('; ', ' or ')}`,
    ];
  }
  if (status === 404)
    return [
      'forge.notFound',
      `GitHub knows no such thing, or does not show it to these credentials (${said})`,
      'Compare owner and name of the repository, and give the credentials access to it',
    ];
  return ['forge.rejected', `GitHub does not take it (${said})`, 'Follow the message'];
}

export const proposalsOff = [
  'forge.proposalsOff',
  'GitHub Actions is not permitted to open pull requests in this repository',
  'Switch on Settings → Actions → General → Workflow permissions → "Allow GitHub Actions to create and approve pull requests", or use a token or an App of your own',
] as const;
