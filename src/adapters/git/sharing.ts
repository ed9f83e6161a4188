import { chmod, mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { systemCode } from './failure.js';
import type { Layout } from './layout.js';

/**
 * What `core.sharedRepository` asks for: without it, a folder that we make in a team's bare repository would be closed
 * to everyone else's push.
 */
export class Sharing {
  private readonly root: string;
  private readonly bits: number;

  constructor({ commonDir, config }: Pick<Layout, 'commonDir' | 'config'>) {
    this.root = commonDir;
    this.bits = bitsOf(config.get('core.sharedrepository') ?? 'false');
  }

  /**
   * Makes a folder of the repository and those above it that are missing, and never the repository itself: one that was
   * moved would be in its own way when it comes back.
   */
  async folder(path: string): Promise<void> {
    try {
      await mkdir(path);
      if (this.bits !== 0) await chmod(path, 0o2700 | this.bits | ((this.bits & 0o444) >> 2));
    } catch (error) {
      if (systemCode(error) === 'ENOENT' && dirname(path) !== this.root) {
        await this.folder(dirname(path));
        await this.folder(path);
      } else if (systemCode(error) !== 'EEXIST') throw error;
    }
  }

  /** The mode of a file that is made with `mode`. */
  async file(path: string, mode: 0o444 | 0o644): Promise<void> {
    if (this.bits === 0) return;
    const readable = this.bits & 0o444;
    await chmod(path, mode === 0o444 ? 0o400 | readable : 0o600 | this.bits);
  }
}

/** Read and write bits of group and others. */
function bitsOf(value: string): number {
  if (['group', 'true', '1', 'yes', 'on'].includes(value)) return 0o060;
  if (['all', 'world', 'everybody', '2'].includes(value)) return 0o064;
  if (/^0[0-7]{3}$/.test(value)) return parseInt(value, 8) & 0o066;
  return 0;
}
