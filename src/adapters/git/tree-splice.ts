import { byCodeUnit } from '../../core/base/order.js';
import type { RawEntry } from './parse-tree.js';

export interface EntryEdit {
  readonly mode: string;
  readonly oid: string;
}

/**
 * A tree with some entries replaced, added or (null) removed; names have one character a byte. All other bytes are
 * copied, in long runs, so that a folder of 10,000 files costs hardly more than one of 10.
 */
export function splice(
  raw: Buffer,
  entries: readonly RawEntry[],
  edits: ReadonlyMap<string, EntryEdit | null>,
): Buffer {
  const added = [...edits]
    .filter((edit): edit is [string, EntryEdit] => edit[1] !== null)
    .map(([name, edit]) => ({ key: orderKey(name, edit.mode), bytes: entryBytes(name, edit) }))
    .sort((a, b) => byCodeUnit(a.key, b.key));
  const parts: Buffer[] = [];
  let next = 0;
  let runStart = 0;
  for (const entry of entries) {
    const gone = edits.has(entry.nameBytes);
    const key = next < added.length ? orderKey(entry.nameBytes, entry.mode) : '';
    const before = next;
    while (next < added.length && added[next]!.key < key) next++;
    if (!gone && before === next) continue;
    parts.push(raw.subarray(runStart, entry.start), ...added.slice(before, next).map(({ bytes }) => bytes));
    runStart = gone ? entry.end : entry.start;
  }
  return Buffer.concat([...parts, raw.subarray(runStart), ...added.slice(next).map(({ bytes }) => bytes)]);
}

/** Git sorts a folder as if its name ended with a slash. */
function orderKey(nameBytes: string, mode: string): string {
  return mode === '40000' || mode === '040000' ? `${nameBytes}/` : nameBytes;
}

function entryBytes(nameBytes: string, { mode, oid }: EntryEdit): Buffer {
  return Buffer.concat([Buffer.from(`${mode} ${nameBytes}\0`, 'latin1'), Buffer.from(oid, 'hex')]);
}
