import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** A living instance: the leader of a session that carries an owner key. */
export interface Alive {
  readonly pid: number;
  /** Ticks since boot: with the pid it names one process for ever. */
  readonly started: string;
  /** `domain/solution/element/version~generation/ordinal`. */
  readonly id: string;
  readonly owner: string;
}

/** All instances of a home (the common Git directory) that live now, as the kernel tells; by identity. */
export function instancesOf(home: string): Alive[] {
  const found: Alive[] = [];
  for (const pid of pids()) {
    const environment = environmentOf(pid);
    if (environment.get('HELIOSTAT_HOME') !== home) continue;
    const stat = statOf(pid);
    const owner = environment.get('HELIOSTAT_OWNER');
    if (stat === null || owner === undefined || stat.session !== pid) continue;
    found.push({ pid, started: stat.started, owner, id: owner.slice(owner.indexOf(':') + 1) });
  }
  return found.sort((a, b) => (a.id < b.id ? -1 : 1) || a.pid - b.pid);
}

/** Identities that more than one process has. */
export function doubled(instances: readonly Alive[]): string[] {
  const owners = instances.map(({ owner }) => owner);
  return owners.filter((owner, i) => owners.indexOf(owner) !== i);
}

/** Everything that belongs to a test's folder: by marks, by arguments, or because it works in there. */
export function processesUnder(folder: string): number[] {
  return pids().filter((pid) => pid !== process.pid && statOf(pid) !== null && belongsTo(pid, folder));
}

/** Runs and is no zombie. */
export function isAlive(pid: number): boolean {
  return statOf(pid) !== null;
}

export interface Watch {
  /** Identities that were ever seen twice at one moment. */
  readonly twice: ReadonlySet<string>;
  readonly looks: () => number;
  stop(): void;
}

/** Takes the census all the time. */
export function watchCensus(home: string, everyMs = 20): Watch {
  const twice = new Set<string>();
  let looks = 0;
  const timer = setInterval(() => {
    looks += 1;
    for (const owner of doubled(instancesOf(home))) twice.add(owner);
  }, everyMs);
  return { twice, looks: () => looks, stop: () => clearInterval(timer) };
}

function pids(): number[] {
  return readdirSync('/proc').flatMap((name) => (/^[0-9]+$/.test(name) ? [Number(name)] : []));
}

function belongsTo(pid: number, folder: string): boolean {
  const isInside = (path: string): boolean => path === folder || path.startsWith(`${folder}/`);
  if (isInside(environmentOf(pid).get('HELIOSTAT_HOME') ?? '')) return true;
  if (read(`/proc/${pid}/cmdline`).split('\0').some(isInside)) return true;
  try {
    return isInside(readlinkSync(`/proc/${pid}/cwd`));
  } catch {
    return false;
  }
}

function environmentOf(pid: number): Map<string, string> {
  const lines = read(`/proc/${pid}/environ`).split('\0');
  return new Map(lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));
}

/** Null for what has ended, zombies included. */
function statOf(pid: number): { readonly session: number; readonly started: string } | null {
  const text = read(`/proc/${pid}/stat`);
  if (text === '') return null;
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  if (fields[0] === 'Z' || fields[0] === 'X') return null;
  return { session: Number(fields[3]), started: fields[19] ?? '' };
}

function read(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return '';
  }
}
