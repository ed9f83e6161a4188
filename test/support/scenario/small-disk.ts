import { execFileSync } from 'node:child_process';
import { mkdirSync, openSync, closeSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A disk of its own in memory, at this folder. Only root may; it goes when the test is finished. */
export function mountSmallDisk(folder: string, megabytes: number): void {
  mkdirSync(folder, { recursive: true });
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=0700`, 'tmpfs', folder]);
  onTestFinished(() => void execFileSync('umount', ['-l', folder]));
}

/** Not a byte more goes onto the disk of this folder. `room` makes it as it was. */
export function fillDisk(folder: string): { room(): void } {
  const filler = join(folder, 'filler');
  const file = openSync(filler, 'a');
  try {
    for (let size = 65_536; size >= 1; size = Math.floor(size / 2)) {
      while (hasRoomFor(file, size));
    }
  } finally {
    closeSync(file);
  }
  return { room: () => rmSync(filler) };
}

function hasRoomFor(file: number, size: number): boolean {
  try {
    return writeSync(file, Buffer.alloc(size)) === size;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOSPC') return false;
    throw error;
  }
}
