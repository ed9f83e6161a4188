import { createHash } from 'node:crypto';
import { chmodSync, lstatSync, readFileSync, rmdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { kindOf, placeFor, writeWhole } from '../parts/folders.js';
import { refuse } from '../parts/outcomes.js';
import type { Marker } from './marker.js';
import type { WantedFile } from './settings.js';

export function sha256Of(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

export type Written = Marker['files'];

export function fingerprints(files: ReadonlyMap<string, WantedFile>): Written {
  const written: Record<string, { sha256: string; mode: number }> = {};
  for (const [name, { content, mode }] of files) written[name] = { sha256: sha256Of(content), mode };
  return written;
}

/** Tells what was changed on disk, without reading again what has not been touched since it was last read. */
export interface Inspector {
  /** Sentences such as `app.conf was changed`; empty if all is as it was written. */
  differences(folder: string, written: Written): string[];
}

export function createInspector(): Inspector {
  const known = new Map<string, { readonly stamp: string; readonly sha256: string }>();

  function shaOf(file: string, stamp: string): string {
    const before = known.get(file);
    if (before?.stamp === stamp) return before.sha256;
    const sha256 = sha256Of(readFileSync(file));
    known.set(file, { stamp, sha256 });
    return sha256;
  }

  function difference(folder: string, name: string, wanted: Written[string]): string | null {
    const file = join(folder, name);
    const stat = lstatSync(file, { bigint: true, throwIfNoEntry: false });
    if (stat === undefined) {
      known.delete(file);
      return `${name} is missing`;
    }
    if (!stat.isFile()) return `${name} is no longer a file`;
    if (Number(stat.mode & 0o777n) !== wanted.mode) return `${name} has another mode`;
    const stamp = `${stat.ino} ${stat.size} ${stat.mtimeNs} ${stat.ctimeNs}`;
    return shaOf(file, stamp) === wanted.sha256 ? null : `${name} was changed`;
  }

  return {
    differences: (folder, written) =>
      Object.entries(written).flatMap(([name, wanted]) => difference(folder, name, wanted) ?? []),
  };
}

/** Each file is replaced as a whole; what is already right is not touched. */
export function writeFiles(folder: string, files: ReadonlyMap<string, WantedFile>): void {
  for (const [name, { content, mode }] of files) {
    const file = placeFor(folder, name);
    const kind = kindOf(file);
    if (kind === 'folder') throw refuse('file.inTheWay', `${name} is a folder`);
    if (kind !== 'file' || !readFileSync(file).equals(content)) writeWhole(file, content, mode);
    chmodSync(file, mode);
  }
}

/** Removes files that we wrote, and the folders that become empty by that; links are removed, not followed. */
export function removeFiles(folder: string, names: Iterable<string>): void {
  for (const name of names) {
    const file = placeFor(folder, name);
    if (kindOf(file) === 'folder') continue;
    rmSync(file, { force: true });
    for (let above = dirname(file); above !== folder; above = dirname(above)) {
      if (!removedEmpty(above)) break;
    }
  }
}

/** False if something is still in it. */
export function removedEmpty(folder: string): boolean {
  try {
    rmdirSync(folder);
    return true;
  } catch {
    return false;
  }
}
