import type { Deployment } from '../../../ports/forge.js';
import { makeOnce } from '../parts/once.js';
import { perPage } from './pages.js';
import type { Call } from './call.js';

/** Ours among the deployments of an environment that somebody else may use as well. */
const task = 'deploy:heliostat';

/**
 * GitHub's environment is `domain/solution`: with each success it makes the former deployments of that environment
 * inactive, and those of another solution must not be.
 */
function environmentOf({ environment, solution }: Deployment): string {
  return `${environment}/${solution}`;
}

const states = {
  queued: 'queued',
  inProgress: 'in_progress',
  success: 'success',
  failure: 'failure',
  inactive: 'inactive',
} as const;

export async function writeOurDeployment(call: Call, deployment: Deployment): Promise<null> {
  const id = await findOrCreate(call, deployment);
  if (id === null) return null;
  const find = async (): Promise<true | null> => {
    const [latest] = await statusesOf(call, id);
    return latest !== undefined && isSame(latest, deployment) ? true : null;
  };
  if ((await find()) === null)
    await makeOnce(async () => (await postStatus(call, id, deployment), true), find, call.patience);
  return null;
}

/** Null: nothing is to be said of what never was, or is over. */
async function findOrCreate(call: Call, deployment: Deployment): Promise<number | null> {
  const known = await newest(call, deployment);
  const history = known === null ? [] : await statusesOf(call, known);
  const isOver = history[0]?.state === 'inactive';
  if (known !== null && !isOver) return known;
  if (deployment.state === 'inactive') return null;
  // A repetition of what was said before a later deployment made this one inactive; else the revision has come back.
  if (history.some((status) => isSame(status, deployment))) return null;
  return await makeOnce(
    () => create(call, deployment),
    async () => {
      const found = await newest(call, deployment);
      return found === known ? null : found;
    },
    call.patience,
  );
}

async function newest(call: Call, deployment: Deployment): Promise<number | null> {
  const { data } = await call.ask((request) =>
    request('GET /repos/{owner}/{repo}/deployments', {
      ...call.at,
      sha: deployment.revision,
      environment: environmentOf(deployment),
      task,
      per_page: perPage,
    }),
  );
  const ids = data.map(({ id }) => Number(id));
  return ids.length === 0 ? null : Math.max(...ids);
}

async function create(call: Call, deployment: Deployment): Promise<number> {
  const { data } = await call.ask((request) =>
    request('POST /repos/{owner}/{repo}/deployments', {
      ...call.at,
      ref: deployment.revision,
      task,
      environment: environmentOf(deployment),
      description: `${deployment.solution} in ${deployment.environment}`,
      // It tells what happens; merging and waiting for checks are nobody's wish here.
      auto_merge: false,
      required_contexts: [],
      transient_environment: false,
    }),
  );
  if ('id' in data) return Number(data.id);
  throw new Error('a deployment that merges nothing is created or refused');
}

interface ApiDeploymentStatus {
  readonly id: number | bigint;
  readonly state: string;
  readonly description: string;
  readonly log_url?: string | undefined;
  readonly environment_url?: string | undefined;
}

/** The newest first. */
async function statusesOf(call: Call, deployment_id: number): Promise<readonly ApiDeploymentStatus[]> {
  const { data } = await call.ask((request) =>
    request('GET /repos/{owner}/{repo}/deployments/{deployment_id}/statuses', {
      ...call.at,
      deployment_id,
      per_page: perPage,
    }),
  );
  return [...data].sort((a, b) => Number(b.id) - Number(a.id));
}

function isSame(found: ApiDeploymentStatus, deployment: Deployment): boolean {
  return (
    found.state === states[deployment.state] &&
    found.description === deployment.description &&
    (found.log_url ?? '') === (deployment.logUrl ?? '') &&
    (found.environment_url ?? '') === (deployment.environmentUrl ?? '')
  );
}

async function postStatus(call: Call, deployment_id: number, deployment: Deployment): Promise<void> {
  const { logUrl, environmentUrl } = deployment;
  await call.ask((request) =>
    request('POST /repos/{owner}/{repo}/deployments/{deployment_id}/statuses', {
      ...call.at,
      deployment_id,
      state: states[deployment.state],
      description: deployment.description,
      ...(logUrl === null ? {} : { log_url: logUrl }),
      ...(environmentUrl === null ? {} : { environment_url: environmentUrl }),
      auto_inactive: true,
    }),
  );
}
