import type { Revision } from '../../core/base/names.js';
import type { CommitInfo } from '../../ports/repository.js';
import { isOid } from './oid.js';
import { message } from './parse-commit.js';
import type { GitTool } from './tool.js';

/** What a commit says of itself. */
export type Outline = Pick<CommitInfo, 'oid' | 'parents' | 'subject' | 'body' | 'committedMs'>;

const format = '--format=%ct%x00%P%x00%B%x00';
const fields = 3;

/** One process for all of them; null where git cannot tell. */
export async function outlineByGit(tool: GitTool, from: Revision, limit: number): Promise<Outline[] | null> {
  const { code, output } = await tool.run([
    'rev-list',
    '--first-parent',
    `--max-count=${Math.floor(limit)}`,
    '--encoding=UTF-8',
    format,
    '--end-of-options',
    from,
  ]);
  return code === 0 ? outlinesIn(output.toString('utf8')) : null;
}

/** `commit OID`, a newline, and the three fields, each with a zero at its end. */
function outlinesIn(text: string): Outline[] | null {
  const parts = text.split('\0');
  const outlines: Outline[] = [];
  for (let at = 0; at + fields < parts.length; at += fields) {
    const [, oid, seconds] = /^\n?commit ([0-9a-f]+)\n(-?\d+)$/.exec(parts[at] ?? '') ?? [];
    if (oid === undefined || !isOid(oid)) return null;
    outlines.push({
      oid: oid as Revision,
      parents: (parts[at + 1] ?? '').split(' ').filter(isOid) as Revision[],
      ...message(parts[at + 2] ?? ''),
      committedMs: Number(seconds) * 1000,
    });
  }
  return outlines;
}
