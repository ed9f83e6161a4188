export interface Actor {
  readonly id: number;
  readonly login: string;
  readonly type: 'User' | 'Bot';
}

export type Permissions = Readonly<Record<string, 'read' | 'write'>>;

export interface Token {
  readonly kind: 'classic' | 'fineGrained' | 'actions' | 'installation';
  readonly actor: Actor;
  /** `all`: whatever its user may. */
  readonly permissions: Permissions | 'all';
  readonly scopes: readonly string[];
  readonly expiresAtMs: number | null;
}

export interface StoredComment {
  readonly id: number;
  readonly number: number;
  readonly by: Actor;
  body: string;
  readonly createdAt: string;
  updatedAt: string;
  edits: number;
}

export interface StoredStatus {
  readonly id: number;
  readonly sha: string;
  readonly state: string;
  readonly context: string;
  readonly description: string | null;
  readonly targetUrl: string | null;
  readonly by: Actor;
  readonly at: string;
}

export interface StoredDeploymentStatus {
  readonly id: number;
  readonly state: string;
  readonly description: string;
  readonly logUrl: string;
  readonly environmentUrl: string;
  readonly by: Actor;
  readonly at: string;
}

export interface StoredDeployment {
  readonly id: number;
  readonly sha: string;
  readonly task: string;
  readonly environment: string;
  readonly description: string;
  readonly isTransient: boolean;
  readonly isProduction: boolean;
  readonly by: Actor;
  readonly at: string;
  /** The oldest first. */
  readonly statuses: StoredDeploymentStatus[];
}

export interface StoredPull {
  readonly number: number;
  readonly id: number;
  readonly by: Actor;
  /** Owner of the repository that its head is in. */
  readonly headOwner: string;
  readonly head: string;
  readonly base: string;
  title: string;
  body: string | null;
  state: 'open' | 'closed';
  sha: string;
  mergedSha: string | null;
  labels: string[];
  readonly createdAt: string;
  updatedAt: string;
}

export interface State {
  readonly owner: string;
  readonly name: string;
  readonly isPrivate: boolean;
  isArchived: boolean;
  /** Settings → Actions → General → Workflow permissions. */
  mayActionsPropose: boolean;
  /** GraphQL answers an installation that it may not be asked. */
  refusesGraphql: boolean;
  readonly apiUrl: () => string;
  readonly tokens: Map<string, Token>;
  readonly branches: Map<string, string>;
  readonly comments: StoredComment[];
  readonly statuses: StoredStatus[];
  readonly deployments: StoredDeployment[];
  readonly pulls: StoredPull[];
  app: FakeApp | null;
  nextId(): number;
  /** Of the fake's own clock. */
  nowMs(): number;
}

export interface FakeApp {
  readonly id: number;
  readonly slug: string;
  readonly installationId: number;
  readonly privateKey: string;
  readonly publicKey: string;
  readonly permissions: Permissions;
}

export function timeOf(state: State): string {
  return new Date(state.nowMs()).toISOString().replace(/\.\d+Z$/, 'Z');
}
