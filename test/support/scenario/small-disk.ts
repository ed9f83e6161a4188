import { execFileSync } from 'node:child_process';
import { mkdirSync, openSync, closeSync, rmSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { endProcesses } from '../programs.js';

/** A disk of its own in memory, at this folder of a test's folder. Only root may; both disk and what runs in the test's folder go when the test is finished. */
export function mountSmallDisk(folder: string, megabytes: number): void {
  mkdirSync(folder, { recursive: true });
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=0700`, 'tmpfs', folder]);
  // What works on the disk ends before the disk goes: without its folder nobody would find it any more.
  onTestFinished(async () => {
    await endProcesses(dirname(folder));
    execFileSync('umount', [folder]);
  }, 60_000);
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
