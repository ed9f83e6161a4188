import { decodeBatch, type JournalRecord } from '../core/journal/record.js';
import type { JournalFiles } from '../core/journal/recovery.js';
import { journalOf, type CarriedPiece } from '../core/journal/carried.js';
import { byPlace, readIntents } from '../core/status/intents.js';
import type { Oid } from '../ports/repository.js';
import { SafeJournal } from './durable-journal.js';
import { statusRef, type SimRepository } from './repository.js';

/** On the status branch, where the machine and its disk may be gone at any time. Each file is read once. */
export class CarriedJournal extends SafeJournal {
  private readonly read = new Set<Oid>();
  private tip: Oid | null = null;
  /** Of the life that is, in order: a snapshot holds what they came to, and not them. */
  private offered: JournalRecord[] = [];

  constructor(private readonly repository: SimRepository) {
    super();
  }

  /** A life begins. */
  begin(): void {
    this.offered = [];
  }

  /** It has recorded this; whether that is safe is not known yet. */
  offer(record: JournalRecord): void {
    this.offered.push(record);
  }

  refresh(): void {
    const tip = this.repository.refs.get(statusRef) ?? null;
    if (tip === this.tip) return;
    this.tip = tip;
    for (const { oid, piece } of this.pieces()) {
      if (this.read.has(oid)) continue;
      this.read.add(oid);
      if (piece.snapshot !== null) this.noteUpTo(new Map(piece.snapshot.sequences));
      for (const batch of piece.batches) {
        const records = decodeBatch(JSON.parse(batch));
        if (Array.isArray(records)) for (const record of records) this.note(record);
      }
    }
  }

  private noteUpTo(sequences: ReadonlyMap<string, number>): void {
    const isHeld = ({ stream, sequence }: JournalRecord): boolean => sequence <= (sequences.get(stream) ?? 0);
    for (const record of this.offered.filter(isHeld)) this.note(record);
    this.offered = this.offered.filter((record) => !isHeld(record));
    for (const [stream, sequence] of sequences)
      this.sequences.set(stream, Math.max(this.sequences.get(stream) ?? 0, sequence));
  }

  /** What was carried, and nothing that a start notes by itself. */
  files(): JournalFiles | null {
    const pieces = this.pieces().map(({ piece }) => ({ ...piece, told: null }));
    const journal = journalOf(pieces, this.repository.refs.get(statusRef) ?? '');
    return journal.kind === 'journal' ? journal.files : null;
  }

  /** Of the controller that carried last. */
  get epoch(): number {
    return this.pieces().at(-1)?.piece.epoch ?? 0;
  }

  private pieces(): { readonly oid: Oid; readonly piece: CarriedPiece }[] {
    const { repository } = this;
    const tip = repository.refs.get(statusRef);
    const root = tip === undefined ? null : (repository.commits.get(tip)?.tree ?? null);
    const folder = this.below(this.below(root, 'prod'), 'intents');
    const found = this.entries(folder)
      .flatMap(({ oid }) => this.entries(oid))
      .flatMap(({ oid }) => {
        const reading = readIntents(repository.text(oid) ?? '');
        return reading.kind === 'piece' ? [{ oid, piece: reading.piece }] : [];
      });
    return found.sort((a, b) => byPlace(a.piece, b.piece));
  }

  private entries(tree: Oid | null): readonly { readonly name: string; readonly oid: Oid }[] {
    return tree === null ? [] : (this.repository.trees.get(tree) ?? []);
  }

  private below(tree: Oid | null, name: string): Oid | null {
    return this.entries(tree).find((entry) => entry.name === name)?.oid ?? null;
  }
}
