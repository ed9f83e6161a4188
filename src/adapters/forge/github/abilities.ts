import { safe, type SafeText } from '../../../core/base/safe-text.js';
import type { Abilities, Able } from '../../../ports/forge.js';
import { Refusal, Silence } from '../parts/answers.js';
import { proposalsOff } from './failures.js';
import type { AppFacts } from './credentials.js';
import type { Author, Call } from './call.js';

type Remark = Abilities['remarks'][number];
type May = Pick<Abilities, 'comments' | 'statuses' | 'deployments' | 'pushes' | 'proposals'>;

interface Found {
  readonly may: May;
  readonly remarks: readonly Remark[];
}

interface Repository {
  readonly isPrivate: boolean;
  readonly isArchived: boolean;
  /** Of the user, whatever the token; undefined: not told. */
  readonly maySend: boolean | undefined;
  /** Of a classic token; null: it is none. */
  readonly scopes: readonly string[] | null;
}

export async function findAbilities(call: Call): Promise<Abilities> {
  const repository = await readRepository(call);
  const author = await call.author();
  const app = await call.credentials.app();
  const startsChecks: Able = author.isActions ? 'no' : 'yes';
  const { may, remarks } = repository.isArchived
    ? { may: all('no'), remarks: [archived] }
    : await findMay(call, repository, { author, app });
  return {
    author: author.login,
    ...may,
    startsChecks,
    remarks: author.isActions && may.proposals !== 'no' ? [...remarks, noChecks] : remarks,
  };
}

async function readRepository(call: Call): Promise<Repository> {
  const { data, headers } = await call.ask((request) => request('GET /repos/{owner}/{repo}', call.at));
  const scopes = headers['x-oauth-scopes'];
  return {
    isPrivate: data.private,
    isArchived: data.archived,
    maySend: data.permissions?.push,
    scopes: scopes === undefined || scopes === '' ? null : scopes.split(',').map((scope) => scope.trim()),
  };
}

async function findMay(
  call: Call,
  repository: Repository,
  { author, app }: { readonly author: Author; readonly app: AppFacts | null },
): Promise<Found> {
  if (app !== null) return byPermissions(app.permissions);
  if (author.isActions) return await ofActions(call);
  if (repository.scopes !== null) return byScopes(repository.scopes, repository);
  if (repository.maySend === false) return { may: { ...all('no'), comments: 'unknown' }, remarks: [noRole] };
  return { may: all('unknown'), remarks: [unknownPermissions] };
}

function all(able: Able): May {
  return { comments: able, statuses: able, deployments: able, pushes: able, proposals: able };
}

/** What an App was given at its installation. */
function byPermissions(given: AppFacts['permissions']): Found {
  const has = (...names: string[]): Able =>
    names.some((name) => given[name] === 'write' || given[name] === 'admin') ? 'yes' : 'no';
  const may: May = {
    comments: has('pull_requests', 'issues'),
    statuses: has('statuses'),
    deployments: has('deployments'),
    pushes: has('contents'),
    proposals: has('pull_requests'),
  };
  const missing = (Object.keys(needed) as (keyof May)[]).filter((what) => may[what] === 'no');
  return { may, remarks: [...new Set(missing.map((what) => needed[what]))].map(missingPermission) };
}

const needed: Readonly<Record<keyof May, string>> = {
  comments: 'Pull requests',
  statuses: 'Commit statuses',
  deployments: 'Deployments',
  pushes: 'Contents',
  proposals: 'Pull requests',
};

function missingPermission(name: string): Remark {
  return remark(
    'forge.permission',
    `The App may not write: ${name}`,
    `Give the App the permission ${name}: Read and write, and accept it for the installation`,
  );
}

/** https://docs.github.com/apps/oauth-apps/building-oauth-apps/scopes-for-oauth-apps */
function byScopes(scopes: readonly string[], { isPrivate, maySend }: Repository): Found {
  const whole = scopes.includes('repo') || (!isPrivate && scopes.includes('public_repo'));
  if (whole && maySend === false) return { may: { ...all('no'), comments: 'yes' }, remarks: [noRole] };
  const able = (...some: string[]): Able =>
    whole || some.some((scope) => scopes.includes(scope)) ? 'yes' : 'no';
  const may: May = {
    comments: able(),
    statuses: able('repo:status'),
    deployments: able('repo_deployment'),
    pushes: able(),
    proposals: able(),
  };
  const scope = isPrivate ? 'repo' : 'public_repo';
  const remarks = whole
    ? []
    : [
        remark(
          'forge.permission',
          `The token lacks the scope ${scope}`,
          `Make a token with the scope ${scope}`,
        ),
      ];
  return { may, remarks };
}

/** The permissions of a job cannot be read from within it; the setting about pull requests sometimes can. */
async function ofActions(call: Call): Promise<Found> {
  const isAllowed = await mayActionsPropose(call);
  const proposals: Able = isAllowed === false ? 'no' : 'unknown';
  const [code, text, fix] = proposalsOff;
  const setting =
    isAllowed === true
      ? []
      : [
          remark(
            code,
            isAllowed === false ? text : 'Whether GitHub Actions may open pull requests here is not known',
            fix,
          ),
        ];
  return { may: { ...all('unknown'), proposals }, remarks: [unknownPermissionsOfJob, ...setting] };
}

/** Null: it is not shown. */
async function mayActionsPropose(call: Call): Promise<boolean | null> {
  try {
    const { data } = await call.ask((request) =>
      request('GET /repos/{owner}/{repo}/actions/permissions/workflow', call.at),
    );
    return data.can_approve_pull_request_reviews;
  } catch (error) {
    if (error instanceof Silence) throw error;
    if (error instanceof Refusal) return null;
    throw error;
  }
}

function remark(code: string, message: string, fix: string): Remark {
  const text = (words: string): SafeText => safe(words);
  return { code, message: text(message), fix: text(fix) };
}

const archived = remark('forge.archived', 'The repository is archived', 'Take it out of the archive');

const noChecks = remark(
  'forge.noChecks',
  'GitHub starts no workflow by itself for what the token of a workflow pushes or opens, so the required checks of a revert pull request wait',
  'Give a token or an App of your own',
);

const noRole = remark(
  'forge.permission',
  'The user of the token may not push to the repository',
  'Give the user the role Write in the repository',
);

const unknownPermissions = remark(
  'forge.permissionsUnknown',
  'GitHub does not tell what this token may do',
  'Compare its permissions with docs/guides/forge.md',
);

const unknownPermissionsOfJob = remark(
  'forge.permissionsUnknown',
  'GitHub does not tell what the token of this job may do',
  'Compare "permissions:" of the workflow with docs/guides/forge.md',
);
