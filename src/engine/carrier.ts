import type { DomainName, Revision } from '../core/base/names.js';
import { byCodeUnit } from '../core/base/order.js';
import type { Redactor } from '../core/base/safe-text.js';
import type { CarriedPiece, Told } from '../core/journal/carried.js';
import type { Entry } from '../core/journal/entry.js';
import type { State } from '../core/journal/fold.js';
import { stateAsData } from '../core/journal/fold.js';
import type { BatchMeta, JournalRecord } from '../core/journal/record.js';
import { encodeBatch } from '../core/journal/record.js';
import { encodeUnwritten, leavesNothing } from '../core/journal/unwritten.js';
import type { IntentsPlace } from '../core/status/intents.js';
import { intentsDocument, intentsPath, intentsSubject } from '../core/status/intents.js';
import type { Clock } from '../ports/clock.js';
import { cancelSource } from '../ports/clock.js';
import type { FileChange, Oid } from '../ports/repository.js';
import { begunBy } from './effect.js';
import type { Inbox } from './inbox.js';
import type { Journal } from './journal/journal.js';
import type { Carried } from './recall.js';
import type { StatusBranch, Written } from './status-branch.js';
import type { Troubles } from './troubles.js';
import { unwrittenTrouble } from './troubles.js';

/** A snapshot takes the place of what was carried when that is larger, in bytes, or lies in more files. */
const mostBytes = 256 * 1024;
const mostFiles = 32;
const retryMs = 2_000;

export interface CarrierParts {
  readonly domain: DomainName;
  readonly state: State;
  readonly journal: Journal;
  readonly branch: StatusBranch;
  readonly inbox: Inbox;
  readonly troubles: Troubles;
  readonly clock: Clock;
  readonly redact: Redactor;
  /** Engine time. */
  now(): number;
}

/** One batch of the journal that the branch is not known to hold. */
interface Waiting {
  readonly text: string;
  readonly begun: readonly string[];
  /** It says no more than that documents were written, and their commit says so itself. */
  readonly isNote: boolean;
}

interface Load {
  readonly place: IntentsPlace;
  readonly changes: readonly FileChange[];
  /** Of `waiting`, from its beginning. */
  readonly batches: number;
  readonly isSnapshot: boolean;
  /** The documents of the same commit leave nothing to tell. */
  readonly isTold: boolean;
}

/** `revisions`: whose notes are written after the commit. */
interface Telling {
  readonly documents: Documents;
  readonly message: string;
  readonly revisions: readonly Revision[];
}

type Documents = (tip: Oid | null) => Promise<readonly FileChange[]>;

/**
 * Where the state folder does not outlive its machine, the journal is on the status branch, and what lies on the disk is a
 * copy. What was appended is carried there before the effects that rest on it: one push at a time, and what gathers
 * meanwhile goes with the next. Documents go in the same commit.
 */
export class Carrier {
  private readonly waiting: Waiting[];
  /** Batches that were added, and that are known to be on the branch, since the start. */
  private added: number;
  private kept = 0;
  private carried: Carried;
  private last: Promise<unknown> = Promise.resolve();
  /** A push that has not begun: whoever asks now waits for it. */
  private next: Promise<Written> | null = null;
  private readonly ending = cancelSource();

  constructor(
    private readonly parts: CarrierParts,
    carried: Carried,
  ) {
    this.carried = carried;
    this.waiting = carried.pending.map((text) => ({ text, begun: [], isNote: true }));
    this.added = this.waiting.length;
  }

  /** What the journal was given. */
  add(meta: BatchMeta, records: readonly JournalRecord[]): void {
    const { domain } = this.parts;
    this.waiting.push({
      text: encodeBatch(meta, records),
      begun: records.flatMap((record) => begunBy(record, domain) ?? []),
      isNote: records.every(({ entry }) => (entry as Entry).kind === 'status.written'),
    });
    this.added++;
  }

  /** Settles when all that was added up to now is on the branch. False: that will never be, nothing may be done. */
  async settled(): Promise<boolean> {
    const { inbox } = this.parts;
    const wanted = this.added;
    while (this.kept < wanted) {
      if (this.ending.cancel.cancelled) return false;
      this.next ??= this.inTurn(() => {
        this.next = null;
        return this.push(null);
      });
      const written = await this.next;
      if (written.kind === 'fenced') {
        inbox.push({ kind: 'fenced', ...written.lost });
        return false;
      }
      if (written.kind === 'unavailable') await this.wait(written.message);
      else this.parts.troubles.end('status');
    }
    return !this.ending.cancel.cancelled;
  }

  /** A commit of documents, which takes along what waits. */
  write(telling: Telling): Promise<Written> {
    return this.inTurn(() => this.push(telling));
  }

  /** The next start would do again what was done: it would not know of it. */
  get isBehind(): boolean {
    return this.kept < this.added && !(this.carried.isTold && this.waiting.every(({ isNote }) => isNote));
  }

  /** Nobody waits any more. */
  stop(): void {
    this.ending.abort();
  }

  /** What the next start would else do again is on the branch; where that cannot be, it does it again. */
  async close(): Promise<void> {
    if (!this.parts.branch.isClaimed) return;
    await this.inTurn(() => (this.isBehind ? this.push(null) : this.nothingToDo()));
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.last.then(work);
    this.last = turn.catch(() => undefined);
    return turn;
  }

  private async wait(problem: string): Promise<void> {
    const { clock, redact, troubles } = this.parts;
    troubles.begin('status', unwrittenTrouble(redact(problem)));
    await clock.sleepUntil(clock.monoMs() + retryMs, this.ending.cancel);
  }

  private nothingToDo(): Promise<Written> {
    return Promise.resolve({ kind: 'written', commit: '' });
  }

  private async push(telling: Telling | null): Promise<Written> {
    const { branch, domain } = this.parts;
    if (telling === null && this.kept === this.added) return this.nothingToDo();
    let load: Load | null = null;
    const changes = async (tip: Oid | null): Promise<readonly FileChange[]> => {
      const written = telling === null ? [] : await telling.documents(tip);
      load = this.load(telling?.revisions ?? null);
      return [...written, ...load.changes];
    };
    const subject =
      telling?.message ??
      `${intentsSubject(
        domain,
        this.waiting.flatMap(({ begun }) => begun),
      )}\n`;
    try {
      const written = await branch.write(changes, subject);
      if (written.kind === 'written' && load !== null) this.note(load);
      return written;
    } catch (error) {
      return { kind: 'unavailable', message: error instanceof Error ? error.message : String(error) };
    }
  }

  /**
   * All that waits, as one more file; or the state, in the place of all files. Made anew for each try, under the same
   * name: a commit whose answer was lost may be there, and holds no more than the next one.
   */
  private load(noted: readonly Revision[] | null): Load {
    const { branch, domain } = this.parts;
    const { last, paths } = this.carried;
    const { epoch } = branch;
    const place = { epoch, number: last?.epoch === epoch ? last.number + 1 : 1 };
    const isSnapshot = !this.carried.isWhole || this.isFull;
    const piece: CarriedPiece = {
      ...place,
      snapshot: isSnapshot ? this.snapshot() : null,
      told: noted === null ? null : this.told(noted),
      batches: isSnapshot ? [] : this.waiting.map(({ text }) => text),
    };
    const path = intentsPath(domain, place);
    const content = intentsDocument(
      piece,
      this.waiting.flatMap(({ begun }) => begun),
    );
    const replaced = isSnapshot ? paths.filter((each) => each !== path) : [];
    return {
      place,
      changes: [{ path, content }, ...replaced.map((each) => ({ path: each, content: null }))],
      batches: this.waiting.length,
      isSnapshot,
      isTold: piece.told !== null && leavesNothing(piece.told.remaining),
    };
  }

  /** Until it is known that the notes were written they count as what remains. */
  private told(noted: readonly Revision[]): Told {
    const { clock, state, now } = this.parts;
    const remaining = encodeUnwritten(state.since);
    const revisions = [...new Set([...remaining.revisions, ...noted])].sort(byCodeUnit);
    return { at: Math.round(now()), wallMs: clock.wallMs(), remaining: { ...remaining, revisions } };
  }

  /** More than a snapshot would save: the larger that is, the more may lie beside it. */
  private get isFull(): boolean {
    const { bytes, paths, snapshotBytes } = this.carried;
    const allowed = Math.max(1, Math.ceil(snapshotBytes / mostBytes));
    return bytes > mostBytes * allowed || paths.length >= mostFiles * allowed;
  }

  private snapshot(): NonNullable<CarriedPiece['snapshot']> {
    const { journal, state } = this.parts;
    return { epoch: journal.epoch, sequences: journal.sequences(), state: stateAsData(state) };
  }

  /** It is on the branch. */
  private note({ place, changes, batches, isSnapshot, isTold }: Load): void {
    const { bytes, paths, snapshotBytes } = this.carried;
    const [file] = changes;
    const size = file?.content?.length ?? 0;
    const path = file === undefined ? [] : [file.path];
    this.waiting.splice(0, batches);
    this.kept += batches;
    this.carried = {
      paths: isSnapshot ? path : [...paths, ...path],
      last: place,
      bytes: isSnapshot ? 0 : bytes + size,
      snapshotBytes: isSnapshot ? size : snapshotBytes,
      pending: [],
      isWhole: true,
      isTold,
    };
  }
}
