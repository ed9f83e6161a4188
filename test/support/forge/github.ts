import { execFile } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { promisify } from 'node:util';
import { callerOf, failure, nameOf } from './github/access.js';
import { openDescription, type Description } from './github/description.js';
import { addPull } from './github/pull-routes.js';
import { barred, routes } from './github/routes.js';
import {
  timeOf,
  type Actor,
  type FakeApp,
  type Permissions,
  type State,
  type StoredComment,
  type StoredDeployment,
  type StoredPull,
  type StoredStatus,
  type Token,
} from './github/state.js';
import { findRoute } from './routes.js';
import { startServer, type FakeServer, type Incoming, type Reply } from './server.js';

export interface FakeGitHubOptions {
  readonly owner: string;
  readonly name: string;
  /** The repository itself, bare or not: branches are then what they are there, and what is pushed there is seen. */
  readonly git?: string;
  readonly isPrivate?: boolean;
}

export interface NewPullRequest {
  readonly head: string;
  readonly base?: string;
  readonly title?: string;
  readonly body?: string;
  /** Login of the owner of the fork that it comes from. */
  readonly fork?: string;
  readonly sha?: string;
  readonly by?: string;
}

/**
 * A GitHub of one repository: stateful, on 127.0.0.1, for the real octokit. Where GitHub's own description of its API
 * is installed (`node scripts/openapi.mjs`), every request and every answer is held against it, and `close` throws if
 * one did not fit.
 */
export interface FakeGitHub extends FakeServer {
  readonly state: State;
  /** Whether GitHub's description is there. */
  readonly isDescribed: boolean;
  /** What did not fit the description. */
  readonly mismatches: readonly string[];
  /** The token of a person, with scopes. */
  personal(login: string, scopes?: readonly string[]): string;
  fineGrained(login: string, permissions: Permissions): string;
  /** The token of a workflow. */
  actions(permissions: Permissions): string;
  /** The token of an installation of some other App, as an action hands it out. */
  installation(slug: string, permissions: Permissions): string;
  /** An App that is installed here; its private key. */
  installApp(app: {
    readonly slug: string;
    readonly permissions: Permissions;
    readonly id?: number;
  }): FakeApp;
  withdraw(token: string): void;
  /** The fake's clock goes on. */
  advance(ms: number): void;
  branch(name: string, sha: string): void;
  openPullRequest(pull: NewPullRequest): Promise<number>;
  /** The branch goes on; open pull requests of it with it. */
  push(branch: string, sha: string): void;
  /** The head of a pull request from a fork goes on. */
  pushToFork(number: number, sha: string): void;
  /** Into its base as this commit; where there is a repository, the commit is pushed to the base by the test. */
  merge(number: number, sha: string): void;
  close(): Promise<void>;
  closePullRequest(number: number): void;
  /** A person writes. */
  say(number: number, login: string, body: string): number;
  comments(number: number): readonly StoredComment[];
  /** All that were ever written, the oldest first. */
  statuses(sha: string): readonly StoredStatus[];
  deployments(): readonly StoredDeployment[];
  pulls(): readonly StoredPull[];
}

export async function fakeGitHub(options: FakeGitHubOptions): Promise<FakeGitHub> {
  const description = openDescription();
  const clock = { aheadMs: 0 };
  const state = emptyState(options, () => server.url, clock);
  const mismatches: string[] = [];
  const server = await startServer({
    answer: async (request) => {
      if (options.git !== undefined) await readBranches(state, options.git);
      return answer(request, { state, description, mismatches });
    },
    needs: needsOf,
    authorization: (request) => nameOf(callerOf(state, request)),
    limited,
  });
  return {
    ...server,
    log: server.log,
    state,
    isDescribed: description !== null,
    mismatches,
    ...tokensOf(state),
    ...happenings(state, options),
    advance: (ms) => void (clock.aheadMs += ms),
    comments: (number) => state.comments.filter((comment) => comment.number === number),
    statuses: (sha) => state.statuses.filter((status) => status.sha === sha),
    deployments: () => state.deployments,
    pulls: () => state.pulls,
    close: async () => {
      await server.close();
      if (mismatches.length > 0)
        throw new Error(`This is not how GitHub describes its API:\n${mismatches.join('\n')}`);
    },
  };
}

/** As the forge does at each push: open pull requests go on with their branches. */
async function readBranches(state: State, git: string): Promise<void> {
  const format = '--format=%(objectname) %(refname:lstrip=2)';
  const { stdout } = await promisify(execFile)('git', ['-C', git, 'for-each-ref', format, 'refs/heads']);
  state.branches.clear();
  for (const line of stdout.split('\n').filter((one) => one !== '')) {
    const name = line.slice(line.indexOf(' ') + 1);
    setBranch(state, name, line.slice(0, line.indexOf(' ')));
  }
}

function setBranch(state: State, name: string, sha: string): void {
  state.branches.set(name, sha);
  for (const pull of state.pulls)
    if (pull.state === 'open' && pull.head === name && pull.headOwner === state.owner) pull.sha = sha;
}

function emptyState(
  { owner, name, isPrivate = true }: FakeGitHubOptions,
  apiUrl: () => string,
  clock: { readonly aheadMs: number },
): State {
  let id = 1_000;
  return {
    owner,
    name,
    isPrivate,
    isArchived: false,
    mayActionsPropose: true,
    refusesGraphql: false,
    apiUrl,
    tokens: new Map(),
    branches: new Map([['main', 'a'.repeat(40)]]),
    comments: [],
    statuses: [],
    deployments: [],
    pulls: [],
    app: null,
    nextId: () => ++id,
    nowMs: () => Date.now() + clock.aheadMs,
  };
}

interface Served {
  readonly state: State;
  readonly description: Description | null;
  readonly mismatches: string[];
}

function answer(request: Incoming, { state, description, mismatches }: Served): Reply {
  if (request.headers['user-agent'] === undefined)
    return failure(
      403,
      'Request forbidden by administrative rules. Make sure your request has a User-Agent.',
    );
  const found = findRoute(routes, request);
  if (found === null) {
    mismatches.push(`${request.method} ${request.path}: the fake knows no such route`);
    return failure(404, 'Not Found');
  }
  const { route, parameters } = found;
  const context = { state, caller: callerOf(state, request) };
  const wrong = description?.request(route, request, parameters) ?? [];
  mismatches.push(...wrong);
  if (wrong.length > 0) return failure(422, wrong.join('; '));
  const reply = barred(route, parameters, context) ?? route.answer({ request, parameters, context });
  mismatches.push(...(description?.reply(route, reply) ?? []));
  return reply;
}

/** What GitHub's own permissions call write. A token for an installation is no change to anything. */
function needsOf({ method, path }: Incoming): 'read' | 'write' {
  const isRead = method === 'GET' || path === '/graphql' || path.endsWith('/access_tokens');
  return isRead ? 'read' : 'write';
}

/** https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api */
function limited(fate: Parameters<Parameters<typeof startServer>[0]['limited']>[0]): Reply {
  const secondary =
    'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.';
  switch (fate.kind) {
    case 'limit':
      return { ...failure(fate.status, secondary), headers: { 'retry-after': String(fate.afterSeconds) } };
    case 'secondaryLimit':
      return {
        ...failure(403, secondary),
        headers: fate.afterSeconds === null ? {} : { 'retry-after': String(fate.afterSeconds) },
      };
    case 'primaryLimit':
      return {
        ...failure(403, 'API rate limit exceeded for user ID 1.'),
        headers: {
          'x-ratelimit-limit': '5000',
          'x-ratelimit-remaining': '0',
          'x-ratelimit-reset': String(Math.ceil(Date.now() / 1_000) + fate.resetSeconds),
        },
      };
  }
}

function tokensOf(
  state: State,
): Pick<FakeGitHub, 'personal' | 'fineGrained' | 'actions' | 'installation' | 'installApp' | 'withdraw'> {
  const add = (prefix: string, token: Omit<Token, 'expiresAtMs'>): string => {
    const text = `${prefix}${state.nextId()}x${'A'.repeat(24)}`;
    state.tokens.set(text, { ...token, expiresAtMs: null });
    return text;
  };
  const bot = (slug: string): Actor => ({ id: idOf(slug), login: `${slug}[bot]`, type: 'Bot' });
  return {
    personal: (login, scopes = ['repo']) =>
      add('ghp_', { kind: 'classic', actor: person(login), permissions: 'all', scopes }),
    fineGrained: (login, permissions) =>
      add('github_pat_', { kind: 'fineGrained', actor: person(login), permissions, scopes: [] }),
    actions: (permissions) =>
      add('ghs_', { kind: 'actions', actor: bot('github-actions'), permissions, scopes: [] }),
    installation: (slug, permissions) =>
      add('ghs_', { kind: 'installation', actor: bot(slug), permissions, scopes: [] }),
    installApp: ({ slug, permissions, id = 4_711 }) => {
      const { privateKey, publicKey } = keys();
      const app: FakeApp = { id, slug, installationId: 815, permissions, privateKey, publicKey };
      state.app = app;
      return app;
    },
    withdraw: (token) => void state.tokens.delete(token),
  };
}

let made: { readonly privateKey: string; readonly publicKey: string } | null = null;

function keys(): { readonly privateKey: string; readonly publicKey: string } {
  return (made ??= generateKeyPairSync('rsa', {
    modulusLength: 2_048,
    // As GitHub hands them out.
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  }));
}

function person(login: string): Actor {
  return { id: idOf(login), login, type: 'User' };
}

function idOf(login: string): number {
  return [...login].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 1_000_003, 7) + 100;
}

type Happenings = Pick<
  FakeGitHub,
  'branch' | 'openPullRequest' | 'push' | 'pushToFork' | 'merge' | 'closePullRequest' | 'say'
>;

function happenings(state: State, { git }: FakeGitHubOptions): Happenings {
  const pullOf = (number: number): StoredPull => {
    const pull = state.pulls.find((one) => one.number === number);
    if (pull === undefined) throw new Error(`there is no pull request ${number}`);
    return pull;
  };
  return {
    branch: (name, sha) => void state.branches.set(name, sha),
    openPullRequest: async ({ head, base = 'main', title = head, body, fork, sha, by = 'alice' }) => {
      if (git !== undefined) await readBranches(state, git);
      const commit = sha ?? state.branches.get(head) ?? 'b'.repeat(40);
      if (fork === undefined && git === undefined) state.branches.set(head, commit);
      const headOwner = fork ?? state.owner;
      const pull = { by: person(by), headOwner, head, base, title, body: body ?? null, sha: commit };
      return addPull(state, pull).number;
    },
    push: (branch, sha) => setBranch(state, branch, sha),
    pushToFork: (number, sha) => void (pullOf(number).sha = sha),
    merge: (number, sha) => {
      const pull = pullOf(number);
      Object.assign(pull, { state: 'closed', mergedSha: sha, updatedAt: timeOf(state) });
      state.branches.set(pull.base, sha);
    },
    closePullRequest: (number) => void Object.assign(pullOf(number), { state: 'closed' }),
    say: (number, login, body) => {
      const at = timeOf(state);
      const id = state.nextId();
      state.comments.push({ id, number, by: person(login), body, createdAt: at, updatedAt: at, edits: 0 });
      return id;
    },
  };
}
