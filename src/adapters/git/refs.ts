import type { Redactor } from '../../core/base/safe-text.js';
import type { Revision } from '../../core/base/names.js';
import type { Oid, Refs } from '../../ports/repository.js';
import { advance } from './advance.js';
import { type CommitTools, writeCommit } from './commit.js';
import { GitError } from './failure.js';
import { noteChanges } from './notes.js';
import { isRefName } from './ref-names.js';
import type { RefStore } from './ref-store.js';
import { swapRef } from './ref-swap.js';
import type { GitTool } from './tool.js';

/** References, and the commits that Heliostat itself writes. */
export function refsOf(
  tools: CommitTools & { readonly tool: GitTool | null },
  store: RefStore,
  redact: Redactor,
): Refs {
  const exists = async (oid: Oid): Promise<boolean> => (await tools.source.commit(oid as Revision)) !== null;
  const swapTools = { layout: tools.layout, store, sharing: tools.sharing, redact, exists };
  const compareAndSwap: Refs['compareAndSwap'] = async (ref, from, to) => {
    const swapped = await swapRef(swapTools, ref, { from, to });
    if (swapped.kind === 'unprepared') throw new Error('there was nothing to prepare');
    return swapped;
  };

  return {
    async read(ref) {
      return ref === 'HEAD' || isRefName(ref) ? store.read(ref) : null;
    },
    head: () => store.head(),
    list: (prefix) => store.list(prefix),
    compareAndSwap,
    advance: (ref, from, to) =>
      advance(
        {
          layout: tools.layout,
          tool: tools.tool,
          redact,
          swap: (name, swap) => swapRef(swapTools, name, swap),
        },
        ref,
        { from, to },
      ),
    commit: (request) => writeCommit(tools, request),
    note: noterOf(tools, { read: (ref) => store.read(ref), compareAndSwap }, redact),
  };
}

/** Adds notes to the reference that these read and move. */
export function noterOf(
  tools: CommitTools,
  { read, compareAndSwap }: Pick<Refs, 'read' | 'compareAndSwap'>,
  redact: Redactor,
): Refs['note'] {
  return async (name, notes, wallMs) => {
    const ref = `refs/notes/${name}`;
    const parent = await read(ref);
    const tree = parent === null ? null : ((await tools.source.commit(parent as Revision))?.tree ?? null);
    if (parent !== null && tree === null) {
      return { kind: 'unavailable', message: redact(`the commit ${parent} of ${ref} cannot be read`) };
    }
    const changes = await noteChanges(tools.source, tree, notes);
    if (changes.length === 0) return { kind: 'swapped' };
    try {
      const message = "Notes added by 'heliostat'";
      const commit = await writeCommit(tools, { parent, changes, message, wallMs });
      return await compareAndSwap(ref, parent, commit);
    } catch (error) {
      if (!(error instanceof GitError)) throw error;
      return { kind: 'unavailable', message: redact(error.message) };
    }
  };
}
