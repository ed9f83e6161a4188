import type { Abilities, Answer } from '../../../ports/forge.js';

/** Those elsewhere on whom a domain depends. */
export interface ReachView {
  /** Null: the repository is on this machine. */
  readonly remote: {
    readonly url: string;
    /** Null: it is not asked with one, or did not answer. */
    readonly hasToken: boolean | null;
    readonly reached: Reached;
  } | null;
  /** Null: none is configured. */
  readonly forge: {
    /** `github`, `gitea`. */
    readonly kind: string;
    readonly webUrl: string;
    readonly hasDeployments: boolean;
    readonly abilities: Answer<Abilities>;
  } | null;
}

/** `pushes` null: it tells only at a push. */
export type Reached =
  | { readonly kind: 'reached'; readonly pushes: boolean | null }
  | { readonly kind: 'failed'; readonly message: string; readonly fix: string };
