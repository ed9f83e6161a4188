import type { Pool } from './pool.js';

/** What a listener needs of its binding, and what it counts for it. */
export interface Traffic {
  readonly pool: Pool;
  total: number;
  failed: number;
  /** The listener is closed: connections end after their answer. */
  closing: boolean;
}
