import { safe } from '../../core/base/safe-text.js';
import type { DiskError } from '../../ports/disk.js';
import type { JournalFailure, JournalPlace } from './journal.js';

export function inFolder(place: JournalPlace, name: string): string {
  return `${place.folder}/${name}`;
}

export function diskFailure(error: DiskError): JournalFailure & { readonly kind: 'disk' } {
  // A disk names our own files and what the system said, nothing foreign.
  return { kind: 'disk', reason: error.reason, message: safe(error.message) };
}
