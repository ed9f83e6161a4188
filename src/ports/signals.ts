import type { OperatorRequest } from './operator.js';

/** What wakes the engine from outside. Signals are hints: what is true is read anew. */
export type Signal =
  | { readonly kind: 'tip' }
  | { readonly kind: 'request'; readonly request: OperatorRequest; answer(reply: unknown): void }
  | { readonly kind: 'shutdown' };

export interface Signals {
  /** The next signal, in order; never settles while there is none. */
  next(): Promise<Signal>;
}
