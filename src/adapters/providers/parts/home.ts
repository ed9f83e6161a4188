import { existsSync } from 'node:fs';
import { isAbsolute } from 'node:path';

/**
 * Null where a resource is ours: it carries our home, or the home of a repository that was moved here
 * and is no longer where it was. Otherwise the home of its owner, who may still be alive.
 */
export function foreignHomeOf(carried: string, home: string): string | null {
  if (carried === home) return null;
  return isAbsolute(carried) && !existsSync(carried) ? null : carried;
}
