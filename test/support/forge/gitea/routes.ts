import type { Route } from '../routes.js';
import type { Incoming, Reply } from '../server.js';
import * as bodies from './bodies.js';
import type { GiteaPull, GiteaState, GiteaToken } from './state.js';

export interface GiteaContext {
  readonly state: GiteaState;
  readonly token: GiteaToken;
}

/** `scope`: that a token needs one of. */
export type GiteaRoute = Route<GiteaContext> & { readonly scope: string };

export function failure(status: number, message: string): Reply {
  return { status, body: { message, url: 'https://gitea.example.com/api/swagger' } };
}

const here = '/repos/{owner}/{repo}';
const maximumPage = 50;

function pageOf<T>(items: readonly T[], { query }: Incoming): readonly T[] {
  const size = Math.min(Number(query.get('limit') ?? 30), maximumPage);
  const page = Number(query.get('page') ?? 1);
  return items.slice((page - 1) * size, page * size);
}

function pullOf(state: GiteaState, parameters: Readonly<Record<string, string>>): GiteaPull | undefined {
  return state.pulls.find(({ number }) => String(number) === parameters['index']);
}

export const routes: readonly GiteaRoute[] = [
  {
    method: 'GET',
    template: '/user',
    scope: 'read:user',
    answer: ({ context: { token } }) => ({ status: 200, body: bodies.userBody(token.login) }),
  },
  {
    method: 'GET',
    template: here,
    scope: 'read:repository',
    answer: ({ context: { state } }) => ({ status: 200, body: bodies.repositoryBody(state, true) }),
  },
  {
    method: 'GET',
    template: `${here}/issues/{index}/comments`,
    scope: 'read:issue',
    answer: ({ parameters, context: { state } }) => {
      const pull = pullOf(state, parameters);
      if (pull === undefined) return failure(404, 'issue does not exist');
      const found = state.comments.filter(({ number }) => number === pull.number);
      return { status: 200, body: found.map((one) => bodies.commentBody(state, one)) };
    },
  },
  {
    method: 'POST',
    template: `${here}/issues/{index}/comments`,
    scope: 'write:issue',
    answer: ({ request, parameters, context: { state, token } }) => {
      const pull = pullOf(state, parameters);
      if (pull === undefined) return failure(404, 'issue does not exist');
      const { body } = request.body as { body: string };
      const comment = { id: state.nextId(), number: pull.number, by: { login: token.login }, body, edits: 0 };
      state.comments.push(comment);
      return { status: 201, body: bodies.commentBody(state, comment) };
    },
  },
  {
    method: 'PATCH',
    template: `${here}/issues/comments/{id}`,
    scope: 'write:issue',
    answer: ({ request, parameters, context: { state } }) => {
      const comment = state.comments.find(({ id }) => String(id) === parameters['id']);
      if (comment === undefined) return failure(404, 'comment does not exist');
      comment.body = (request.body as { body: string }).body;
      comment.edits++;
      return { status: 200, body: bodies.commentBody(state, comment) };
    },
  },
  {
    method: 'DELETE',
    template: `${here}/issues/comments/{id}`,
    scope: 'write:issue',
    answer: ({ parameters, context: { state } }) => {
      const index = state.comments.findIndex(({ id }) => String(id) === parameters['id']);
      if (index < 0) return failure(404, 'comment does not exist');
      state.comments.splice(index, 1);
      return { status: 204 };
    },
  },
  {
    method: 'GET',
    template: `${here}/commits/{ref}/status`,
    scope: 'read:repository',
    answer: ({ request, parameters, context: { state } }) => {
      const sha = parameters['ref'] ?? '';
      const latest = new Map(
        state.statuses.filter((one) => one.sha === sha).map((one) => [one.context, one]),
      );
      // As Gitea does: nothing at all where there is none.
      if (latest.size === 0) return { status: 200 };
      const statuses = pageOf([...latest.values()], request).map(bodies.statusBody);
      return {
        status: 200,
        body: {
          state: 'pending',
          sha,
          total_count: latest.size,
          statuses: statuses.length > 0 ? statuses : null,
        },
      };
    },
  },
  {
    method: 'POST',
    template: `${here}/statuses/{sha}`,
    scope: 'write:repository',
    answer: ({ request, parameters, context: { state, token } }) => {
      const wanted = request.body as Record<string, string>;
      const status = {
        id: state.nextId(),
        sha: parameters['sha'] ?? '',
        state: wanted['state'] ?? '',
        context: wanted['context'] ?? 'default',
        description: wanted['description'] ?? '',
        targetUrl: wanted['target_url'] ?? '',
        by: { login: token.login },
      };
      state.statuses.push(status);
      return { status: 201, body: bodies.statusBody(status) };
    },
  },
  {
    method: 'GET',
    template: `${here}/commits/{sha}/pull`,
    scope: 'read:repository',
    answer: ({ parameters, context: { state } }) => {
      const found = state.pulls.find(({ mergedSha }) => mergedSha === parameters['sha']);
      return found === undefined
        ? failure(404, 'pull request does not exist')
        : { status: 200, body: bodies.pullBody(state, found) };
    },
  },
  {
    method: 'GET',
    template: `${here}/pulls`,
    scope: 'read:repository',
    answer: ({ request, context: { state } }) => {
      const wanted = request.query.get('state') ?? 'open';
      const found = state.pulls.filter((pull) => wanted === 'all' || pull.state === wanted).reverse();
      return { status: 200, body: pageOf(found, request).map((pull) => bodies.pullBody(state, pull)) };
    },
  },
  {
    method: 'POST',
    template: `${here}/pulls`,
    scope: 'write:repository',
    answer: ({ request, context: { state, token } }) => {
      const { head = '', base = '', title = '', body = '' } = request.body as Record<string, string>;
      if (!state.branches.has(head) || !state.branches.has(base))
        return failure(404, "the target couldn't be found.");
      if (state.pulls.some((one) => one.state === 'open' && one.head === head && one.base === base))
        return failure(409, 'pull request already exists for these targets');
      const pull: GiteaPull = {
        number: state.pulls.length + 1,
        by: { login: token.login },
        fork: null,
        head,
        base,
        title,
        body,
        state: 'open',
        sha: state.branches.get(head) ?? '',
        mergedSha: null,
        labels: [],
      };
      state.pulls.push(pull);
      return { status: 201, body: bodies.pullBody(state, pull) };
    },
  },
  {
    method: 'GET',
    template: `${here}/compare/{basehead}`,
    scope: 'read:repository',
    answer: ({ parameters, context: { state } }) => {
      const [base = '', head = ''] = (parameters['basehead'] ?? '').split('...');
      if (!state.branches.has(head)) return failure(404, 'head does not exist');
      const isSame = state.branches.get(base) === state.branches.get(head);
      return { status: 200, body: { total_commits: isSame ? 0 : 1, commits: [] } };
    },
  },
  {
    method: 'GET',
    template: `${here}/pulls/{index}`,
    scope: 'read:repository',
    answer: ({ parameters, context: { state } }) => {
      const pull = pullOf(state, parameters);
      return pull === undefined
        ? failure(404, 'pull request does not exist')
        : { status: 200, body: bodies.pullBody(state, pull) };
    },
  },
  {
    method: 'PATCH',
    template: `${here}/pulls/{index}`,
    scope: 'write:repository',
    answer: ({ request, parameters, context: { state } }) => {
      const pull = pullOf(state, parameters);
      if (pull === undefined) return failure(404, 'pull request does not exist');
      const { title = pull.title, body = pull.body } = request.body as { title?: string; body?: string };
      Object.assign(pull, { title, body });
      return { status: 201, body: bodies.pullBody(state, pull) };
    },
  },
  {
    method: 'GET',
    template: `${here}/labels`,
    scope: 'read:issue',
    answer: ({ request, context: { state } }) => ({
      status: 200,
      body: pageOf([...state.labels.keys()], request).map((name) => bodies.labelBody(state, name)),
    }),
  },
  {
    method: 'POST',
    template: `${here}/labels`,
    scope: 'write:issue',
    answer: ({ request, context: { state } }) => {
      const { name = '', color } = request.body as Record<string, string>;
      if (!/^#?[0-9a-f]{6}$/i.test(color ?? '')) return failure(422, `invalid color: ${color}`);
      state.labels.set(name, state.nextId());
      return { status: 201, body: bodies.labelBody(state, name) };
    },
  },
  {
    method: 'POST',
    template: `${here}/issues/{index}/labels`,
    scope: 'write:issue',
    answer: ({ request, parameters, context: { state } }) => {
      const pull = pullOf(state, parameters);
      if (pull === undefined) return failure(404, 'issue does not exist');
      const { labels: ids } = request.body as { labels: readonly number[] };
      const names = [...state.labels].filter(([, id]) => ids.includes(id)).map(([name]) => name);
      pull.labels = [...new Set([...pull.labels, ...names])];
      return { status: 200, body: pull.labels.map((name) => bodies.labelBody(state, name)) };
    },
  },
];
