import { actorOf, failure } from './access.js';
import { pullBody, wholePullBody } from './bodies.js';
import { pageOf } from './paging.js';
import type { GithubRoute } from './routes.js';
import { timeOf, type State, type StoredPull } from './state.js';

const any = ['pull_requests'];
const all = '/repos/{owner}/{repo}/pulls';
const one = `${all}/{pull_number}`;

export const pullRoutes: readonly GithubRoute[] = [
  {
    method: 'GET',
    template: all,
    needs: { any, level: 'read' },
    answer: ({ request, context: { state } }) => {
      const { query } = request;
      const wanted = query.get('state') ?? 'open';
      const head = query.get('head');
      const found = state.pulls.filter(
        (pull) =>
          (wanted === 'all' || pull.state === wanted) &&
          // A head without its owner is no condition.
          (head === null || !head.includes(':') || `${pull.headOwner}:${pull.head}` === head) &&
          (query.get('base') ?? pull.base) === pull.base,
      );
      return { status: 200, body: pageOf(found.reverse(), request).map((pull) => pullBody(state, pull)) };
    },
  },
  {
    method: 'POST',
    template: all,
    needs: { any, level: 'write' },
    answer: ({ request, context: { state, caller } }) => {
      const isActions = caller.kind === 'token' && caller.token.kind === 'actions';
      if (isActions && !state.mayActionsPropose)
        return failure(403, 'GitHub Actions is not permitted to create or approve pull requests.');
      const { head, base, title, body } = request.body as Record<string, string>;
      const refusal = invalid(state, head ?? '', base ?? '');
      if (refusal !== null) return refusal;
      const pull = addPull(state, {
        by: actorOf(caller),
        headOwner: state.owner,
        head: head ?? '',
        base: base ?? '',
        title: title ?? '',
        body: body ?? null,
        sha: state.branches.get(head ?? '') ?? '',
      });
      return { status: 201, body: wholePullBody(state, pull) };
    },
  },
  {
    method: 'GET',
    template: one,
    needs: { any, level: 'read' },
    answer: ({ parameters, context: { state } }) => {
      const pull = pullOf(state, parameters);
      return pull === undefined
        ? failure(404, 'Not Found')
        : { status: 200, body: wholePullBody(state, pull) };
    },
  },
  {
    method: 'PATCH',
    template: one,
    needs: { any, level: 'write' },
    answer: ({ request, parameters, context: { state } }) => {
      const pull = pullOf(state, parameters);
      if (pull === undefined) return failure(404, 'Not Found');
      const { title, body } = request.body as { title?: string; body?: string };
      if (title !== undefined) pull.title = title;
      if (body !== undefined) pull.body = body;
      pull.updatedAt = timeOf(state);
      return { status: 200, body: wholePullBody(state, pull) };
    },
  },
  {
    method: 'GET',
    template: '/repos/{owner}/{repo}/commits/{commit_sha}/pulls',
    needs: { any: ['pull_requests', 'contents'], level: 'read' },
    answer: ({ request, parameters, context: { state } }) => {
      const sha = parameters['commit_sha'] ?? '';
      const merged = state.pulls.filter(({ mergedSha }) => mergedSha === sha);
      const found = merged.length > 0 ? merged : state.pulls.filter((pull) => pull.sha === sha);
      if (!/^[0-9a-f]{40}$/.test(sha) || (found.length === 0 && !isKnown(state, sha)))
        return failure(422, `No commit found for SHA: ${sha}`);
      return { status: 200, body: pageOf(found, request).map((pull) => pullBody(state, pull)) };
    },
  },
];

function isKnown({ branches }: State, sha: string): boolean {
  return [...branches.values()].includes(sha);
}

function pullOf({ pulls }: State, parameters: Readonly<Record<string, string>>): StoredPull | undefined {
  return pulls.find(({ number }) => String(number) === parameters['pull_number']);
}

function invalid(state: State, head: string, base: string): ReturnType<GithubRoute['answer']> | null {
  const wrong = (error: Record<string, string>) =>
    failure(422, 'Validation Failed', [{ resource: 'PullRequest', ...error }]);
  for (const [field, branch] of Object.entries({ head, base }))
    if (!state.branches.has(branch)) return wrong({ field, code: 'invalid' });
  const isOpen = state.pulls.some(
    (pull) =>
      pull.state === 'open' && pull.head === head && pull.base === base && pull.headOwner === state.owner,
  );
  if (isOpen)
    return wrong({ code: 'custom', message: `A pull request already exists for ${state.owner}:${head}.` });
  return state.branches.get(head) === state.branches.get(base)
    ? wrong({ code: 'custom', message: `No commits between ${base} and ${head}` })
    : null;
}

type NewPull = Pick<StoredPull, 'by' | 'headOwner' | 'head' | 'base' | 'title' | 'body' | 'sha'>;

export function addPull(state: State, pull: NewPull): StoredPull {
  const at = timeOf(state);
  const added: StoredPull = {
    ...pull,
    number: state.pulls.length + 1,
    id: state.nextId(),
    state: 'open',
    mergedSha: null,
    labels: [],
    createdAt: at,
    updatedAt: at,
  };
  state.pulls.push(added);
  return added;
}
