import { lstat, readFile, readdir, realpath, rm, writeFile } from 'node:fs/promises';
import { dirname, isAbsolute, join } from 'node:path';
import { hasSocketFolder, socketFolders } from './place.js';

/** Of which repository a daemon is, for who cannot ask the repository: it may have been moved or unmounted. */
export interface Whereabouts {
  /** Its work tree, or its own folder where it has none; real and absolute. */
  readonly repository: string;
  readonly domain: string;
  /** Real and absolute. */
  readonly stateDir: string;
}

const mostBytes = 16 * 1024;

/** Said beside the socket; goes with it, and outlives only a daemon that was killed. */
export async function leaveWhereabouts(socket: string, of: Whereabouts): Promise<() => Promise<void>> {
  const file = fileBeside(socket);
  const stateDir = await realpath(of.stateDir);
  await writeFile(file, `${JSON.stringify({ ...of, stateDir })}\n`, { mode: 0o600 });
  return () => rm(file, { force: true });
}

/** What daemons of this user said, those that were killed among them. Folders into which others can reach are passed over. */
export async function knownWhereabouts(): Promise<readonly Whereabouts[]> {
  const known = new Map<string, Whereabouts>();
  for (const folder of socketFolders()) {
    const isOurs = await hasSocketFolder(join(folder, 'any')).catch(() => false);
    for (const name of isOurs ? await readdir(folder) : []) {
      const found = name.endsWith(ending) ? await readWhereabouts(join(folder, name)) : null;
      if (found !== null) known.set(found.stateDir, found);
    }
  }
  return [...known.values()];
}

const ending = '.where.json';

function fileBeside(socket: string): string {
  return join(dirname(socket), `${socket.slice(dirname(socket).length + 1).replace(/\.sock$/, '')}${ending}`);
}

/** Null for what no daemon of this version has left. */
async function readWhereabouts(file: string): Promise<Whereabouts | null> {
  try {
    const found = await lstat(file);
    if (!found.isFile() || found.size > mostBytes) return null;
    const said = JSON.parse(await readFile(file, 'utf8')) as Partial<Record<string, unknown>> | null;
    const { repository, domain, stateDir } = said ?? {};
    if (typeof repository !== 'string' || typeof domain !== 'string' || typeof stateDir !== 'string')
      return null;
    return isAbsolute(repository) && isAbsolute(stateDir) ? { repository, domain, stateDir } : null;
  } catch {
    return null;
  }
}
