import type { Revision } from '../../../core/base/names.js';
import type { Oid, Source } from '../../../ports/repository.js';
import type { History } from '../history.js';
import { isOid } from '../oid.js';
import { RemoteError, wholeDepth, type Remote } from './remote.js';
import { isShallow } from './shallow.js';

export interface PastOptions {
  readonly remote: Remote;
  readonly gitDir: string;
  readonly source: Source;
  readonly history: History;
  readonly depth: number;
  now(): number;
}

/** What a remote does not give is not asked for again so soon, in milliseconds. */
const absentForMs = 60_000;
const steps = 8;

/** Brings what the copy lacks of the past, when it is asked for: it was made with so many commits only. */
export class Past {
  private readonly absent = new Map<Oid, number>();
  private readonly bringing = new Map<Oid, Promise<boolean>>();

  constructor(private readonly options: PastOptions) {}

  /** Whether it is here now. A remote that is away has nothing. */
  bring(oid: Oid): Promise<boolean> {
    const known = this.bringing.get(oid) ?? this.bringNow(oid).finally(() => this.bringing.delete(oid));
    this.bringing.set(oid, known);
    return known;
  }

  private async bringNow(oid: Oid): Promise<boolean> {
    const { remote, depth, now } = this.options;
    if (!isOid(oid) || now() - (this.absent.get(oid) ?? -Infinity) < absentForMs) return false;
    try {
      await remote.fetch(oid, { have: null, depth });
      if (await this.has(oid)) return true;
    } catch (error) {
      if (!(error instanceof RemoteError)) throw error;
    }
    this.absent.set(oid, now());
    return false;
  }

  private async has(oid: Oid): Promise<boolean> {
    const { source } = this.options;
    return (await source.commit(oid as Revision)) !== null || (await source.sizes([oid]))[0] !== null;
  }

  isShallow(): Promise<boolean> {
    return isShallow(this.options.gitDir);
  }

  /** All of the history of a commit, or step by step until something is found in it. @throws {RemoteError} */
  async deepen(from: Revision, isEnough: () => Promise<boolean>): Promise<void> {
    for (let depth = this.options.depth * steps; await this.isShallow(); depth *= steps) {
      const isLast = depth > this.options.depth * steps ** 3;
      await this.options.remote.fetch(from, { have: null, depth: isLast ? wholeDepth : depth });
      if (isLast || (await isEnough())) return;
    }
  }

  async whole(from: Revision): Promise<void> {
    if (!(await this.isShallow()) || !isOid(from)) return;
    await this.options.remote.fetch(from, { have: null, depth: wholeDepth });
  }
}

/** Objects of the copy; what is not there is asked for. */
export function completed(source: Source, past: Past): Source {
  const orBrought = async <T>(oid: Oid, read: () => Promise<T | null>): Promise<T | null> =>
    (await read()) ?? ((await past.bring(oid)) ? read() : null);
  const bringAbsent = async (oids: readonly Oid[]): Promise<boolean> => {
    const sizes = await source.sizes(oids);
    const absent = [...new Set(oids.filter((_, i) => sizes[i] === null))];
    const brought: boolean[] = [];
    for (const oid of absent) brought.push(await past.bring(oid));
    return brought.includes(true);
  };
  return {
    commit: (revision) => orBrought(revision, () => source.commit(revision)),
    tree: (oid) => orBrought(oid, () => source.tree(oid)),
    async blobs(oids, limitBytes) {
      const found = await source.blobs(oids, limitBytes);
      if (!found.includes(null)) return found;
      return (await bringAbsent(oids.filter((_, i) => found[i] === null)))
        ? source.blobs(oids, limitBytes)
        : found;
    },
    async sizes(oids) {
      const found = await source.sizes(oids);
      if (!found.includes(null)) return found;
      return (await bringAbsent(oids.filter((_, i) => found[i] === null))) ? source.sizes(oids) : found;
    },
  };
}

/** Where history ends in the copy, git would take the last commit for the one that made everything. */
export function deepened(history: History, past: Past): History {
  const whole = async <T>(from: Revision, ask: () => Promise<T>): Promise<T> => {
    await past.whole(from);
    return ask();
  };
  return {
    async firstParents(from, until, limit) {
      const found = await history.firstParents(from, until, limit);
      const last = found.at(-1)?.parents[0];
      if (found.length >= limit || last === undefined || last === until) return found;
      return whole(from, () => history.firstParents(from, until, limit));
    },
    async outline(from, limit) {
      const found = await history.outline(from, limit);
      return found.length >= limit ? found : whole(from, () => history.outline(from, limit));
    },
    logPath: (from, path, limit) => whole(from, () => history.logPath(from, path, limit)),
    changing: (from, path, limit) => whole(from, () => history.changing(from, path, limit)),
    async isAncestor(ancestor, descendant) {
      if (await history.isAncestor(ancestor, descendant)) return true;
      if (!(await past.isShallow()) || !isOid(descendant)) return false;
      let found = false;
      await past.deepen(descendant, async () => (found = await history.isAncestor(ancestor, descendant)));
      return found || history.isAncestor(ancestor, descendant);
    },
    async mergeBase(a, b) {
      for (const one of [a, b]) await past.whole(one);
      return history.mergeBase(a, b);
    },
  };
}
