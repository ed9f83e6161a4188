import { appendFile, constants, open } from 'node:fs/promises';
import { join } from 'node:path';
import type { Oid } from '../../ports/repository.js';
import { identity } from './identity.js';
import { isAbsent } from './failure.js';
import type { Layout } from './layout.js';

export interface Move {
  readonly from: Oid | null;
  readonly to: Oid;
  readonly message: string;
}

/** Appends to the log of a reference where there is one, and to HEAD's where HEAD stands for that reference. */
export async function logMove(layout: Layout, ref: string, isHead: boolean, move: Move): Promise<void> {
  const none = '0'.repeat(40);
  const seconds = Math.floor(Date.now() / 1000);
  const line = `${move.from ?? none} ${move.to} ${identity} ${seconds} +0000\t${move.message}\n`;
  await appendIfThere(join(layout.commonDir, 'logs', ...ref.split('/')), line);
  if (isHead) await appendIfThere(join(layout.gitDir, 'logs', 'HEAD'), line);
}

async function appendIfThere(file: string, line: string): Promise<void> {
  try {
    const handle = await open(file, constants.O_WRONLY | constants.O_APPEND);
    try {
      await appendFile(handle, line);
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (!isAbsent(error)) throw error;
  }
}
