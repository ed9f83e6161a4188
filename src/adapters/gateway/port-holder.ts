import { readFile, readdir, readlink } from 'node:fs/promises';
import { basename } from 'node:path';

export interface PortHolder {
  readonly pid: number;
  readonly command: string;
}

const listening = '0A';

/** Who listens on a TCP port of this machine; null where that cannot be found out. */
export async function holderOf(port: number): Promise<PortHolder | null> {
  const inodes = await listenersOn(port);
  if (inodes.size === 0) return null;
  for (const name of await readdir('/proc').catch(() => [])) {
    if (!/^[0-9]+$/.test(name) || !(await holdsAny(name, inodes))) continue;
    return { pid: Number(name), command: await commandOf(name) };
  }
  return null;
}

async function listenersOn(port: number): Promise<Set<string>> {
  const found = new Set<string>();
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
    const text = await readFile(table, 'utf8').catch(() => '');
    for (const line of text.split('\n').slice(1)) {
      const fields = line.trim().split(/\s+/);
      const localPort = Number.parseInt(fields[1]?.split(':')[1] ?? '', 16);
      const inode = fields[9];
      if (localPort === port && fields[3] === listening && inode) found.add(`socket:[${inode}]`);
    }
  }
  return found;
}

/** False also for the processes of other users, whose files we may not see. */
async function holdsAny(pid: string, sockets: ReadonlySet<string>): Promise<boolean> {
  for (const fd of await readdir(`/proc/${pid}/fd`).catch(() => [])) {
    if (sockets.has(await readlink(`/proc/${pid}/fd/${fd}`).catch(() => ''))) return true;
  }
  return false;
}

/** Program and script only: further arguments may hold secrets. */
async function commandOf(pid: string): Promise<string> {
  const text = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  const [program = '', script = ''] = text.split('\0');
  const words = [basename(program), ...(script === '' || script.startsWith('-') ? [] : [basename(script)])];
  return printable(words.join(' ')).slice(0, 80) || 'unknown';
}

function printable(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '?');
}
