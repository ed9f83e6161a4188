import { safe, type SafeText } from '../base/safe-text.js';
import { journalHeader, decodeFrames, type FrameProblem } from './framing.js';
import { readHeader } from './frame.js';
import type { JournalRecord } from './record.js';
import { checkOrder, type Order } from './sequences.js';
import { decodeSnapshot, type Snapshot } from './snapshot.js';

/** Contents by name, without the folder; other names are passed over. */
export type JournalFiles = ReadonlyMap<string, Uint8Array>;

/** What must be done to the files before the journal may be written again, in this order. */
export type RecoveryAction =
  /** The file is new, or a crash cut its header short: replace it by the header. */
  | { readonly kind: 'begin'; readonly file: string }
  /** Replace the file by its own first bytes; what comes after them is torn. */
  | { readonly kind: 'rewrite'; readonly file: string; readonly length: number }
  | { readonly kind: 'remove'; readonly file: string };

export interface JournalPosition extends Order {
  /** Number of the file that is being written. */
  readonly segment: number;
  /** Length of that file once the actions are done, in bytes. */
  readonly length: number;
  /** Bytes of all files that are read after the snapshot. */
  readonly sizeSinceSnapshot: number;
}

export interface JournalProblem {
  readonly kind: 'corrupt' | 'newer';
  readonly file: string;
  /** Offset in bytes; null where the file as a whole is meant. */
  readonly at: number | null;
  readonly message: SafeText;
  /** What to do, in the imperative. */
  readonly fix: SafeText;
}

export type Recovered =
  | {
      readonly ok: true;
      /** Slices of the newest whole snapshot, null if there is none yet. */
      readonly snapshot: readonly Uint8Array[] | null;
      /** All that came after it, in order. */
      readonly records: readonly JournalRecord[];
      readonly actions: readonly RecoveryAction[];
      readonly position: JournalPosition;
    }
  /** Nothing may be touched then. */
  | { readonly ok: false; readonly problem: JournalProblem };

export function journalFile(segment: number): string {
  return `journal.${segment}`;
}

export function snapshotFile(segment: number): string {
  return `snapshot.${segment}`;
}

/** The segment that a name of either kind belongs to; null for other names. */
export function segmentOf(name: string): number | null {
  const number = /^(?:journal|snapshot)\.([1-9][0-9]{0,14})$/.exec(name)?.[1];
  return number === undefined ? null : Number(number);
}

/**
 * What a folder of journal files says: the newest whole snapshot, and the records after it.
 *
 * What can be read may never reach the disk: a killed process has not synced it, and after a failed
 * sync the system calls pages clean that were not written, so that another sync succeeds and does
 * nothing. Therefore the last file is written anew, whole, before anybody acts on what it says.
 */
export function recover(files: JournalFiles): Recovered {
  const later = newerFile(files);
  if (later !== null) return { ok: false, problem: later };
  const { number, snapshot } = newestSnapshot(files);
  const chain = readChain(files, number);
  if ('problem' in chain) return { ok: false, problem: chain.problem };
  const start = { epoch: snapshot?.meta.epoch ?? 0, sequences: snapshot?.meta.sequences ?? [] };
  const order = checkOrder(start, chain.records);
  if ('broken' in order) {
    const file = chain.fileOf(order.broken);
    return { ok: false, problem: corrupt(file, null, `in ${file} ${order.message}`) };
  }
  return {
    ok: true,
    snapshot: snapshot?.slices ?? null,
    records: chain.records,
    actions: [chain.action, ...settleSnapshot(files, number)],
    position: { ...order, segment: chain.segment, length: chain.length, sizeSinceSnapshot: chain.size },
  };
}

function newestSnapshot(files: JournalFiles): { number: number | null; snapshot: Snapshot | null } {
  for (const number of numbers(files, 'snapshot').reverse()) {
    const snapshot = decodeSnapshot(files.get(snapshotFile(number)) as Uint8Array);
    // A damaged one is passed over: a crash may have cut it short, and the files before it are kept
    // until it was read back. If they are gone, the chain is broken, and that is found there.
    if (typeof snapshot === 'object' && snapshot.meta.segment === number) return { number, snapshot };
  }
  return { number: null, snapshot: null };
}

interface Chain {
  readonly records: readonly JournalRecord[];
  /** For the last file. */
  readonly action: RecoveryAction;
  readonly segment: number;
  readonly length: number;
  readonly size: number;
  /** The file in which the `index`th record stands. */
  fileOf(index: number): string;
}

function readChain(files: JournalFiles, snapshot: number | null): Chain | { problem: JournalProblem } {
  const first = snapshot ?? 1;
  const segments = numbers(files, 'journal').filter((number) => number >= first);
  const last = segments.at(-1) ?? first;
  const fresh = segments.length === 0 && snapshot === null && numbers(files, 'snapshot').length === 0;
  const records: JournalRecord[] = [];
  const ends: number[] = [];
  let size = 0;
  let action = repair(journalFile(last), 0);
  let length = 0;
  for (let number = first; number <= last; number++) {
    const file = journalFile(number);
    const bytes = files.get(file) ?? (fresh ? new Uint8Array(0) : null);
    if (bytes === null) return { problem: corrupt(file, null, missing(files, file, snapshot)) };
    const decoded = decodeFrames(bytes);
    const problem = judge(file, decoded.problem, number === last);
    if (problem !== null) return { problem };
    for (const record of decoded.records) records.push(record);
    ends.push(records.length);
    action = repair(file, decoded.validLength);
    length = Math.max(decoded.validLength, journalHeader().length);
    size += length;
  }
  const fileOf = (index: number) => journalFile(first + ends.findIndex((end) => index < end));
  return { records, action, segment: last, length, size, fileOf };
}

function missing(files: JournalFiles, file: string, snapshot: number | null): string {
  const damaged = numbers(files, 'snapshot').filter((number) => number > (snapshot ?? 0));
  const because = damaged.length > 0 ? `, and ${damaged.map(snapshotFile).join(', ')} is damaged` : '';
  return `${file} is missing${because}`;
}

/** Why a file cannot be read on, or null. A file that another follows was synced before that one was begun. */
function judge(file: string, found: FrameProblem | null, isLast: boolean): JournalProblem | null {
  if (found === null || (found.kind === 'torn' && isLast)) return null;
  if (found.kind === 'newer') return newer(file, found.at);
  const torn = 'ends in the middle of a write, though another file follows it,';
  return corrupt(file, found.at, `${file} ${found.kind === 'torn' ? torn : 'is damaged'}`);
}

function repair(file: string, length: number): RecoveryAction {
  return length === 0 ? { kind: 'begin', file } : { kind: 'rewrite', file, length };
}

/** Removes what the snapshot replaces. As long as that is there, nobody can say whether the snapshot is durable. */
function settleSnapshot(files: JournalFiles, snapshot: number | null): RecoveryAction[] {
  const old = numbers(files, 'journal').filter((number) => number < (snapshot ?? 1));
  const other = numbers(files, 'snapshot').filter((number) => number !== snapshot);
  const names = [...old.map(journalFile), ...other.map(snapshotFile)];
  const removals = names.map((file): RecoveryAction => ({ kind: 'remove', file }));
  if (snapshot === null || removals.length === 0) return removals;
  const file = snapshotFile(snapshot);
  return [{ kind: 'rewrite', file, length: (files.get(file) as Uint8Array).length }, ...removals];
}

/** The first file that a later version of this program wrote, be it the file's format or the records in it. */
function newerFile(files: JournalFiles): JournalProblem | null {
  for (const kind of ['journal', 'snapshot'] as const) {
    for (const number of numbers(files, kind)) {
      const file = `${kind}.${number}`;
      if (readHeader(files.get(file) as Uint8Array, kind).kind === 'newer') return newer(file, null);
    }
  }
  return null;
}

function numbers(files: JournalFiles, kind: 'journal' | 'snapshot'): number[] {
  const found = [...files.keys()].filter((name) => name.startsWith(`${kind}.`)).map(segmentOf);
  return found.filter((number) => number !== null).sort((a, b) => a - b);
}

function newer(file: string, at: number | null): JournalProblem {
  return {
    kind: 'newer',
    file,
    at,
    message: safe(`${file} was written by a newer version of Heliostat; it was left untouched.`),
    fix: safe('Start the version that wrote it, or a later one.'),
  };
}

function corrupt(file: string, at: number | null, what: string): JournalProblem {
  return {
    kind: 'corrupt',
    file,
    at,
    message: safe(
      `The journal cannot be trusted: ${what}${at === null ? '' : ` at byte ${at}`}. Nothing was changed.`,
    ),
    fix: safe(
      'Move the state folder away, keep it for inspection, and start again: what is known is then rebuilt from the status branch and the providers. Check the disk.',
    ),
  };
}
