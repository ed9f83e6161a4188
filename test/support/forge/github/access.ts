import { createVerify } from 'node:crypto';
import type { Incoming, Reply } from '../server.js';
import type { Actor, State, Token } from './state.js';

/** Who asks. */
export type Caller =
  | { readonly kind: 'none' }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'app' }
  | { readonly kind: 'token'; readonly token: Token };

export function callerOf(state: State, { headers }: Pick<Incoming, 'headers'>): Caller {
  const [, value] = /^(?:bearer|token) (.+)$/i.exec(String(headers['authorization'] ?? '')) ?? [];
  if (value === undefined) return { kind: 'none' };
  if (value.split('.').length === 3) return isOurJwt(state, value) ? { kind: 'app' } : { kind: 'unknown' };
  const token = state.tokens.get(value);
  const isOver = token?.expiresAtMs != null && token.expiresAtMs <= state.nowMs();
  return token === undefined || isOver ? { kind: 'unknown' } : { kind: 'token', token };
}

export function nameOf(caller: Caller): string {
  return caller.kind === 'token' ? caller.token.kind : caller.kind;
}

/** https://docs.github.com/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-json-web-token-jwt-for-a-github-app */
function isOurJwt(state: State, jwt: string): boolean {
  const [header = '', payload = '', signature = ''] = jwt.split('.');
  const { app } = state;
  if (app === null) return false;
  const isSigned = createVerify('RSA-SHA256')
    .update(`${header}.${payload}`)
    .verify(app.publicKey, signature, 'base64url');
  const { iss, exp, iat } = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as Record<
    string,
    number
  >;
  const nowS = Date.now() / 1_000;
  return (
    isSigned &&
    String(iss) === String(app.id) &&
    nowS < (exp ?? 0) &&
    (exp ?? 0) <= nowS + 600 &&
    (iat ?? 0) <= nowS
  );
}

export function failure(status: number, message: string, errors?: readonly unknown[]): Reply {
  const body = { message, ...(errors ? { errors } : {}), documentation_url: 'https://docs.github.com/rest' };
  // What is invalid is told in a form of its own.
  return { status, body: status === 422 ? body : { ...body, status: String(status) } };
}

/** What a route needs: of each of these permissions one is enough, as `x-accepted-github-permissions` lists them. */
export interface Needs {
  readonly any: readonly string[];
  readonly level: 'read' | 'write';
}

/** Null: allowed. */
export function refusalOf(state: State, caller: Caller, needs: Needs): Reply | null {
  if (caller.kind === 'none') return failure(401, 'Requires authentication');
  if (caller.kind === 'unknown') return failure(401, 'Bad credentials');
  // An App itself sees nothing of repositories.
  if (caller.kind === 'app') return failure(403, 'Resource not accessible by integration');
  const { token } = caller;
  if (!isAllowed(state, token, needs)) {
    const integration = token.kind === 'actions' || token.kind === 'installation';
    return {
      ...failure(403, `Resource not accessible by ${integration ? 'integration' : 'personal access token'}`),
      headers: {
        'x-accepted-github-permissions': needs.any.map((name) => `${name}=${needs.level}`).join('; '),
      },
    };
  }
  return needs.level === 'write' && state.isArchived
    ? failure(403, 'Repository was archived so is read-only.')
    : null;
}

function isAllowed(state: State, { permissions, scopes, kind }: Token, { any, level }: Needs): boolean {
  if (kind === 'classic')
    return scopes.includes('repo') || (scopes.includes('repo:status') && any.includes('statuses'));
  if (permissions === 'all') return true;
  return any.some((name) => {
    if (name === 'metadata') return true;
    const has = permissions[name];
    return has === 'write' || (level === 'read' && (has === 'read' || !state.isPrivate));
  });
}

export function actorOf(caller: Caller): Actor {
  if (caller.kind !== 'token') throw new Error('only who was allowed writes');
  return caller.token.actor;
}
