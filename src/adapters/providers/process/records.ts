import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Digest } from '../../../core/base/digest.js';
import type { InstanceId, OwnerKey } from '../../../core/base/names.js';
import { folderName, readOrNull, writeWhole } from '../parts/folders.js';

export interface RecordedProcess {
  readonly pid: number;
  readonly startTime: number;
  readonly bootId: string;
  readonly run: string;
  readonly digest: string;
}

/** What was made of an instance; never holds its configuration, which may hold secrets. */
export interface InstanceRecord {
  readonly id: InstanceId;
  readonly owner: OwnerKey;
  readonly home: string;
  /** Of the configuration that `configure` brought. */
  readonly digest: Digest | null;
  /** Null after a stop: a process that is in the record and gone has crashed. */
  readonly process: RecordedProcess | null;
  /** After `reset` nothing is there any more, though the folder stays for the next `create`. */
  readonly reset: boolean;
}

/** Places of one instance below the folder of all instances. */
export interface Places {
  readonly folder: string;
  readonly record: string;
  readonly out: string;
  readonly err: string;
}

export function placesOf(instancesDir: string, id: string): Places {
  const name = folderName(id);
  return {
    folder: join(instancesDir, name),
    record: join(instancesDir, '.records', `${name}.json`),
    out: join(instancesDir, '.logs', `${name}.out`),
    err: join(instancesDir, '.logs', `${name}.err`),
  };
}

export function makeStore(instancesDir: string): void {
  for (const name of ['.records', '.logs', '.work']) {
    mkdirSync(join(instancesDir, name), { recursive: true, mode: 0o700 });
  }
}

/** Null if there is none, or it cannot be read: then it is written anew at the next transition. */
export function readRecord(file: string): InstanceRecord | null {
  const text = readOrNull(file);
  if (text === null) return null;
  try {
    const record = JSON.parse(text) as InstanceRecord;
    return typeof record.id === 'string' && typeof record.owner === 'string' ? record : null;
  } catch {
    return null;
  }
}

export function writeRecord(file: string, record: InstanceRecord): void {
  writeWhole(file, `${JSON.stringify(record)}\n`, 0o600);
}

export function removeRecord(file: string): void {
  rmSync(file, { force: true });
}

/** Files of all records, sorted. */
export function recordFiles(instancesDir: string): string[] {
  const folder = join(instancesDir, '.records');
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.json'))
      .sort()
      .map((name) => join(folder, name));
  } catch {
    return [];
  }
}
