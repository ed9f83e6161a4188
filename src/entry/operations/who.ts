import { execFile } from 'node:child_process';
import { hostname, userInfo } from 'node:os';
import { promisify } from 'node:util';
import type { Location } from './place.js';

/** Who asks, for the history: as Git knows the person, else the user of this machine. */
export async function whoAsks(location: Location): Promise<string> {
  const cwd = location.repository.workTree?.root ?? location.repository.commonDir;
  try {
    const { stdout } = await promisify(execFile)('git', ['var', 'GIT_AUTHOR_IDENT'], { cwd });
    const name = /^(.+ <[^>]*>)/.exec(stdout)?.[1];
    if (name !== undefined) return name;
  } catch {
    // Git is not installed, or knows no name.
  }
  return `${userInfo().username}@${hostname()}`;
}
