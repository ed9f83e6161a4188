import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SourceLine } from '../cli/operations.js';
import type { Location } from './place.js';

/** Lines of files in the work tree, for excerpts. */
export function sourceLines(location: Location): SourceLine {
  const root = location.repository.workTree?.root ?? null;
  const files = new Map<string, readonly string[] | null>();
  return (file, line) => {
    if (root === null || file === '') return null;
    if (!files.has(file)) files.set(file, read(join(root, file)));
    return files.get(file)?.[line - 1] ?? null;
  };
}

function read(path: string): readonly string[] | null {
  try {
    return readFileSync(path, 'utf8').split(/\r?\n/);
  } catch {
    return null;
  }
}

/** Lines of files as they were read, by path; of what was not read there is none. */
export function linesOf(contents: ReadonlyMap<string, Uint8Array>): SourceLine {
  const files = new Map<string, readonly string[]>();
  return (file, line) => {
    const bytes = contents.get(file);
    if (bytes === undefined) return null;
    const lines = files.get(file) ?? Buffer.from(bytes).toString('utf8').split(/\r?\n/);
    files.set(file, lines);
    return lines[line - 1] ?? null;
  };
}
