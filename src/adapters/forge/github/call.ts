import type { SafeText } from '../../../core/base/safe-text.js';
import type { Patience } from '../parts/patience.js';
import type { Client } from './client.js';
import type { Credentials } from './credentials.js';

export type Requests = Client['request'];

/** As whom the credentials write. */
export interface Author {
  /** `octocat`, `github-actions[bot]`. */
  readonly login: string;
  /** Actions' own token: what it pushes and opens starts no workflow. */
  readonly isActions: boolean;
}

/** What one call of the port works with. */
export interface Call {
  readonly at: { readonly owner: string; readonly repo: string };
  readonly patience: Patience;
  readonly credentials: Credentials;
  /** Logins whose comments count as ours. */
  readonly trusted: readonly string[];
  /** To the operator, of what does not keep the call from being done. */
  warn(text: SafeText): void;
  /** One request; what goes wrong is thrown in terms of the port. */
  ask<T>(send: (request: Requests) => Promise<T>): Promise<T>;
  graphql<T>(query: string): Promise<T>;
  author(): Promise<Author>;
  /** The author as an answer to a write tells, which is always right. */
  learn(author: Author): void;
}
