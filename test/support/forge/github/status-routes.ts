import { actorOf, failure } from './access.js';
import { combinedStatusBody, statusBody } from './bodies.js';
import { pageOf } from './paging.js';
import type { GithubRoute } from './routes.js';
import { timeOf, type StoredStatus } from './state.js';

const any = ['statuses'];
/** https://docs.github.com/rest/commits/statuses: of one commit and context. */
const maximum = 1_000;

export const statusRoutes: readonly GithubRoute[] = [
  {
    method: 'GET',
    template: '/repos/{owner}/{repo}/commits/{ref}/status',
    needs: { any, level: 'read' },
    answer: ({ request, parameters, context: { state } }) => {
      const sha = parameters['ref'] ?? '';
      const latest = latestOf(state.statuses.filter((status) => status.sha === sha));
      return {
        status: 200,
        body: combinedStatusBody(state, { sha, latest, shown: pageOf(latest, request) }),
      };
    },
  },
  {
    method: 'POST',
    template: '/repos/{owner}/{repo}/statuses/{sha}',
    needs: { any, level: 'write' },
    answer: ({ request, parameters, context: { state, caller } }) => {
      const sha = parameters['sha'] ?? '';
      const wanted = request.body as {
        state: string;
        context?: string;
        description?: string | null;
        target_url?: string | null;
      };
      const { context = 'default', description = null, target_url = null } = wanted;
      if (!/^[0-9a-f]{40}$/.test(sha)) return failure(422, `No commit found for SHA: ${sha}`);
      if ((description ?? '').length > 140)
        return failure(422, 'Validation Failed', [
          {
            resource: 'Status',
            code: 'custom',
            field: 'description',
            message: 'description is too long (maximum is 140 characters)',
          },
        ]);
      const before = state.statuses.filter((one) => one.sha === sha && isSame(one.context, context));
      if (before.length >= maximum)
        return failure(422, 'Validation Failed', [
          'This SHA and context has reached the maximum number of statuses.',
        ]);
      const status: StoredStatus = {
        id: state.nextId(),
        sha,
        state: wanted.state,
        context,
        description,
        targetUrl: target_url,
        by: actorOf(caller),
        at: timeOf(state),
      };
      state.statuses.push(status);
      return { status: 201, body: statusBody(state, status) };
    },
  },
];

/** The newest of each context. */
export function latestOf(statuses: readonly StoredStatus[]): readonly StoredStatus[] {
  const latest = new Map(statuses.map((status) => [status.context.toLowerCase(), status]));
  return [...latest.values()];
}

function isSame(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
