import { journalHeader } from '../../core/journal/framing.js';
import {
  journalFile,
  recover,
  segmentOf,
  type JournalFiles,
  type RecoveryAction,
} from '../../core/journal/recovery.js';
import { DiskError } from '../../ports/disk.js';
import type { JournalPlace, Opened } from './journal.js';
import { diskFailure, inFolder } from './place.js';
import { JournalWriter } from './writer.js';

/**
 * Reads the journal, repairs what a crash left, and makes durable what was read. Where the files
 * cannot be trusted, or are of a newer version, nothing is touched.
 */
export async function openJournal(place: JournalPlace): Promise<Opened> {
  try {
    return await tryOpen(place);
  } catch (error) {
    if (!(error instanceof DiskError)) throw error;
    return { ok: false, failure: diskFailure(error) };
  }
}

async function tryOpen(place: JournalPlace): Promise<Opened> {
  const files = await readFiles(place);
  const recovered = recover(files);
  if (!recovered.ok) return { ok: false, failure: recovered.problem };
  const { actions, position, records, snapshot } = recovered;
  for (const action of actions) await perform(place, action, files);
  const journal = new JournalWriter(place, position, () => openJournal(place));
  const dropped = (files.get(journalFile(position.segment))?.length ?? position.length) - position.length;
  return { ok: true, journal, snapshot, records, dropped: Math.max(0, dropped) };
}

async function readFiles(place: JournalPlace): Promise<JournalFiles> {
  const files = new Map<string, Uint8Array>();
  for (const name of await place.disk.list(place.folder)) {
    if (segmentOf(name) === null) continue;
    const bytes = await place.disk.read(inFolder(place, name));
    if (bytes !== null) files.set(name, bytes);
  }
  return files;
}

async function perform(place: JournalPlace, action: RecoveryAction, files: JournalFiles): Promise<void> {
  const { disk } = place;
  const file = inFolder(place, action.file);
  switch (action.kind) {
    case 'begin':
      return disk.replace(file, journalHeader());
    case 'rewrite':
      return disk.replace(file, (files.get(action.file) as Uint8Array).subarray(0, action.length));
    case 'remove':
      return disk.remove(file);
  }
}
