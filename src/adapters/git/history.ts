import fs from 'node:fs';
import type { Revision } from '../../core/base/names.js';
import type { CommitInfo, Oid, Source } from '../../ports/repository.js';
import type { Layout } from './layout.js';
import { isOid } from './oid.js';
import { outlineByGit, type Outline } from './outline.js';
import { entryAt } from './read-tree.js';
import type { GitTool } from './tool.js';

/** Questions about the past that the command line and the engine ask. */
export interface History {
  /**
   * From a commit back along first parents, newest first, at most `limit`, without `untilExclusive` and what is before
   * it. If the last one's first parent is not `untilExclusive`, that commit is not among the ancestors asked for, or
   * beyond the limit, or beyond the end of a shallow clone.
   */
  firstParents(
    from: Revision,
    untilExclusive: Revision | null,
    limit: number,
  ): Promise<readonly CommitInfo[]>;
  /**
   * As `firstParents`, without trees and authors, and in one answer: among many thousand commits one is to be found.
   */
  outline(from: Revision, limit: number): Promise<readonly Outline[]>;
  /** Commits along first parents that changed a path (or made it, or removed it), newest first, at most `limit`. */
  logPath(from: Revision, path: string, limit: number): Promise<readonly CommitInfo[]>;
  /** As `logPath`, their ids alone. */
  changing(from: Revision, path: string, limit: number): Promise<readonly Revision[]>;
  /** Whether `ancestor` is `descendant` or reachable from it. */
  isAncestor(ancestor: Revision, descendant: Revision): Promise<boolean>;
  /** The best common ancestor; null if there is none. */
  mergeBase(a: Revision, b: Revision): Promise<Revision | null>;
}

export function historyOf(source: Source, layout: Layout, tool: GitTool | null): History {
  return {
    firstParents: (from, until, limit) => firstParents(source, from, until, limit),
    async outline(from, limit) {
      const told = tool === null || !isOid(from) ? null : await outlineByGit(tool, from, limit);
      return told ?? firstParents(source, from, null, limit);
    },
    async logPath(from, path, limit) {
      return tool === null || !isOid(from)
        ? logPathByReading(source, from, path, limit)
        : infos(source, await revisionsTouching(tool, from, path, limit));
    },
    async changing(from, path, limit) {
      return tool === null || !isOid(from)
        ? (await logPathByReading(source, from, path, limit)).map(({ oid }) => oid)
        : ((await revisionsTouching(tool, from, path, limit)) as Revision[]);
    },
    async isAncestor(ancestor, descendant) {
      if (ancestor === descendant) return true;
      if (!isOid(ancestor) || !isOid(descendant)) return false;
      if (tool !== null) {
        return (await tool.run(['merge-base', '--is-ancestor', ancestor, descendant])).code === 0;
      }
      const { isDescendent } = await import('./isomorphic.js');
      return isDescendent({ fs, gitdir: layout.commonDir, oid: descendant, ancestor, depth: -1 });
    },
    async mergeBase(a, b) {
      if (!isOid(a) || !isOid(b)) return null;
      if (tool !== null) {
        const found = (await tool.run(['merge-base', a, b])).output.toString('latin1').trim();
        return isOid(found) ? (found as Revision) : null;
      }
      const { findMergeBase } = await import('./isomorphic.js');
      const found = (await findMergeBase({ fs, gitdir: layout.commonDir, oids: [a, b] })) as Revision[];
      return found[0] ?? null;
    },
  };
}

async function firstParents(
  source: Source,
  from: Revision,
  untilExclusive: Revision | null,
  limit: number,
): Promise<CommitInfo[]> {
  const commits: CommitInfo[] = [];
  let next: Revision | undefined = from;
  while (next !== undefined && next !== untilExclusive && commits.length < limit) {
    const commit: CommitInfo | null = await source.commit(next);
    if (commit === null) break;
    commits.push(commit);
    next = commit.parents[0];
  }
  return commits;
}

async function revisionsTouching(tool: GitTool, from: Oid, path: string, limit: number): Promise<string[]> {
  const command = [
    'rev-list',
    '--first-parent',
    `--max-count=${Math.floor(limit)}`,
    '--end-of-options',
    from,
    '--',
    path,
  ];
  return (await tool.run(command)).output.toString('latin1').split('\n').filter(isOid);
}

async function infos(source: Source, oids: readonly string[]): Promise<CommitInfo[]> {
  const commits = await Promise.all(oids.map((oid) => source.commit(oid as Revision)));
  return commits.filter((commit) => commit !== null);
}

async function logPathByReading(
  source: Source,
  from: Revision,
  path: string,
  limit: number,
): Promise<CommitInfo[]> {
  const touching: CommitInfo[] = [];
  let commit = await source.commit(from);
  let there = commit === null ? null : await entryAt(source, commit.tree, path);
  while (commit !== null && touching.length < limit) {
    const parent: CommitInfo | null = commit.parents[0] ? await source.commit(commit.parents[0]) : null;
    const before = parent === null ? null : await entryAt(source, parent.tree, path);
    if (before?.oid !== there?.oid || before?.kind !== there?.kind) touching.push(commit);
    [commit, there] = [parent, before];
  }
  return touching;
}
