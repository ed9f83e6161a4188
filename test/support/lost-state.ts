import { mkdtempSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Stage } from './heliostat.js';

/** The state folder is gone, all at once: the gateway goes on, and may be writing its table there. */
export function loseState(s: Stage): void {
  const lost = mkdtempSync(join(s.folder, 'lost-'));
  renameSync(join(s.repository, '.heliostat/state'), join(lost, 'state'));
  rmSync(lost, { recursive: true });
}
