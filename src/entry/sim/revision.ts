import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Which program this is: the commit that is checked out where it lies, and a digest of its own bytes, which tells
 * apart what has one commit and different changes.
 */
export function revisionOf(program: URL): string {
  const file = fileURLToPath(program);
  const digest = createHash('sha256').update(readFileSync(file)).digest('hex').slice(0, 8);
  const commit = git(dirname(file), 'rev-parse', '--short=12', 'HEAD');
  if (commit === null) return `build ${digest}`;
  const changed = git(dirname(file), 'status', '--porcelain', '--untracked-files=no', '--', ':/src') ?? '';
  return `${commit}${changed === '' ? '' : ' with changes'}, build ${digest}`;
}

function git(cwd: string, ...args: string[]): string | null {
  try {
    return execFileSync('git', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return null;
  }
}
