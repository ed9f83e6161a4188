import type { SafeText } from '../../core/base/safe-text.js';

/** What came of telling; `refused`: it is not allowed, and nothing is gained by trying again before something changes. */
export type Told =
  | { readonly kind: 'told' }
  | { readonly kind: 'refused'; readonly code: string; readonly message: SafeText }
  | { readonly kind: 'unavailable'; readonly message: string; readonly afterMs: number | null };
