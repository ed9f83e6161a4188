import fs from 'node:fs';
import { kindOf } from './parse-tree.js';
import type { TreeFile } from './read-tree.js';
import type { WalkTools } from './work-list.js';

/** Reads `git ls-files --stage -z`: `mode oid stage<tab>path`. Stages above 0 belong to an unfinished merge. */
export function parseStaged(output: Buffer): TreeFile[] {
  return output
    .toString('utf8')
    .split('\0')
    .flatMap((line) => {
      const parts = /^(\d+) ([0-9a-f]{40}) 0\t([^]+)$/.exec(line);
      const kind = kindOf(parts?.[1] ?? '');
      return parts === null || kind === 'tree' ? [] : [{ path: parts[3]!, oid: parts[2]!, kind }];
    });
}

export async function stagedWithoutGit({ root, gitDir }: WalkTools): Promise<TreeFile[]> {
  const { STAGE, walk } = await import('./isomorphic.js');
  const files: TreeFile[] = [];
  await walk({
    fs,
    dir: root,
    gitdir: gitDir,
    trees: [STAGE()],
    async map(path, [entry]) {
      if (entry && (await entry.type()) === 'blob') {
        const kind = kindOf((await entry.mode()).toString(8));
        if (kind !== 'tree') files.push({ path, oid: await entry.oid(), kind });
      }
      return path;
    },
  });
  return files;
}
