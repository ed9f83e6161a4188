import type { Revision } from '../../../core/base/names.js';
import { isOid } from '../oid.js';
import { isRefName } from '../ref-names.js';
import type { Resolve } from '../revision.js';
import type { Follower } from './follower.js';
import type { Past } from './past.js';
import { RemoteError } from './remote.js';

export interface ResolveTools {
  readonly follower: Follower;
  readonly past: Past;
  /** In the copy. */
  readonly resolve: Resolve;
  head(): Promise<{ readonly branch: string | null; readonly oid: string | null }>;
}

/** As of a local repository, once what the first part of it names is in the copy. */
export function resolveThere({ follower, past, resolve, head }: ResolveTools): Resolve {
  return async (expression) => {
    const name = /^(.+?)(?:[~^]\d*)*$/.exec(expression)?.[1] ?? '';
    if (name === 'HEAD' || name === '@') await head();
    else if (isOid(name)) return (await resolve(expression)) ?? (await brought(name, expression));
    else {
      const short = /^[0-9a-f]{4,39}$/.test(name) ? await resolve(expression) : null;
      if (short !== null) return short;
      for (const ref of refsNamed(name)) if (await isThere(ref)) break;
    }
    const found = await resolve(expression);
    if (found !== null || !(await past.isShallow())) return found;
    const { oid } = await head();
    if (oid !== null) await past.whole(oid as Revision).catch(onlyRemote);
    return resolve(expression);
  };

  async function brought(oid: string, expression: string): Promise<Revision | null> {
    return (await past.bring(oid)) ? resolve(expression) : null;
  }

  async function isThere(ref: string): Promise<boolean> {
    try {
      return (await follower.bring(ref)) !== null;
    } catch (error) {
      onlyRemote(error);
      return false;
    }
  }
}

/** What is meant most often first: each costs a question. */
function refsNamed(name: string): string[] {
  const full = name.startsWith('refs/')
    ? [name]
    : [`refs/heads/${name}`, `refs/tags/${name}`, `refs/${name}`];
  return full.filter(isRefName);
}

/** Away: then what the copy has is all there is. */
function onlyRemote(error: unknown): void {
  if (!(error instanceof RemoteError)) throw error;
}
