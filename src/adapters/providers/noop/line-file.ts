import {
  closeSync,
  fstatSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';

export interface News {
  /** The file is another one, or gone: what was read before no longer counts. */
  readonly anew: boolean;
  readonly lines: readonly string[];
}

/** A file of lines that somebody else may append to, replace or remove as well. */
export interface LineFile {
  /** What came since the last call. */
  news(): News;
  /** Our own lines are no news. */
  append(lines: readonly string[]): void;
  /** All or nothing. */
  replace(lines: readonly string[]): void;
}

export function lineFile(file: string): LineFile {
  let inode = 0;
  let offset = 0;
  // A line that a crash tore off: nobody completes it, so the next append begins with a line break.
  let torn = '';

  function remember(stat: { readonly ino: number; readonly size: number }): void {
    inode = stat.ino;
    offset = stat.size;
    torn = '';
  }

  return {
    news() {
      const stat = statSync(file, { throwIfNoEntry: false }) ?? { ino: 0, size: 0 };
      if (stat.ino === inode && stat.size === offset) return { anew: false, lines: [] };
      const anew = stat.ino !== inode || stat.size < offset;
      const text = (anew ? '' : torn) + readRange(file, anew ? 0 : offset, stat.size);
      remember(stat);
      const lines = text.split('\n');
      torn = lines.pop() ?? '';
      return { anew, lines };
    },
    append(lines) {
      mkdirSync(dirname(file), { recursive: true });
      const fd = openSync(file, 'a', 0o600);
      try {
        writeAll(fd, `${torn === '' ? '' : '\n'}${lines.join('\n')}\n`);
        remember(fstatSync(fd));
      } finally {
        closeSync(fd);
      }
    },
    replace(lines) {
      writeFileSync(`${file}.tmp`, lines.map((line) => `${line}\n`).join(''), { mode: 0o600 });
      renameSync(`${file}.tmp`, file);
      remember(statSync(file));
    },
  };
}

function readRange(file: string, start: number, end: number): string {
  if (end <= start) return '';
  const fd = openSync(file, 'r');
  try {
    const buffer = Buffer.alloc(end - start);
    let filled = 0;
    while (filled < buffer.length) {
      const count = readSync(fd, buffer, filled, buffer.length - filled, start + filled);
      if (count === 0) break;
      filled += count;
    }
    return buffer.toString('utf8', 0, filled);
  } finally {
    closeSync(fd);
  }
}

function writeAll(fd: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length;) at += writeSync(fd, bytes, at);
}
