import type { WrittenRequest } from '../core/status/request.js';

/** A request that lies on the status branch; `written` null: nobody can read it. */
export interface FoundRequest {
  readonly id: string;
  readonly written: WrittenRequest | null;
}
