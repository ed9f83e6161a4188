import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/**
 * Processes that belong to a demo: those that were started in its folder, with it as an argument, or with its
 * repository as their home. Empty where the system shows no processes.
 */
export function processesOf(folder: string): number[] {
  return pids().filter((pid) => pid !== process.pid && belongsTo(pid, folder));
}

function pids(): number[] {
  try {
    return readdirSync('/proc').flatMap((name) => (/^[0-9]+$/.test(name) ? [Number(name)] : []));
  } catch {
    return [];
  }
}

function belongsTo(pid: number, folder: string): boolean {
  // What has ended and waits for its parent still has a name, but runs no more.
  if (/^State:\s+[ZX]/m.test(read(`/proc/${pid}/status`))) return false;
  if (isInside(workingFolder(pid), folder)) return true;
  if (
    read(`/proc/${pid}/cmdline`)
      .split('\0')
      .some((argument) => isInside(argument, folder))
  )
    return true;
  const home = read(`/proc/${pid}/environ`)
    .split('\0')
    .find((variable) => variable.startsWith('HELIOSTAT_HOME='));
  return home !== undefined && isInside(home.slice(home.indexOf('=') + 1), folder);
}

function isInside(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}

function workingFolder(pid: number): string {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return '';
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return '';
  }
}
