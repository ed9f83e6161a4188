import { failure } from './access.js';
import * as bodies from './bodies.js';
import type { GithubRoute } from './routes.js';
import type { FakeApp, State } from './state.js';

const hourMs = 3_600_000;

export const appRoutes: readonly GithubRoute[] = [
  {
    method: 'GET',
    template: '/user',
    needs: null,
    answer: ({ context: { state, caller } }) => {
      if (caller.kind === 'none') return failure(401, 'Requires authentication');
      if (caller.kind === 'unknown') return failure(401, 'Bad credentials');
      if (caller.kind === 'app' || caller.token.actor.type === 'Bot')
        return failure(403, 'Resource not accessible by integration');
      const isClassic = caller.token.kind === 'classic';
      return {
        status: 200,
        body: bodies.ownUserBody(state, caller.token.actor),
        ...(isClassic ? { headers: { 'x-oauth-scopes': caller.token.scopes.join(', ') } } : {}),
      };
    },
  },
  {
    method: 'POST',
    template: '/graphql',
    needs: null,
    // Not part of the description of the REST API: the one question that is asked here.
    answer: ({ context: { state, caller } }) => {
      if (caller.kind !== 'token') return failure(401, 'Bad credentials');
      const data = { viewer: { login: caller.token.actor.login } };
      const errors = [{ type: 'FORBIDDEN', message: 'Resource not accessible by integration' }];
      return { status: 200, body: state.refusesGraphql ? { data: null, errors } : { data } };
    },
  },
  asApp('GET', '/app', ({ state, app }) => ({ status: 200, body: bodies.appBody(state, app) })),
  asApp('GET', '/repos/{owner}/{repo}/installation', ({ state, app, parameters }) =>
    parameters['owner'] === state.owner && parameters['repo'] === state.name
      ? { status: 200, body: bodies.installationBody(state, app) }
      : failure(404, 'Not Found'),
  ),
  asApp('GET', '/app/installations/{installation_id}', ({ state, app, parameters }) =>
    parameters['installation_id'] === String(app.installationId)
      ? { status: 200, body: bodies.installationBody(state, app) }
      : failure(404, 'Not Found'),
  ),
  asApp('POST', '/app/installations/{installation_id}/access_tokens', ({ state, app, parameters }) => {
    if (parameters['installation_id'] !== String(app.installationId)) return failure(404, 'Not Found');
    const token = `ghs_installation${state.nextId()}x${'0'.repeat(20)}`;
    const expiresAtMs = state.nowMs() + hourMs;
    state.tokens.set(token, {
      kind: 'installation',
      actor: { id: app.id, login: `${app.slug}[bot]`, type: 'Bot' },
      permissions: app.permissions,
      scopes: [],
      expiresAtMs,
    });
    return {
      status: 201,
      body: {
        token,
        expires_at: new Date(expiresAtMs).toISOString(),
        permissions: { metadata: 'read', ...app.permissions },
        repository_selection: 'selected',
      },
    };
  }),
];

interface AsApp {
  readonly state: State;
  readonly app: FakeApp;
  readonly parameters: Readonly<Record<string, string>>;
}

function asApp(
  method: string,
  template: string,
  answer: (asked: AsApp) => ReturnType<GithubRoute['answer']>,
): GithubRoute {
  return {
    method,
    template,
    needs: null,
    answer: ({ context: { state, caller }, parameters }) =>
      caller.kind === 'app' && state.app !== null
        ? answer({ state, app: state.app, parameters })
        : failure(401, 'A JSON web token could not be decoded'),
  };
}
