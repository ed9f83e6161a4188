export interface GiteaComment {
  readonly id: number;
  readonly number: number;
  readonly by: { readonly login: string };
  body: string;
  edits: number;
}

export interface GiteaStatus {
  readonly id: number;
  readonly sha: string;
  readonly state: string;
  readonly context: string;
  readonly description: string;
  readonly targetUrl: string;
  readonly by: { readonly login: string };
}

export interface GiteaPull {
  readonly number: number;
  readonly by: { readonly login: string };
  /** Null: in the repository itself. */
  readonly fork: string | null;
  readonly head: string;
  readonly base: string;
  title: string;
  body: string;
  state: 'open' | 'closed';
  sha: string;
  mergedSha: string | null;
  labels: string[];
}

export interface GiteaToken {
  readonly login: string;
  readonly scopes: readonly string[];
}

export interface GiteaState {
  readonly owner: string;
  readonly name: string;
  isArchived: boolean;
  readonly tokens: Map<string, GiteaToken>;
  readonly branches: Map<string, string>;
  readonly comments: GiteaComment[];
  readonly statuses: GiteaStatus[];
  readonly pulls: GiteaPull[];
  /** Name to number. */
  readonly labels: Map<string, number>;
  nextId(): number;
}
