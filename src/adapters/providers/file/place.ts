import { chmodSync, mkdirSync, readdirSync } from 'node:fs';
import type { InstanceRef, InstanceTask, Observation } from '../../../ports/provider.js';
import type { Digest } from '../../../core/base/digest.js';
import { digestOf } from '../../../core/base/digest.js';
import { safe, type SafeText } from '../../../core/base/safe-text.js';
import { kindOf } from '../parts/folders.js';
import { foreignHomeOf } from '../parts/home.js';
import { absent, refuse, TransitionFailure, tryAgain } from '../parts/outcomes.js';
import type { Inspector } from './contents.js';
import {
  ownFolder,
  readMarker,
  readPointer,
  writeMarker,
  writePointer,
  type Marker,
  type Pointer,
} from './marker.js';
import { readSettings, type FileSettings } from './settings.js';

export interface Host {
  readonly instancesDir: string;
  readonly home: string;
  readonly inspector: Inspector;
}

/** What is there of one instance. */
export interface View {
  readonly folder: string;
  readonly kind: ReturnType<typeof kindOf>;
  readonly marker: Marker | null;
  readonly pointer: Pointer | null;
}

/** Where it lies is remembered; what was never created lies where its configuration says. */
export function viewOf(host: Host, ref: Pick<InstanceRef, 'id' | 'owner' | 'configuration'>): View {
  const pointer = readPointer(host.instancesDir, ref.id);
  const folder =
    pointer?.folder ?? readSettings(ref.configuration).path ?? ownFolder(host.instancesDir, ref.id);
  const kind = kindOf(folder);
  return { folder, kind, marker: kind === 'folder' ? readMarker(folder) : null, pointer };
}

function isOurs(host: Host, owner: string, mark: { readonly owner: string; readonly home: string }): boolean {
  return mark.owner === owner && foreignHomeOf(mark.home, host.home) === null;
}

/** Makes the folder ours: a new one, one that is ours already, or an empty one. */
export function claim(host: Host, task: InstanceTask, view: View, settings: FileSettings): Marker {
  demandClaimable(host, task, view);
  const { folder, kind, marker } = view;
  const { id, owner, home } = task;
  writePointer(host.instancesDir, { id, owner, home, folder });
  if (kind === null) mkdirSync(folder, { recursive: true });
  if (kind === null || settings.mode !== 0o755) chmodSync(folder, settings.mode);
  const fresh = { state: 'inactive', digest: null, files: {} } as const;
  const claimed: Marker = {
    ...fresh,
    ...marker,
    id,
    owner,
    home,
    keepsData: settings.keepsData,
    reset: false,
  };
  writeMarker(folder, claimed);
  return claimed;
}

function demandClaimable(host: Host, task: InstanceTask, { folder, kind, marker, pointer }: View): void {
  if (kind === null) return;
  if (kind !== 'folder') throw refuse('file.inTheWay', `${folder} is not a folder`);
  if (marker !== null) return demandOurs(host, task, folder, marker);
  const known = pointer !== null && isOurs(host, task.owner, pointer);
  if (known || folder === ownFolder(host.instancesDir, task.id) || readdirSync(folder).length === 0) return;
  throw refuse('file.foreign', `${folder} holds files and no mark of ours; nothing was touched`);
}

export function demandOurs(host: Host, task: InstanceTask, folder: string, marker: Marker): void {
  if (isOurs(host, task.owner, marker)) return;
  throw refuse('file.foreign', `${folder} belongs to ${marker.owner} of ${marker.home}; nothing was touched`);
}

/** @throws {TransitionFailure} if it was not created, or belongs to somebody else */
export function demandMarker(host: Host, task: InstanceTask, view: View): Marker {
  const { marker, folder } = view;
  if (marker === null || marker.reset) throw tryAgain('file.notCreated', `${folder} is not there`);
  demandOurs(host, task, folder, marker);
  return marker;
}

export function observationOf(host: Host, ref: InstanceRef): Observation {
  let view: View;
  try {
    view = viewOf(host, ref);
  } catch (error) {
    // A configuration that names no place: nothing can have been made of it.
    if (error instanceof TransitionFailure) return absent(ref.id);
    throw error;
  }
  const { marker, pointer, kind, folder } = view;
  const base = { id: ref.id, presence: 'present', resource: safe(folder) } as const;
  if (kind === null) return absent(ref.id);
  if (kind !== 'folder') {
    if (pointer === null) return absent(ref.id);
    const detail = safe('it is no longer a folder');
    return { ...base, state: 'failure', health: 'bad', digest: null, detail, foreignHome: null };
  }
  if (marker === null) {
    if (pointer?.owner !== ref.owner) return absent(ref.id);
    const detail = safe('the mark of its owner is gone');
    return { ...base, state: 'inactive', health: 'unknown', digest: null, detail, foreignHome: null };
  }
  if (marker.reset) return absent(ref.id);
  return { ...base, ...seenIn(host, ref, folder, marker) };
}

function seenIn(
  host: Host,
  ref: InstanceRef,
  folder: string,
  marker: Marker,
): Pick<Observation, 'state' | 'health' | 'digest' | 'detail' | 'foreignHome'> {
  const foreignHome =
    marker.owner === ref.owner ? foreignHomeOf(marker.home, host.home) : `${marker.home} (${marker.owner})`;
  const unfinished = isUnfinished(marker) ? ['it was not written to its end'] : [];
  const differences = [...unfinished, ...host.inspector.differences(folder, marker.files)];
  const { state, digest } = marker;
  const health = state === 'active' ? 'good' : 'unknown';
  return { state, health, digest: digestWith(digest, differences), detail: listed(differences), foreignHome };
}

/** The marker names files before they are written, and their digest after it: a crash came between. */
function isUnfinished(marker: Marker): boolean {
  return marker.digest === null && Object.keys(marker.files).length > 0;
}

/**
 * What was edited by hand, or was not written to its end, has another digest, which tells nothing of the contents. It
 * must not be null: that would pass for a folder of which nothing can be told, and nobody would mend it.
 */
function digestWith(digest: Digest | null, differences: readonly string[]): Digest | null {
  return differences.length === 0 ? digest : digestOf({ digest, differences });
}

function listed(differences: readonly string[]): SafeText | null {
  if (differences.length === 0) return null;
  const more = differences.length > 3 ? ` and ${differences.length - 3} more` : '';
  return safe(differences.slice(0, 3).join(', ') + more);
}
