import { actorOf, failure } from './access.js';
import { deploymentBody, deploymentStatusBody } from './bodies.js';
import { pageOf } from './paging.js';
import type { GithubRoute } from './routes.js';
import { timeOf, type State, type StoredDeployment } from './state.js';

const any = ['deployments'];
const all = '/repos/{owner}/{repo}/deployments';
const statuses = `${all}/{deployment_id}/statuses`;

export const deploymentRoutes: readonly GithubRoute[] = [
  {
    method: 'GET',
    template: all,
    needs: { any, level: 'read' },
    answer: ({ request, context: { state } }) => {
      const { query } = request;
      const wants = (name: string, value: string): boolean => (query.get(name) ?? value) === value;
      const found = state.deployments.filter(
        ({ sha, task, environment }) =>
          wants('sha', sha) && wants('task', task) && wants('environment', environment),
      );
      return {
        status: 200,
        body: pageOf(found.reverse(), request).map((one) => deploymentBody(state, one)),
      };
    },
  },
  {
    method: 'POST',
    template: all,
    needs: { any, level: 'write' },
    answer: ({ request, context: { state, caller } }) => {
      const wanted = request.body as Record<string, unknown>;
      // Without the list of required contexts GitHub waits for all checks, and answers 409 until they are good.
      if (wanted['auto_merge'] !== false || !Array.isArray(wanted['required_contexts']))
        return failure(409, 'Conflict: Commit status checks failed for main.');
      const environment = String(wanted['environment'] ?? 'production');
      const deployment: StoredDeployment = {
        id: state.nextId(),
        sha: String(wanted['ref']),
        task: String(wanted['task'] ?? 'deploy'),
        environment,
        description: String(wanted['description'] ?? ''),
        isTransient: wanted['transient_environment'] === true,
        isProduction: environment === 'production',
        by: actorOf(caller),
        at: timeOf(state),
        statuses: [],
      };
      state.deployments.push(deployment);
      return { status: 201, body: deploymentBody(state, deployment) };
    },
  },
  {
    method: 'GET',
    template: statuses,
    needs: { any, level: 'read' },
    answer: ({ request, parameters, context: { state } }) => {
      const deployment = deploymentOf(state, parameters);
      if (deployment === undefined) return failure(404, 'Not Found');
      const shown = pageOf([...deployment.statuses].reverse(), request);
      return { status: 200, body: shown.map((one) => deploymentStatusBody(state, deployment, one)) };
    },
  },
  {
    method: 'POST',
    template: statuses,
    needs: { any, level: 'write' },
    answer: ({ request, parameters, context: { state, caller } }) => {
      const deployment = deploymentOf(state, parameters);
      if (deployment === undefined) return failure(404, 'Not Found');
      const wanted = request.body as Record<string, string | undefined>;
      if ((wanted['description'] ?? '').length > 140) return failure(422, 'Validation Failed');
      const status = {
        id: state.nextId(),
        state: wanted['state'] ?? '',
        description: wanted['description'] ?? '',
        logUrl: wanted['log_url'] ?? '',
        environmentUrl: wanted['environment_url'] ?? '',
        by: actorOf(caller),
        at: timeOf(state),
      };
      deployment.statuses.push(status);
      if (status.state === 'success' && (request.body as { auto_inactive?: boolean }).auto_inactive !== false)
        makeFormerInactive(state, deployment);
      return { status: 201, body: deploymentStatusBody(state, deployment, status) };
    },
  },
];

function deploymentOf(
  { deployments }: State,
  parameters: Readonly<Record<string, string>>,
): StoredDeployment | undefined {
  return deployments.find(({ id }) => String(id) === parameters['deployment_id']);
}

/**
 * https://docs.github.com/rest/deployments/statuses: all prior deployments of that environment that are neither
 * transient nor of production, and that had succeeded.
 */
function makeFormerInactive(state: State, { id, environment, by }: StoredDeployment): void {
  for (const former of state.deployments) {
    const isFormer = former.id < id && former.environment === environment;
    if (!isFormer || former.isTransient || former.isProduction) continue;
    if (former.statuses.at(-1)?.state !== 'success') continue;
    former.statuses.push({
      id: state.nextId(),
      state: 'inactive',
      description: '',
      logUrl: '',
      environmentUrl: '',
      by,
      at: timeOf(state),
    });
  }
}
