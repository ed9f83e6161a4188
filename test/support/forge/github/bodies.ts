import type {
  Actor,
  FakeApp,
  State,
  StoredComment,
  StoredDeployment,
  StoredDeploymentStatus,
  StoredPull,
  StoredStatus,
} from './state.js';

/** Bodies as GitHub gives them: all that its description requires, links to nowhere included. */

const web = 'https://github.com';

export function userBody(state: State, { id, login, type }: Actor): Record<string, unknown> {
  const url = `${state.apiUrl()}/users/${encodeURIComponent(login)}`;
  return {
    login,
    id,
    node_id: `U_${id}`,
    avatar_url: `https://avatars.githubusercontent.com/u/${id}?v=4`,
    gravatar_id: '',
    url,
    html_url: type === 'Bot' ? `${web}/apps/${login.replace('[bot]', '')}` : `${web}/${login}`,
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type,
    site_admin: false,
  };
}

export function ownUserBody(state: State, actor: Actor): Record<string, unknown> {
  return {
    ...userBody(state, actor),
    name: null,
    company: null,
    blog: '',
    location: null,
    email: null,
    hireable: null,
    bio: null,
    public_repos: 1,
    public_gists: 0,
    followers: 0,
    following: 0,
    created_at: '2020-01-01T00:00:00Z',
    updated_at: '2020-01-01T00:00:00Z',
  };
}

export function ownerOf(state: State): Actor {
  return { id: 1, login: state.owner, type: 'User' };
}

const repositoryLinks: Readonly<Record<string, string>> = {
  archive_url: '/{archive_format}{/ref}',
  assignees_url: '/assignees{/user}',
  blobs_url: '/git/blobs{/sha}',
  branches_url: '/branches{/branch}',
  collaborators_url: '/collaborators{/collaborator}',
  comments_url: '/comments{/number}',
  commits_url: '/commits{/sha}',
  compare_url: '/compare/{base}...{head}',
  contents_url: '/contents/{+path}',
  contributors_url: '/contributors',
  deployments_url: '/deployments',
  downloads_url: '/downloads',
  events_url: '/events',
  forks_url: '/forks',
  git_commits_url: '/git/commits{/sha}',
  git_refs_url: '/git/refs{/sha}',
  git_tags_url: '/git/tags{/sha}',
  hooks_url: '/hooks',
  issue_comment_url: '/issues/comments{/number}',
  issue_events_url: '/issues/events{/number}',
  issues_url: '/issues{/number}',
  keys_url: '/keys{/key_id}',
  labels_url: '/labels{/name}',
  languages_url: '/languages',
  merges_url: '/merges',
  milestones_url: '/milestones{/number}',
  notifications_url: '/notifications{?since,all,participating}',
  pulls_url: '/pulls{/number}',
  releases_url: '/releases{/id}',
  stargazers_url: '/stargazers',
  statuses_url: '/statuses/{sha}',
  subscribers_url: '/subscribers',
  subscription_url: '/subscription',
  tags_url: '/tags',
  teams_url: '/teams',
  trees_url: '/git/trees{/sha}',
};

/** The repository itself, or a fork of it. */
export function repositoryBody(state: State, owner: string = state.owner): Record<string, unknown> {
  const isFork = owner !== state.owner;
  const full = `${owner}/${state.name}`;
  const url = `${state.apiUrl()}/repos/${full}`;
  const links = Object.entries(repositoryLinks).map(([name, path]) => [name, `${url}${path}`]);
  const at = '2024-01-01T00:00:00Z';
  return {
    id: isFork ? 2 : 1,
    node_id: 'R_1',
    name: state.name,
    full_name: full,
    private: state.isPrivate,
    owner: userBody(state, isFork ? { id: 99, login: owner, type: 'User' } : ownerOf(state)),
    html_url: `${web}/${full}`,
    description: null,
    fork: isFork,
    url,
    ...(Object.fromEntries(links) as Record<string, string>),
    git_url: `git://github.com/${full}.git`,
    ssh_url: `git@github.com:${full}.git`,
    clone_url: `${web}/${full}.git`,
    svn_url: `${web}/${full}`,
    homepage: null,
    size: 1,
    stargazers_count: 0,
    watchers_count: 0,
    language: null,
    has_issues: true,
    has_projects: true,
    has_downloads: true,
    has_wiki: true,
    has_pages: false,
    has_discussions: false,
    forks_count: 0,
    mirror_url: null,
    archived: state.isArchived,
    disabled: false,
    open_issues_count: 0,
    license: null,
    forks: 0,
    open_issues: 0,
    watchers: 0,
    default_branch: 'main',
    pushed_at: at,
    created_at: at,
    updated_at: at,
  };
}

export function wholeRepositoryBody(state: State, role: Record<string, boolean>): Record<string, unknown> {
  return { ...repositoryBody(state), network_count: 0, subscribers_count: 0, permissions: role };
}

export function commentBody(state: State, comment: StoredComment): Record<string, unknown> {
  const { id, number, by, body, createdAt, updatedAt } = comment;
  const url = `${state.apiUrl()}/repos/${state.owner}/${state.name}/issues`;
  return {
    url: `${url}/comments/${id}`,
    html_url: `${web}/${state.owner}/${state.name}/pull/${number}#issuecomment-${id}`,
    issue_url: `${url}/${number}`,
    id,
    node_id: `IC_${id}`,
    user: userBody(state, by),
    created_at: createdAt,
    updated_at: updatedAt,
    author_association: by.type === 'Bot' ? 'NONE' : 'MEMBER',
    body,
    performed_via_github_app: null,
  };
}

export function labelBody(state: State, name: string): Record<string, unknown> {
  return {
    id: 1_000 + name.length,
    node_id: `LA_${name}`,
    url: `${state.apiUrl()}/repos/${state.owner}/${state.name}/labels/${encodeURIComponent(name)}`,
    name,
    color: 'ededed',
    default: false,
    description: '',
  };
}

export function statusBody(state: State, status: StoredStatus): Record<string, unknown> {
  return { ...simpleStatusBody(state, status), creator: userBody(state, status.by) };
}

function simpleStatusBody(state: State, status: StoredStatus): Record<string, unknown> {
  return {
    url: `${state.apiUrl()}/repos/${state.owner}/${state.name}/statuses/${status.sha}`,
    avatar_url: `https://avatars.githubusercontent.com/u/${status.by.id}?v=4`,
    id: status.id,
    node_id: `SC_${status.id}`,
    state: status.state,
    description: status.description,
    target_url: status.targetUrl,
    context: status.context,
    created_at: status.at,
    updated_at: status.at,
  };
}

export function combinedStatusBody(
  state: State,
  { sha, latest, shown }: { sha: string; latest: readonly StoredStatus[]; shown: readonly StoredStatus[] },
): Record<string, unknown> {
  const has = (...states: string[]): boolean => latest.some((one) => states.includes(one.state));
  const url = `${state.apiUrl()}/repos/${state.owner}/${state.name}/commits/${sha}`;
  return {
    state: has('error', 'failure')
      ? 'failure'
      : latest.length === 0 || has('pending')
        ? 'pending'
        : 'success',
    statuses: shown.map((status) => simpleStatusBody(state, status)),
    sha,
    total_count: latest.length,
    repository: repositoryBody(state),
    commit_url: url,
    url: `${url}/status`,
  };
}

export function deploymentBody(state: State, deployment: StoredDeployment): Record<string, unknown> {
  const url = `${state.apiUrl()}/repos/${state.owner}/${state.name}`;
  return {
    url: `${url}/deployments/${deployment.id}`,
    id: deployment.id,
    node_id: `DE_${deployment.id}`,
    task: deployment.task,
    original_environment: deployment.environment,
    environment: deployment.environment,
    description: deployment.description,
    created_at: deployment.at,
    updated_at: deployment.at,
    statuses_url: `${url}/deployments/${deployment.id}/statuses`,
    repository_url: url,
    creator: userBody(state, deployment.by),
    sha: deployment.sha,
    ref: deployment.sha,
    payload: {},
    transient_environment: deployment.isTransient,
    production_environment: deployment.isProduction,
    performed_via_github_app: null,
  };
}

export function deploymentStatusBody(
  state: State,
  deployment: StoredDeployment,
  status: StoredDeploymentStatus,
): Record<string, unknown> {
  const url = `${state.apiUrl()}/repos/${state.owner}/${state.name}`;
  return {
    url: `${url}/deployments/${deployment.id}/statuses/${status.id}`,
    id: status.id,
    node_id: `DES_${status.id}`,
    state: status.state,
    creator: userBody(state, status.by),
    description: status.description,
    environment: deployment.environment,
    target_url: status.logUrl,
    created_at: status.at,
    updated_at: status.at,
    deployment_url: `${url}/deployments/${deployment.id}`,
    repository_url: url,
    environment_url: status.environmentUrl,
    log_url: status.logUrl,
    performed_via_github_app: null,
  };
}

/** As lists have it. */
export function pullBody(state: State, pull: StoredPull): Record<string, unknown> {
  const { number } = pull;
  const repository = `${state.apiUrl()}/repos/${state.owner}/${state.name}`;
  const url = `${repository}/pulls/${number}`;
  const html = `${web}/${state.owner}/${state.name}/pull/${number}`;
  const links = {
    comments_url: `${repository}/issues/${number}/comments`,
    commits_url: `${url}/commits`,
    statuses_url: `${repository}/statuses/${pull.sha}`,
    review_comments_url: `${url}/comments`,
    review_comment_url: `${repository}/pulls/comments{/number}`,
  };
  const end = (owner: string, ref: string, sha: string) => ({
    label: `${owner}:${ref}`,
    ref,
    sha,
    user: userBody(state, owner === state.owner ? ownerOf(state) : { id: 99, login: owner, type: 'User' }),
    repo: repositoryBody(state, owner),
  });
  return {
    url,
    id: pull.id,
    node_id: `PR_${pull.id}`,
    html_url: html,
    diff_url: `${html}.diff`,
    patch_url: `${html}.patch`,
    issue_url: `${repository}/issues/${number}`,
    ...links,
    number,
    state: pull.state,
    locked: false,
    title: pull.title,
    user: userBody(state, pull.by),
    body: pull.body,
    labels: pull.labels.map((name) => labelBody(state, name)),
    milestone: null,
    active_lock_reason: null,
    created_at: pull.createdAt,
    updated_at: pull.updatedAt,
    closed_at: pull.state === 'closed' ? pull.updatedAt : null,
    merged_at: pull.mergedSha === null ? null : pull.updatedAt,
    merge_commit_sha: pull.mergedSha ?? 'e'.repeat(40),
    assignee: null,
    assignees: [],
    requested_reviewers: [],
    requested_teams: [],
    head: end(pull.headOwner, pull.head, pull.sha),
    base: end(state.owner, pull.base, state.branches.get(pull.base) ?? '0'.repeat(40)),
    author_association: 'MEMBER',
    auto_merge: null,
    draft: false,
    _links: {
      self: { href: url },
      html: { href: html },
      issue: { href: `${repository}/issues/${number}` },
      comments: { href: links.comments_url },
      review_comments: { href: links.review_comments_url },
      review_comment: { href: links.review_comment_url },
      commits: { href: links.commits_url },
      statuses: { href: links.statuses_url },
    },
  };
}

export function wholePullBody(state: State, pull: StoredPull): Record<string, unknown> {
  return {
    ...pullBody(state, pull),
    merged: pull.mergedSha !== null,
    mergeable: true,
    rebaseable: true,
    mergeable_state: 'clean',
    merged_by: pull.mergedSha === null ? null : userBody(state, ownerOf(state)),
    comments: state.comments.filter(({ number }) => number === pull.number).length,
    review_comments: 0,
    maintainer_can_modify: false,
    commits: 1,
    additions: 1,
    deletions: 1,
    changed_files: 1,
  };
}

export function appBody(state: State, app: FakeApp): Record<string, unknown> {
  const at = '2024-01-01T00:00:00Z';
  return {
    id: app.id,
    slug: app.slug,
    node_id: `A_${app.id}`,
    owner: userBody(state, ownerOf(state)),
    name: app.slug,
    description: null,
    external_url: 'https://example.com',
    html_url: `${web}/apps/${app.slug}`,
    created_at: at,
    updated_at: at,
    permissions: { metadata: 'read', ...app.permissions },
    events: [],
    installations_count: 1,
  };
}

export function installationBody(state: State, app: FakeApp): Record<string, unknown> {
  const at = '2024-01-01T00:00:00Z';
  const url = `${state.apiUrl()}/app/installations/${app.installationId}`;
  return {
    id: app.installationId,
    account: userBody(state, ownerOf(state)),
    repository_selection: 'selected',
    access_tokens_url: `${url}/access_tokens`,
    repositories_url: `${state.apiUrl()}/installation/repositories`,
    html_url: `${web}/settings/installations/${app.installationId}`,
    app_id: app.id,
    app_slug: app.slug,
    target_id: 1,
    target_type: 'User',
    permissions: { metadata: 'read', ...app.permissions },
    events: [],
    created_at: at,
    updated_at: at,
    single_file_name: null,
    suspended_by: null,
    suspended_at: null,
  };
}
