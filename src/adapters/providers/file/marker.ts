import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Digest } from '../../../core/base/digest.js';
import type { InstanceId, OwnerKey } from '../../../core/base/names.js';
import { folderName, readOrNull, writeWhole } from '../parts/folders.js';

/** Lies in each folder of ours and says whose it is. */
export const markerName = '.heliostat-owner';

export interface Marker {
  readonly id: InstanceId;
  readonly owner: OwnerKey;
  readonly home: string;
  readonly state: 'inactive' | 'active';
  readonly keepsData: boolean;
  /** Of the configuration that is on disk; null while it is being written. */
  readonly digest: Digest | null;
  /** What we wrote: name → SHA-256 and mode. */
  readonly files: { readonly [name: string]: { readonly sha256: string; readonly mode: number } };
  /** After `reset` nothing is there any more, though the data stays for the next `create`. */
  readonly reset: boolean;
}

export function readMarker(folder: string): Marker | null {
  return parsed<Marker>(readOrNull(join(folder, markerName)));
}

export function writeMarker(folder: string, marker: Marker): void {
  writeWhole(join(folder, markerName), `${JSON.stringify(marker)}\n`, 0o600);
}

/** Where an instance lies: remembered, so that it is found without its configuration. */
export interface Pointer {
  readonly id: InstanceId;
  readonly owner: OwnerKey;
  readonly home: string;
  readonly folder: string;
}

export function ownFolder(instancesDir: string, id: string): string {
  return join(instancesDir, folderName(id));
}

function pointerFile(instancesDir: string, id: string): string {
  return join(instancesDir, '.files', `${folderName(id)}.json`);
}

export function readPointer(instancesDir: string, id: string): Pointer | null {
  return parsed<Pointer>(readOrNull(pointerFile(instancesDir, id)));
}

export function writePointer(instancesDir: string, pointer: Pointer): void {
  mkdirSync(join(instancesDir, '.files'), { recursive: true, mode: 0o700 });
  writeWhole(pointerFile(instancesDir, pointer.id), `${JSON.stringify(pointer)}\n`, 0o600);
}

export function removePointer(instancesDir: string, id: string): void {
  rmSync(pointerFile(instancesDir, id), { force: true });
}

export function allPointers(instancesDir: string): Pointer[] {
  const folder = join(instancesDir, '.files');
  let names: string[];
  try {
    names = readdirSync(folder).filter((name) => name.endsWith('.json'));
  } catch {
    return [];
  }
  return names.sort().flatMap((name) => parsed<Pointer>(readOrNull(join(folder, name))) ?? []);
}

function parsed<T extends { readonly id: string; readonly owner: string }>(text: string | null): T | null {
  if (text === null) return null;
  try {
    const value = JSON.parse(text) as T | null;
    return typeof value?.id === 'string' && typeof value.owner === 'string' ? value : null;
  } catch {
    return null;
  }
}
