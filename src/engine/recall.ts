import { fromUtf8 } from '../core/base/bytes.js';
import type { DomainName } from '../core/base/names.js';
import type { JournalFiles } from '../core/journal/recovery.js';
import { segmentOf } from '../core/journal/recovery.js';
import type { CarriedPiece } from '../core/journal/carried.js';
import { journalOf } from '../core/journal/carried.js';
import { leavesNothing } from '../core/journal/unwritten.js';
import type { IntentsPlace } from '../core/status/intents.js';
import { byPlace, intentsFolder, intentsPath, intentsPlace, readIntents } from '../core/status/intents.js';
import { DiskError } from '../ports/disk.js';
import type { Oid, Source } from '../ports/repository.js';
import { documentLimitBytes, lookUp } from './at-commit.js';
import type { JournalFailure, JournalPlace } from './journal/journal.js';
import { diskFailure, inFolder } from './journal/place.js';

/** What lies on the status branch of a journal, so that more can be carried after it. */
export interface Carried {
  /** Where files of it lie, in order. */
  readonly paths: readonly string[];
  /** Of the last one. */
  readonly last: IntentsPlace | null;
  /** Since the last snapshot, and of that itself, in bytes. */
  readonly bytes: number;
  readonly snapshotBytes: number;
  /** Batches of the journal that no file holds yet, though it goes on from them. */
  readonly pending: readonly string[];
  /** All that the journal knows is there, or pending. */
  readonly isWhole: boolean;
  /** The documents beside it tell all that it knows. */
  readonly isTold: boolean;
}

export const nothingCarried: Carried = {
  paths: [],
  last: null,
  bytes: 0,
  snapshotBytes: 0,
  pending: [],
  isWhole: true,
  isTold: false,
};

export type Recalled =
  | { readonly kind: 'journal'; readonly files: JournalFiles; readonly carried: Carried }
  | { readonly kind: 'nothing' }
  /** Something lies there that is no journal: the documents remember, and it is replaced. */
  | { readonly kind: 'broken'; readonly carried: Carried }
  | { readonly kind: 'newer' }
  /** What cannot be read for a moment must not pass for what is not there. */
  | { readonly kind: 'unreadable' };

interface Found extends IntentsPlace {
  readonly path: string;
  readonly oid: Oid;
}

/** The journal as it was carried to the status branch at this commit. */
export async function recall(source: Source, tip: Oid, domain: DomainName): Promise<Recalled> {
  const found = await filesBelow(source, tip, domain);
  if (found === null) return { kind: 'unreadable' };
  if (found.length === 0) return { kind: 'nothing' };
  const blobs = await source.blobs(
    found.map(({ oid }) => oid),
    documentLimitBytes,
  );
  const pieces: CarriedPiece[] = [];
  const paths = found.map(({ path }) => path);
  const broken: Recalled = { kind: 'broken', carried: { ...nothingCarried, paths, isWhole: false } };
  for (const [i, place] of found.entries()) {
    const reading = readIntents(blobs[i] ? (fromUtf8(blobs[i]) ?? '') : '');
    if (reading.kind === 'newer') return reading;
    if (reading.kind === 'broken' || byPlace(reading.piece, place) !== 0) return broken;
    pieces.push(reading.piece);
  }
  const journal = journalOf(pieces, tip);
  if (journal.kind === 'newer') return journal;
  if (journal.kind === 'broken') return broken;
  const sizes = blobs.map((bytes) => bytes?.length ?? 0);
  return { kind: 'journal', files: journal.files, carried: carriedIn(found, pieces, sizes, journal.noted) };
}

function carriedIn(
  found: readonly Found[],
  pieces: readonly CarriedPiece[],
  sizes: readonly number[],
  pending: readonly string[],
): Carried {
  const begin = pieces.findLastIndex(({ snapshot }) => snapshot !== null);
  return {
    paths: found.map(({ path }) => path),
    last: found.at(-1) ?? null,
    bytes: sizes.slice(begin + 1).reduce((sum, size) => sum + size, 0),
    snapshotBytes: sizes[begin] ?? 0,
    pending,
    isWhole: true,
    isTold: isTold(pieces.at(-1)),
  };
}

function isTold(piece: CarriedPiece | undefined): boolean {
  return piece?.told != null && leavesNothing(piece.told.remaining);
}

/** In the order in which they were carried; null: they cannot be listed. */
export async function filesBelow(source: Source, tip: Oid, domain: DomainName): Promise<Found[] | null> {
  const folder = await lookUp(source, tip, `${domain}/${intentsFolder}`);
  if (folder.kind !== 'found') return folder.kind === 'absent' ? [] : null;
  const found: Found[] = [];
  const epochs = await source.tree(folder.oid);
  if (epochs === null) return null;
  for (const epoch of epochs) {
    const files = epoch.kind === 'tree' ? await source.tree(epoch.oid) : [];
    if (files === null) return null;
    for (const { name, oid } of files) {
      const place = intentsPlace(`${epoch.name}/${name}`);
      if (place !== null) found.push({ ...place, oid, path: intentsPath(domain, place) });
    }
  }
  return found.sort(byPlace);
}

type LaidDown =
  | { readonly ok: true }
  | { readonly ok: false; readonly failure: Extract<JournalFailure, { readonly kind: 'disk' }> };

/**
 * Puts it in the place of whatever the state folder holds. Dying in the middle of it is no loss: the next start does it
 * anew, for what nobody has carried nobody has acted upon.
 */
export async function layDown(place: JournalPlace, files: JournalFiles): Promise<LaidDown> {
  const { disk, folder } = place;
  try {
    for (const name of await disk.list(folder))
      if (segmentOf(name) !== null) await disk.remove(inFolder(place, name));
    for (const [name, bytes] of files) await disk.replace(inFolder(place, name), bytes);
  } catch (error) {
    if (!(error instanceof DiskError)) throw error;
    return { ok: false, failure: diskFailure(error) };
  }
  return { ok: true };
}
