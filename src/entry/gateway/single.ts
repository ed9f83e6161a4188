import { linkSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { connect, type Server } from 'node:net';
import { isAlive, readIdentity, startTimeOf } from '../../adapters/gateway/identity.js';
import { preparePrivateFolder, type GatewayPaths } from '../../adapters/gateway/paths.js';
import type { GatewayIdentity } from '../../adapters/gateway/protocol.js';

/** Says in the state folder who runs. Null if another one lives. */
export function takeIdentity(paths: GatewayPaths): GatewayIdentity | null {
  const startTime = startTimeOf(process.pid) ?? '';
  const mine: GatewayIdentity = { pid: process.pid, startTime, socket: paths.socket };
  mkdirSync(paths.folder, { recursive: true });
  const draft = `${paths.identity}.${process.pid}`;
  writeFileSync(draft, JSON.stringify(mine), { mode: 0o600 });
  try {
    for (let tries = 0; tries < 10; tries += 1) {
      if (linked(draft, paths.identity)) return mine;
      const holder = readIdentity(paths.identity);
      if (holder && isAlive(holder)) return holder.pid === process.pid ? mine : null;
      removeDead(paths.identity, holder);
    }
    return null;
  } finally {
    rmSync(draft, { force: true });
  }
}

function linked(draft: string, identity: string): boolean {
  try {
    linkSync(draft, identity);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Moved away, then looked at: in between a faster one may have put its own in that place. */
function removeDead(identity: string, dead: GatewayIdentity | null): void {
  const aside = `${identity}.${process.pid}.dead`;
  try {
    renameSync(identity, aside);
    const moved = readIdentity(aside);
    if (moved && moved.pid !== dead?.pid && isAlive(moved)) linked(aside, identity);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}

/** False if another gateway answers there. A socket file that nobody listens on is replaced. */
export async function listenAlone(server: Server, paths: GatewayPaths): Promise<boolean> {
  preparePrivateFolder(paths.socketFolder);
  if (await listens(server, paths.socket)) return true;
  if (await answers(paths.socket)) return false;
  rmSync(paths.socket, { force: true });
  return listens(server, paths.socket);
}

function listens(server: Server, path: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const failed = (error: NodeJS.ErrnoException) => {
      server.off('listening', listening);
      if (error.code === 'EADDRINUSE') resolve(false);
      else reject(error);
    };
    const listening = () => {
      server.off('error', failed);
      resolve(true);
    };
    server.once('error', failed);
    server.once('listening', listening);
    server.listen(path);
  });
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => resolve(true));
    socket.once('error', () => resolve(false));
    socket.once('close', () => socket.destroy());
    socket.once('connect', () => socket.destroy());
  });
}
