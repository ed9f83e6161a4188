import fs from 'node:fs';
import type { Revision } from '../../core/base/names.js';
import type { Oid, Source } from '../../ports/repository.js';
import { isOid } from './oid.js';
import type { RefStore } from './ref-store.js';
import type { GitTool } from './tool.js';

/** Null if no commit is meant. What a person wrote is data: it never becomes an option or a second line. */
export type Resolve = (expression: string) => Promise<Revision | null>;

/** Understands all that `git rev-parse` does. */
export function resolveByGit(tool: GitTool): Resolve {
  return async (expression) => {
    if (expression === '' || /[\0\n]/.test(expression)) return null;
    const command = ['rev-parse', '--quiet', '--verify', '--end-of-options', `${expression}^{commit}`];
    const { code, output } = await tool.run(command);
    const found = output.toString('latin1').trim();
    return code === 0 && isOid(found) ? (found as Revision) : null;
  };
}

/** Ids and their beginnings, names of references, and `^`, `^2`, `~3` behind them. */
export function resolveByReading(source: Source, store: RefStore, commonDir: string): Resolve {
  return async (expression) => {
    const parts = /^(.+?)((?:[~^]\d*)*)$/.exec(expression);
    if (parts === null) return null;
    let at = await named(parts[1]!, { source, store, commonDir });
    for (const step of parts[2]!.match(/[~^]\d*/g) ?? []) {
      if (at === null) return null;
      at = await walk(source, at, step);
    }
    return at;
  };
}

async function walk(source: Source, from: Revision, step: string): Promise<Revision | null> {
  const count = step.length === 1 ? 1 : Number(step.slice(1));
  if (step.startsWith('^')) {
    return count === 0 ? from : ((await source.commit(from))?.parents[count - 1] ?? null);
  }
  let at: Revision | null = from;
  for (let i = 0; i < count && at !== null; i++) at = (await source.commit(at))?.parents[0] ?? null;
  return at;
}

interface Names {
  readonly source: Source;
  readonly store: RefStore;
  readonly commonDir: string;
}

/** In the order of `git rev-parse`: a whole id, a reference, the beginning of an id. */
async function named(name: string, names: Names): Promise<Revision | null> {
  const { source, store } = names;
  if (isOid(name)) return (await source.commit(name as Revision)) === null ? null : (name as Revision);
  if (name === '@') return (await store.read('HEAD')) as Revision | null;
  for (const prefix of ['', 'refs/', 'refs/tags/', 'refs/heads/', 'refs/remotes/']) {
    const oid = await store.read(prefix + name);
    if (oid !== null) return peeled(names, oid);
  }
  const remoteHead = await store.read(`refs/remotes/${name}/HEAD`);
  if (remoteHead !== null) return peeled(names, remoteHead);
  return /^[0-9a-f]{4,39}$/.test(name) ? abbreviated(names, name) : null;
}

/** A tag is followed to its commit. */
async function peeled({ source, commonDir }: Names, oid: Oid): Promise<Revision | null> {
  if ((await source.commit(oid as Revision)) !== null) return oid as Revision;
  const { readCommit } = await import('./isomorphic.js');
  try {
    return (await readCommit({ fs, gitdir: commonDir, oid })).oid as Revision;
  } catch {
    return null;
  }
}

async function abbreviated(names: Names, beginning: string): Promise<Revision | null> {
  const { expandOid } = await import('./isomorphic.js');
  try {
    return await peeled(names, await expandOid({ fs, gitdir: names.commonDir, oid: beginning }));
  } catch {
    // None, or more than one.
    return null;
  }
}
