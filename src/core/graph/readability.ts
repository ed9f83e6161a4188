import type { SolutionRecord } from './model.js';
import type { Readability } from './view.js';

/** How much of a solution can be read. */
export function readability(record: Pick<SolutionRecord, 'document' | 'broken'> | undefined): Readability {
  if (record === undefined) return 'absent';
  if (record.document === null) return 'broken';
  return record.broken.size > 0 ? 'partly' : 'readable';
}
