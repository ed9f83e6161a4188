import type { Json, JsonMap } from '../../core/base/data.js';
import { isMap } from '../../core/base/data.js';
import type { Revision } from '../../core/base/names.js';
import { Failure } from '../cli/operations.js';

/** Why the workflow runs, and what it is about: the event, as far as it can be relied on. */
export interface Occasion {
  readonly event: 'pullRequest' | 'mergeGroup' | 'push' | 'schedule' | 'manual';
  /** `https://github.com/acme/shop`. */
  readonly repositoryUrl: string;
  readonly owner: string;
  readonly name: string;
  readonly serverUrl: string;
  readonly apiUrl: string;
  /** To be fetched, and looked at; null: the tip of the tracked branch. */
  readonly ref: string | null;
  /** The commit that the forge says it is. */
  readonly revision: Revision | null;
  /** What it is to be compared with. */
  readonly base: Revision | null;
  readonly pullRequest: ChangedPullRequest | null;
  /** Of this run, for people. */
  readonly runUrl: string | null;
  readonly actor: string;
}

export interface ChangedPullRequest {
  readonly number: number;
  readonly head: Revision;
  readonly baseBranch: string;
  /** From another repository: its workflow has a token that may only read, and no secret. */
  readonly isFork: boolean;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** From the runner's environment and the event's payload. @throws {Failure} outside of a workflow. */
export function occasionOf(env: Environment, payload: Json): Occasion {
  const [owner = '', name = ''] = needed(env, 'GITHUB_REPOSITORY').split('/');
  const serverUrl = env['GITHUB_SERVER_URL'] ?? 'https://github.com';
  const run = env['GITHUB_RUN_ID'];
  const common = {
    repositoryUrl: `${serverUrl}/${owner}/${name}`,
    owner,
    name,
    serverUrl,
    apiUrl: env['GITHUB_API_URL'] ?? 'https://api.github.com',
    runUrl: run === undefined ? null : `${serverUrl}/${owner}/${name}/actions/runs/${run}`,
    actor: env['GITHUB_ACTOR'] ?? 'somebody',
  };
  return { ...common, ...aboutOf(env, isMap(payload) ? payload : {}) };
}

type About = Pick<Occasion, 'event' | 'ref' | 'revision' | 'base' | 'pullRequest'>;

function aboutOf(env: Environment, payload: JsonMap): About {
  const sha = revisionOf(env['GITHUB_SHA']);
  const nothing = { base: null, pullRequest: null };
  switch (env['GITHUB_EVENT_NAME']) {
    case 'pull_request_target':
      throw new Failure(
        'action.target',
        'on: pull_request_target hands the secrets of this repository to whatever a fork proposes',
        'Write on: pull_request. A fork is planned then too, with a token that may only read.',
      );
    case 'pull_request':
      return pullRequestOf(map(payload['pull_request']), sha);
    // Anybody may write a comment, and it would run with what a push runs with.
    case 'issue_comment':
    case 'pull_request_review_comment':
    case 'discussion_comment':
      throw new Failure(
        'action.event',
        `${env['GITHUB_EVENT_NAME']} is started by anybody who may write a comment`,
        'Run it on: pull_request, merge_group, push, schedule or workflow_dispatch.',
      );
    case 'merge_group': {
      const group = map(payload['merge_group']);
      const ref = textOf(group['head_ref']) ?? env['GITHUB_REF'] ?? null;
      const head = revisionOf(group['head_sha']) ?? sha;
      return {
        event: 'mergeGroup',
        ref,
        revision: head,
        base: revisionOf(group['base_sha']),
        pullRequest: null,
      };
    }
    case 'push':
      return { ...nothing, event: 'push', ref: env['GITHUB_REF'] ?? null, revision: sha };
    case 'schedule':
      return { ...nothing, event: 'schedule', ref: null, revision: null };
    default:
      return { ...nothing, event: 'manual', ref: null, revision: null };
  }
}

/** The commit that a merge would make is what is looked at: it is what would be applied. */
function pullRequestOf(request: JsonMap, sha: Revision | null): About {
  const number = request['number'];
  const [head, base] = [map(request['head']), map(request['base'])];
  const headSha = revisionOf(head['sha']);
  if (typeof number !== 'number' || headSha === null)
    throw new Failure(
      'action.event',
      'the event says nothing of a pull request',
      'Run it on: pull_request, merge_group, push, schedule or workflow_dispatch.',
    );
  const isFork = textOf(map(head['repo'])['full_name']) !== textOf(map(base['repo'])['full_name']);
  const isMerged = request['merged'] === true;
  const merged = revisionOf(request['merge_commit_sha']);
  return {
    event: 'pullRequest',
    ref: isMerged ? `refs/heads/${textOf(base['ref']) ?? ''}` : `refs/pull/${number}/merge`,
    revision: isMerged ? merged : sha,
    base: revisionOf(base['sha']),
    pullRequest: { number, head: headSha, baseBranch: textOf(base['ref']) ?? '', isFork },
  };
}

function needed(env: Environment, name: string): string {
  const value = env[name];
  if (value !== undefined && value !== '') return value;
  throw new Failure(
    'action.outside',
    `there is no ${name} in the environment`,
    'This program is the GitHub Action: on a machine of your own use the command heliostat.',
  );
}

function map(value: Json | undefined): JsonMap {
  return value !== undefined && isMap(value) ? value : {};
}

function textOf(value: Json | undefined): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

function revisionOf(value: Json | undefined): Revision | null {
  return typeof value === 'string' && /^[0-9a-f]{40}$/.test(value) ? (value as Revision) : null;
}
