import type { GiteaComment, GiteaPull, GiteaState, GiteaStatus } from './state.js';

/** Bodies as Gitea gives them, of what matters here. */

const web = 'https://gitea.example.com';
const at = '2024-01-01T00:00:00Z';

export function userBody(login: string): Record<string, unknown> {
  return { id: login.length, login, login_name: '', full_name: '', email: `${login}@noreply.example.com` };
}

export function repositoryBody(state: GiteaState, push: boolean): Record<string, unknown> {
  return {
    id: 1,
    owner: userBody(state.owner),
    name: state.name,
    full_name: `${state.owner}/${state.name}`,
    private: true,
    archived: state.isArchived,
    default_branch: 'main',
    permissions: { admin: false, push, pull: true },
  };
}

export function commentBody(
  state: GiteaState,
  { id, number, by, body }: GiteaComment,
): Record<string, unknown> {
  const pull = `${web}/${state.owner}/${state.name}/pulls/${number}`;
  return {
    id,
    html_url: `${pull}#issuecomment-${id}`,
    pull_request_url: pull,
    issue_url: '',
    user: userBody(by.login),
    original_author: '',
    original_author_id: 0,
    body,
    assets: [],
    created_at: at,
    updated_at: at,
  };
}

export function statusBody(status: GiteaStatus): Record<string, unknown> {
  return {
    id: status.id,
    status: status.state,
    target_url: status.targetUrl,
    description: status.description,
    url: '',
    context: status.context,
    creator: userBody(status.by.login),
    created_at: at,
    updated_at: at,
  };
}

export function labelBody(state: GiteaState, name: string): Record<string, unknown> {
  return { id: state.labels.get(name), name, color: 'ededed', description: '', exclusive: false };
}

export function pullBody(state: GiteaState, pull: GiteaPull): Record<string, unknown> {
  const html = `${web}/${state.owner}/${state.name}/pulls/${pull.number}`;
  return {
    id: pull.number + 100,
    number: pull.number,
    url: html,
    html_url: html,
    user: userBody(pull.by.login),
    title: pull.title,
    body: pull.body,
    labels: pull.labels.map((name) => labelBody(state, name)),
    state: pull.state,
    merged: pull.mergedSha !== null,
    merged_at: pull.mergedSha === null ? null : at,
    merge_commit_sha: pull.mergedSha,
    base: { label: pull.base, ref: pull.base, sha: state.branches.get(pull.base) ?? '', repo_id: 1 },
    head: { label: pull.head, ref: pull.head, sha: pull.sha, repo_id: pull.fork === null ? 1 : 2 },
    created_at: at,
    updated_at: at,
  };
}
