import { failure, routes } from './gitea/routes.js';
import type { GiteaComment, GiteaPull, GiteaState, GiteaStatus } from './gitea/state.js';
import { findRoute } from './routes.js';
import { startServer, type FakeServer, type Incoming, type Reply } from './server.js';

const prefix = '/api/v1';

/** A Gitea of one repository: stateful, on 127.0.0.1. */
export interface FakeGitea extends FakeServer {
  readonly state: GiteaState;
  /** `all` but `read:user` is what a token may lack. */
  token(login: string, scopes?: readonly string[]): string;
  branch(name: string, sha: string): void;
  openPullRequest(pull: {
    readonly head: string;
    readonly base?: string;
    readonly title?: string;
    readonly fork?: string;
    readonly sha?: string;
  }): Promise<number>;
  push(branch: string, sha: string): void;
  merge(number: number, sha: string): void;
  closePullRequest(number: number): void;
  say(number: number, login: string, body: string): number;
  comments(number: number): readonly GiteaComment[];
  statuses(sha: string): readonly GiteaStatus[];
  pulls(): readonly GiteaPull[];
}

export async function fakeGitea({ owner, name }: { owner: string; name: string }): Promise<FakeGitea> {
  let id = 1_000;
  const state: GiteaState = {
    owner,
    name,
    isArchived: false,
    tokens: new Map(),
    branches: new Map([['main', 'a'.repeat(40)]]),
    comments: [],
    statuses: [],
    pulls: [],
    labels: new Map(),
    nextId: () => ++id,
  };
  const server = await startServer({
    answer: (request) => answer(request, state),
    needs: ({ method }) => (method === 'GET' ? 'read' : 'write'),
    authorization: (request) => (tokenOf(request, state) === undefined ? 'none' : 'token'),
    limited: (fate) => ({
      status: 429,
      ...('afterSeconds' in fate ? { headers: { 'retry-after': String(fate.afterSeconds) } } : {}),
    }),
  });
  return {
    ...server,
    url: `${server.url}${prefix}`,
    state,
    token: (login, scopes = ['write:repository', 'write:issue', 'read:user']) => {
      const text = `${state.nextId()}${'f'.repeat(36)}`;
      state.tokens.set(text, { login, scopes });
      return text;
    },
    ...happenings(state),
    comments: (number) => state.comments.filter((comment) => comment.number === number),
    statuses: (sha) => state.statuses.filter((status) => status.sha === sha),
    pulls: () => state.pulls,
  };
}

function tokenOf({ headers }: Incoming, state: GiteaState): ReturnType<GiteaState['tokens']['get']> {
  return state.tokens.get(String(headers['authorization'] ?? '').replace(/^token /, ''));
}

function answer(request: Incoming, state: GiteaState): Reply {
  const found = findRoute(routes, { ...request, path: request.path.slice(prefix.length) });
  if (found === null || !request.path.startsWith(prefix)) return failure(404, 'page not found');
  const { route, parameters } = found;
  const token = tokenOf(request, state);
  if (token === undefined) return failure(401, 'user does not exist [uid: 0, name: ]');
  const [level, area] = route.scope.split(':');
  const has =
    token.scopes.includes(`write:${area}`) || (level === 'read' && token.scopes.includes(route.scope));
  if (!has) return failure(403, `token does not have at least one of required scope(s): [${route.scope}]`);
  const { owner = state.owner, repo = state.name } = parameters;
  if (owner !== state.owner || repo !== state.name) return failure(404, "The target couldn't be found.");
  if (level === 'write' && state.isArchived) return failure(423, `${state.name} is archived`);
  return route.answer({ request, parameters, context: { state, token } });
}

type Happenings = Pick<
  FakeGitea,
  'branch' | 'openPullRequest' | 'push' | 'merge' | 'closePullRequest' | 'say'
>;

function happenings(state: GiteaState): Happenings {
  const change = (number: number, to: Partial<GiteaPull>): void => {
    const pull = state.pulls.find((one) => one.number === number);
    if (pull === undefined) throw new Error(`there is no pull request ${number}`);
    Object.assign(pull, to);
  };
  return {
    branch: (name, sha) => void state.branches.set(name, sha),
    openPullRequest: ({ head, base = 'main', title = head, fork, sha = 'b'.repeat(40) }) => {
      if (fork === undefined) state.branches.set(head, sha);
      const pull: GiteaPull = {
        number: state.pulls.length + 1,
        by: { login: 'alice' },
        fork: fork ?? null,
        head,
        base,
        title,
        body: '',
        state: 'open',
        sha,
        mergedSha: null,
        labels: [],
      };
      state.pulls.push(pull);
      return Promise.resolve(pull.number);
    },
    push: (branch, sha) => {
      state.branches.set(branch, sha);
      for (const pull of state.pulls) if (pull.state === 'open' && pull.head === branch) pull.sha = sha;
    },
    merge: (number, sha) => change(number, { state: 'closed', mergedSha: sha }),
    closePullRequest: (number) => change(number, { state: 'closed' }),
    say: (number, login, body) => {
      const id = state.nextId();
      state.comments.push({ id, number, by: { login }, body, edits: 0 });
      return id;
    },
  };
}
