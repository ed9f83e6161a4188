import { createHash } from 'node:crypto';
import { chmodSync, lstatSync, mkdirSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';

export interface GatewayPaths {
  /** The state folder, absolute. */
  readonly state: string;
  readonly folder: string;
  readonly table: string;
  /** Holds the `GatewayIdentity` of who runs; taken by `link`. */
  readonly identity: string;
  readonly log: string;
  readonly socketFolder: string;
  readonly socket: string;
}

/** The socket is not in the state folder: a path beyond some 100 characters is silently cut short. */
export function gatewayPaths(stateDir: string): GatewayPaths {
  const state = realPath(resolve(stateDir));
  const folder = join(state, 'gateway');
  const digest = createHash('sha256').update(state).digest('hex').slice(0, 16);
  const socketFolder = join(tmpdir(), `heliostat-${digest}`);
  return {
    state,
    folder,
    table: join(folder, 'table.json'),
    identity: join(folder, 'gateway.json'),
    log: join(folder, 'gateway.log'),
    socketFolder,
    socket: join(socketFolder, 'gateway.sock'),
  };
}

/** Makes the folder that only this user may enter. Throws if somebody else was there first. */
export function preparePrivateFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const stats = lstatSync(folder);
  const user = process.getuid?.();
  if (!stats.isDirectory() || (user !== undefined && stats.uid !== user)) {
    throw new Error(`${folder} is not a folder of this user`);
  }
  if ((stats.mode & 0o077) !== 0) chmodSync(folder, 0o700);
}

/** Also of a folder that does not exist yet, so that looking for a gateway makes no folder. */
function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    const parent = dirname(path);
    return parent === path ? path : join(realPath(parent), basename(path));
  }
}
