import { segmentOf, snapshotFile } from '../../core/journal/recovery.js';
import {
  beginSnapshot,
  decodeSnapshot,
  encodeSlice,
  endSnapshot,
  type SnapshotMeta,
} from '../../core/journal/snapshot.js';
import { DiskError } from '../../ports/disk.js';
import type { JournalPlace, SyncResult } from './journal.js';
import { diskFailure, inFolder } from './place.js';

/** Writes, syncs and reads back a snapshot, and only then removes what it replaces. */
export async function writeSnapshot(
  place: JournalPlace,
  meta: SnapshotMeta,
  slices: Iterable<Uint8Array>,
): Promise<SyncResult> {
  const file = inFolder(place, snapshotFile(meta.segment));
  try {
    await writeSlices(place, file, meta, slices);
    await readBack(place, file, meta);
  } catch (error) {
    if (!(error instanceof DiskError)) throw error;
    await removeQuietly(place, file);
    return { ok: false, failure: diskFailure(error) };
  }
  await removeBefore(place, meta.segment);
  return { ok: true };
}

async function writeSlices(
  { disk }: JournalPlace,
  file: string,
  meta: SnapshotMeta,
  slices: Iterable<Uint8Array>,
): Promise<void> {
  let count = 0;
  await disk.append(file, beginSnapshot(meta));
  for (const slice of slices) {
    await disk.append(file, encodeSlice(slice));
    count++;
  }
  await disk.append(file, endSnapshot(count));
  await disk.sync(file);
}

async function readBack({ disk }: JournalPlace, file: string, meta: SnapshotMeta): Promise<void> {
  const bytes = await disk.read(file);
  const found = bytes === null ? 'damaged' : decodeSnapshot(bytes);
  if (typeof found !== 'object' || found.meta.segment !== meta.segment) {
    throw new DiskError('io', `${file} was written and cannot be read back`);
  }
}

/** What stays for now is removed at the next start. */
async function removeBefore(place: JournalPlace, segment: number): Promise<void> {
  try {
    for (const name of await place.disk.list(place.folder)) {
      const number = segmentOf(name);
      if (number !== null && number < segment) await place.disk.remove(inFolder(place, name));
    }
  } catch (error) {
    if (!(error instanceof DiskError)) throw error;
  }
}

async function removeQuietly({ disk }: JournalPlace, file: string): Promise<void> {
  try {
    await disk.remove(file);
  } catch (error) {
    if (!(error instanceof DiskError)) throw error;
  }
}
