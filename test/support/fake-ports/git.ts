import { sha256Hex } from '../../../src/core/base/digest.js';
import type { Revision } from '../../../src/core/base/names.js';
import { safe } from '../../../src/core/base/safe-text.js';
import type { History } from '../../../src/ports/history.js';
import type { CommitInfo, CommitRequest, Oid, Refs, SwapResult } from '../../../src/ports/repository.js';
import { MemoryRepository } from '../model-repository.js';

export const main = 'refs/heads/main';
export const statusRef = 'refs/heads/heliostat/status';
const notesRef = 'refs/notes/heliostat';

type Contents = Readonly<Record<string, string>>;

/** A repository in memory, with references that are compared and swapped. */
export class FakeGit extends MemoryRepository implements History {
  readonly refs = new Map<string, Oid>();
  readonly commits = new Map<Oid, CommitInfo>();
  private readonly contents = new Map<Oid, Contents>();
  /** Called before each swap: what somebody else does in that moment. */
  beforeSwap: (ref: string) => void = () => undefined;
  /** Why the work tree cannot move along with the branch. */
  occupied: string | null = null;
  /** How often the next swaps of a reference fail for the machine's sake. */
  unavailable = new Map<string, number>();

  // What people do.

  push(files: Contents, subject = 'Change the model'): Revision {
    const parent = this.refs.get(main) ?? null;
    const oid = this.keep(files, { parents: parent === null ? [] : [parent], message: subject, wallMs: 0 });
    this.refs.set(main, oid);
    return oid;
  }

  /** On top of another commit than the tip. */
  force(files: Contents, parent: Oid | null, subject = 'Another history'): Revision {
    const oid = this.keep(files, { parents: parent === null ? [] : [parent], message: subject, wallMs: 0 });
    this.refs.set(main, oid);
    return oid;
  }

  /** Another writer's commit on a branch of ours. */
  pushTo(ref: string, changes: Contents, message: string): Oid {
    const parent = this.refs.get(ref) ?? null;
    const files = { ...(parent === null ? {} : this.filesOf(parent)), ...changes };
    const oid = this.keep(files, { parents: parent === null ? [] : [parent], message, wallMs: 0 });
    this.refs.set(ref, oid);
    return oid;
  }

  /** A person's commit after which the status branch holds these files and no others. */
  forceStatus(files: Contents): Oid {
    const parent = this.refs.get(statusRef);
    const parents = parent === undefined ? [] : [parent];
    const oid = this.keep(files, { parents, message: 'By hand', wallMs: 0 });
    this.refs.set(statusRef, oid);
    return oid;
  }

  filesOf(oid: Oid): Contents {
    return this.contents.get(oid) ?? {};
  }

  /** Id of a folder at the tip of a reference. @throws if there is none. */
  folderAt(ref: string, path: string): Oid {
    let tree = this.commits.get(this.refs.get(ref) ?? '')?.tree;
    for (const name of path.split('/'))
      tree = this.treesById.get(tree ?? '')?.find((entry) => entry.name === name)?.oid;
    if (tree === undefined) throw new Error(`no folder ${path} at ${ref}`);
    return tree;
  }

  /** What the status branch says now. */
  status(): Contents {
    const tip = this.refs.get(statusRef);
    return tip === undefined ? {} : this.filesOf(tip);
  }

  /** Commits of the status branch, oldest first. */
  statusLog(): CommitInfo[] {
    const log: CommitInfo[] = [];
    for (let at = this.refs.get(statusRef) as string | undefined; at !== undefined;) {
      const commit = this.commits.get(at);
      if (commit === undefined) break;
      log.unshift(commit);
      at = commit.parents[0];
    }
    return log;
  }

  noteOf(revision: Revision): string | null {
    const tip = this.refs.get(notesRef);
    return tip === undefined ? null : (this.filesOf(tip)[notePath(revision)] ?? null);
  }

  /** Every text that was ever written to a branch of ours. */
  everythingWritten(): string {
    const texts: string[] = [];
    for (const [oid, commit] of this.commits) {
      if (commit.author !== 'heliostat') continue;
      texts.push(commit.subject, commit.body, ...Object.values(this.filesOf(oid)));
    }
    return texts.join('\n');
  }

  // Ports.

  override commit(revision?: Revision): Promise<CommitInfo | null> {
    return Promise.resolve(this.commits.get(revision ?? '') ?? null);
  }

  private writeCommit({ parent, after, changes, message, wallMs }: CommitRequest): Oid {
    const files: Record<string, string> = parent === null ? {} : { ...this.filesOf(parent) };
    for (const { path, content } of changes) {
      if (content === null) delete files[path];
      else files[path] = content;
    }
    const parents = [parent, after].filter((each) => each != null);
    return this.keep(files, { parents, message, wallMs, author: 'heliostat' });
  }

  readonly refsPort: Refs = {
    read: (ref) => Promise.resolve(this.refs.get(ref) ?? null),
    head: () => Promise.resolve({ branch: main, oid: this.refs.get(main) ?? null }),
    list: (prefix) =>
      Promise.resolve(
        [...this.refs].filter(([ref]) => ref.startsWith(prefix)).map(([ref, oid]) => ({ ref, oid })),
      ),
    commit: (request) => Promise.resolve(this.writeCommit(request)),
    compareAndSwap: (ref, from, to) => Promise.resolve(this.swap(ref, from, to)),
    advance: (ref, from, to) =>
      Promise.resolve(
        this.occupied === null
          ? this.swap(ref, from, to)
          : { kind: 'occupied', message: safe(this.occupied) },
      ),
    note: (name, notes, wallMs) => {
      const ref = `refs/notes/${name}`;
      const parent = this.refs.get(ref) ?? null;
      const changes = [...notes].map(([revision, lines]) => {
        const path = notePath(revision);
        const before = parent === null ? '' : (this.filesOf(parent)[path] ?? '');
        return { path, content: withLines(before, lines) };
      });
      const oid = this.writeCommit({ parent, changes, message: 'Notes', wallMs });
      return Promise.resolve(this.swap(ref, parent, oid));
    },
  };

  private swap(ref: string, from: Oid | null, to: Oid): SwapResult {
    this.beforeSwap(ref);
    const fails = this.unavailable.get(ref) ?? 0;
    if (fails > 0) {
      this.unavailable.set(ref, fails - 1);
      return { kind: 'unavailable', message: safe('the disk is full') };
    }
    const current = this.refs.get(ref) ?? null;
    if (current !== from) return { kind: 'lost', current };
    this.refs.set(ref, to);
    return { kind: 'swapped' };
  }

  firstParents(from: Revision, until: Revision | null, limit: number): Promise<readonly CommitInfo[]> {
    const found: CommitInfo[] = [];
    for (let at: string | undefined = from; at !== undefined && at !== until && found.length < limit;) {
      const commit = this.commits.get(at);
      if (commit === undefined) break;
      found.push(commit);
      at = commit.parents[0];
    }
    return Promise.resolve(found);
  }

  isAncestor(ancestor: Revision, descendant: Revision): Promise<boolean> {
    const known = new Set<string>();
    const open: string[] = [descendant];
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      if (at === ancestor) return Promise.resolve(true);
      if (known.has(at)) continue;
      known.add(at);
      open.push(...(this.commits.get(at)?.parents ?? []));
    }
    return Promise.resolve(false);
  }

  private keep(
    files: Contents,
    about: { parents: readonly string[]; message: string; wallMs: number; author?: string },
  ): Revision {
    const tree = this.write(files);
    const [subject = '', ...body] = about.message.split('\n');
    const oid = sha256Hex(JSON.stringify([tree, about, this.commits.size])).slice(0, 40) as Revision;
    this.commits.set(oid, {
      oid,
      tree,
      parents: about.parents as readonly Revision[],
      subject,
      body: body.join('\n').trim(),
      author: about.author ?? 'Ada',
      authorEmail: 'ada@example.com',
      committedMs: about.wallMs,
    });
    this.contents.set(oid, files);
    return oid;
  }
}

/** A line `key: …` takes the place of the one with its key. */
function withLines(before: string, lines: string): string {
  const byKey = new Map(
    [before, lines].flatMap((text) =>
      text
        .split('\n')
        .filter(Boolean)
        .map((line) => [line.split(':')[0], line]),
    ),
  );
  return [...byKey.values()].map((line) => `${line}\n`).join('');
}

function notePath(revision: string): string {
  return `${revision.slice(0, 2)}/${revision.slice(2)}`;
}
