import type { Route } from '../routes.js';
import type { Reply } from '../server.js';
import { failure, refusalOf, type Caller, type Needs } from './access.js';
import { appRoutes } from './app-routes.js';
import * as bodies from './bodies.js';
import { commentRoutes } from './comment-routes.js';
import { deploymentRoutes } from './deployment-routes.js';
import { pullRoutes } from './pull-routes.js';
import type { State } from './state.js';
import { statusRoutes } from './status-routes.js';

export interface Context {
  readonly state: State;
  readonly caller: Caller;
}

export type GithubRoute = Route<Context> & {
  /** Null: no matter of the repository. */
  readonly needs: Needs | null;
};

export const routes: readonly GithubRoute[] = [
  {
    method: 'GET',
    template: '/repos/{owner}/{repo}',
    needs: { any: ['metadata'], level: 'read' },
    answer: ({ context: { state, caller } }) => {
      const isClassic = caller.kind === 'token' && caller.token.kind === 'classic';
      return {
        status: 200,
        body: bodies.wholeRepositoryBody(state, {
          admin: false,
          maintain: false,
          push: true,
          triage: true,
          pull: true,
        }),
        ...(isClassic ? { headers: { 'x-oauth-scopes': caller.token.scopes.join(', ') } } : {}),
      };
    },
  },
  {
    method: 'GET',
    template: '/repos/{owner}/{repo}/actions/permissions/workflow',
    needs: { any: ['administration'], level: 'read' },
    answer: ({ context: { state } }) => ({
      status: 200,
      body: {
        default_workflow_permissions: 'read',
        can_approve_pull_request_reviews: state.mayActionsPropose,
      },
    }),
  },
  ...appRoutes,
  ...commentRoutes,
  ...statusRoutes,
  ...deploymentRoutes,
  ...pullRoutes,
];

/** Null: it may go on. */
export function barred(
  { needs }: GithubRoute,
  parameters: Record<string, string>,
  { state, caller }: Context,
): Reply | null {
  if (needs === null) return null;
  const { owner = '', repo = '' } = parameters;
  const isHere =
    owner.toLowerCase() === state.owner.toLowerCase() && repo.toLowerCase() === state.name.toLowerCase();
  // Who he is comes first; what he may not see is not there for him.
  const refusal = refusalOf(state, caller, needs);
  if (refusal?.status === 401) return refusal;
  return isHere ? refusal : failure(404, 'Not Found');
}
