import { listenerOf } from '../core/base/names.js';
import type { Entry } from '../core/journal/entry.js';
import { decodeFrames, journalHeader } from '../core/journal/framing.js';
import type { JournalRecord } from '../core/journal/record.js';
import { operationId } from '../core/rollout/place.js';
import type { Content, SimDisk } from './disk.js';

/** What an intent in the journal is about: an instance, or `solution/element#binding`. */
export interface Intent {
  readonly kind: Entry['kind'];
  readonly about: string;
  readonly transition: string | null;
}

/** What of a controller's journal outlives whatever happens to it. */
export abstract class SafeJournal {
  /** Ever safe, by operation id. */
  readonly intents = new Map<string, Intent>();
  /** Last safe record of each stream. */
  readonly sequences = new Map<string, number>();

  /** Reads what became safe since the last call. */
  abstract refresh(): void;

  protected note(record: JournalRecord): void {
    const { stream, sequence } = record;
    this.sequences.set(stream, Math.max(this.sequences.get(stream) ?? 0, sequence));
    const entry = record.entry as Entry;
    const about = subjectOf(entry, stream);
    if (about === null) return;
    const transition = entry.kind === 'operation.begun' ? entry.transition : null;
    this.intents.set(operationId(record), { kind: entry.kind, about, transition });
  }
}

/** On a disk, until somebody deletes its folder: what is safe from a loss of power. Each piece is read once. */
export class DurableJournal extends SafeJournal {
  private readonly read = new Map<string, Content>();
  private clears = 0;

  constructor(private readonly disk: SimDisk) {
    super();
  }

  refresh(): void {
    const { disk } = this;
    if (disk.clears !== this.clears) {
      this.clears = disk.clears;
      this.sequences.clear();
      this.read.clear();
    }
    for (const [name, content] of disk.durable()) {
      const before = this.read.get(name);
      if (before?.pieces === content.pieces && before.count === content.count) continue;
      this.read.set(name, content);
      if (/^journal\/journal\.[0-9]+$/.test(name)) this.take(before, content);
    }
  }

  private take(before: Content | undefined, content: Content): void {
    const from = before?.pieces === content.pieces ? Math.min(before.count, content.count) : 0;
    const fresh = content.pieces.slice(from, content.count);
    const bytes = joined(from === 0 ? fresh : [journalHeader(), ...fresh]);
    for (const record of decodeFrames(bytes).records) this.note(record);
  }
}

/** Null: no intent of an effect. */
function subjectOf(entry: Entry, stream: string): string | null {
  switch (entry.kind) {
    case 'operation.begun':
    case 'orphan.begun':
      return entry.instance;
    case 'orphan.unrouted':
      return listenerOf(entry.key);
    case 'route.begun':
    case 'listener.gone':
      return `${stream.slice('solution/'.length)}/${entry.element}#${entry.binding}`;
    default:
      return null;
  }
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}
