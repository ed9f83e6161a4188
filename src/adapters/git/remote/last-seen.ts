import { stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isAbsent } from '../failure.js';

/** When anybody last looked at the remote, and was answered: the age of what the copy says. */
export interface LastSeen {
  now(): Promise<void>;
  /** Wall time, milliseconds since 1970; null: never. */
  wallMs(): Promise<number | null>;
}

export function lastSeenIn(gitDir: string): LastSeen {
  const file = join(gitDir, 'heliostat-seen');
  return {
    async now() {
      const at = new Date();
      try {
        await utimes(file, at, at);
      } catch (error) {
        if (!isAbsent(error)) throw error;
        await writeFile(file, '', { mode: 0o600 });
      }
    },
    async wallMs() {
      try {
        return Math.round((await stat(file)).mtimeMs);
      } catch (error) {
        if (isAbsent(error)) return null;
        throw error;
      }
    },
  };
}
