import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { ArtifactPin } from '../../../core/base/desired.js';
import type { ProviderContext } from '../../../ports/provider.js';
import { kindOf, placeFor, writeWhole } from '../parts/folders.js';
import { refuse, tryAgain } from '../parts/outcomes.js';

/** Contents are held in memory by so many at a time. */
const batchSize = 64;

/**
 * The working folder with the files of the release in it. A new folder appears whole or not at all;
 * in one that exists only what differs is written, and what the instance made itself stays.
 */
export async function layOut(
  folder: string,
  artifacts: readonly ArtifactPin[],
  workDir: string,
  ctx: ProviderContext,
): Promise<void> {
  const kind = kindOf(folder);
  if (kind === 'folder') return fill(folder, artifacts, ctx);
  if (kind !== null) throw refuse('process.folder', `${folder} is in the way: it is not a folder`);
  const temporary = join(workDir, `${basename(folder)}-${randomBytes(4).toString('hex')}`);
  try {
    mkdirSync(temporary);
    await fill(temporary, artifacts, ctx);
    renameSync(temporary, folder);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

async function fill(folder: string, artifacts: readonly ArtifactPin[], ctx: ProviderContext): Promise<void> {
  for (let i = 0; i < artifacts.length; i += batchSize) {
    const batch = artifacts.slice(i, i + batchSize);
    const contents = await ctx.blobs(batch.map((pin) => pin.oid));
    batch.forEach((pin, k) => {
      const content = contents[k] ?? null;
      if (content === null) {
        throw tryAgain('artifact.missing', `${pin.path}: blob ${pin.oid} is not in the repository`);
      }
      place(folder, pin, content);
    });
  }
}

function place(folder: string, pin: ArtifactPin, content: Uint8Array): void {
  const file = placeFor(folder, pin.path);
  const mode = pin.executable ? 0o755 : 0o644;
  if (kindOf(file) === 'file' && readFileSync(file).equals(content)) {
    if ((statSync(file).mode & 0o777) !== mode) chmodSync(file, mode);
    return;
  }
  if (kindOf(file) === 'folder') throw refuse('process.folder', `${file} is in the way: it is a folder`);
  writeWhole(file, content, mode);
  chmodSync(file, mode);
}
