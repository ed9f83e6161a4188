import { realpathSync } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { knownWhereabouts } from '../../adapters/control/whereabouts.js';
import { fileDisk } from '../../adapters/disk/file-disk.js';
import { GitError } from '../../adapters/git/index.js';
import type { DomainName } from '../../core/base/names.js';
import { namePattern } from '../../core/base/names.js';
import type { Place } from '../cli/operations.js';
import { Failure } from '../cli/operations.js';
import { readConfig } from './config.js';
import type { Location } from './place.js';
import type { Looking } from './looking.js';
import { look } from './looking.js';
import type { Wired } from './wiring.js';

/** What can still be asked where the repository cannot be read: the daemon, and the state folder. */
export interface LeftBehind {
  readonly location: Pick<Location, 'domain' | 'stateDir'>;
  readonly wired: Pick<Wired, 'disk'>;
  /** Why the repository cannot be read, for people. */
  readonly why: string;
  close(): Promise<void>;
}

/** The domain as it is, or what is left of it. */
export async function lookAnyhow(version: string, place: Place): Promise<Looking | LeftBehind> {
  try {
    return await look(version, place);
  } catch (error) {
    return leftBehind(place, error);
  }
}

/** Works with the domain, or with what is left of it where the repository cannot be read. */
export async function whileLookingAnyhow<T>(
  version: string,
  place: Place,
  work: (looking: Looking) => Promise<T>,
  otherwise: (left: LeftBehind) => Promise<T>,
): Promise<T> {
  let failed: unknown;
  try {
    const looking = await look(version, place);
    try {
      return await work(looking);
    } finally {
      await looking.close();
    }
  } catch (error) {
    failed = error;
  }
  const left = await leftBehind(place, failed);
  try {
    return await otherwise(left);
  } finally {
    await left.close();
  }
}

/** @throws what went wrong, where it was not the repository, or nothing is left. */
async function leftBehind(place: Place, error: unknown): Promise<LeftBehind> {
  if (!isOfRepository(error)) throw error;
  const location = await findLeft(place);
  if (location === null) throw error;
  const disk = fileDisk(location.stateDir);
  return { location, wired: { disk }, why: error.message, close: () => disk.close() };
}

/** What a disk says that is broken or no longer there. */
const systemCodes = ['EACCES', 'EIO', 'ENODEV', 'ENOTCONN', 'ENXIO', 'EPERM', 'ESTALE', 'ETIMEDOUT'];

function isOfRepository(error: unknown): error is Error {
  if (error instanceof Failure) return error.code.startsWith('git.');
  if (error instanceof GitError) return true;
  return error instanceof Error && 'code' in error && systemCodes.includes(String(error.code));
}

/** In the state folder that the operator named, or the nearest one above; else where a daemon said that it is. */
async function findLeft(place: Place): Promise<LeftBehind['location'] | null> {
  const start = realOf(resolve(place.repo ?? '.'));
  const named = place.config === null ? null : (await readConfig(place.config, start)).stateFolder;
  const roots = named === null ? above(start).map((folder) => join(folder, '.heliostat')) : [named];
  for (const root of roots) {
    const chosen = choose(await domainsIn(root), place.domain);
    if (chosen !== null) return chosen;
  }
  const told = (await knownWhereabouts()).filter(({ repository }) => above(start).includes(repository));
  return choose(
    told.map(({ domain, stateDir }) => ({ domain: domain as DomainName, stateDir })),
    place.domain,
  );
}

function choose(
  found: readonly LeftBehind['location'][],
  named: string | null,
): LeftBehind['location'] | null {
  const [first, ...others] = found.filter(({ domain }) => named === null || domain === named);
  if (first === undefined) return null;
  if (others.length === 0) return first;
  throw new Failure(
    'domain.ambiguous',
    `the repository cannot be read, and there are ${found.length} domains: ${found.map(({ domain }) => domain).join(', ')}`,
    'Name one with --domain.',
  );
}

async function domainsIn(root: string): Promise<LeftBehind['location'][]> {
  const shared = join(root, 'state');
  if (!(await isOurs(root)) || !(await isOurs(shared))) return [];
  const found: LeftBehind['location'][] = [];
  for (const domain of (await readdir(shared)).sort()) {
    const stateDir = join(shared, domain);
    const isDomain = new RegExp(namePattern).test(domain) && (await isOurs(join(stateDir, 'journal')));
    if (isDomain) found.push({ domain: domain as DomainName, stateDir });
  }
  return found;
}

/** Whoever else could write there would decide what is believed: such a folder may lie above by chance. */
async function isOurs(folder: string): Promise<boolean> {
  try {
    const found = await lstat(folder);
    const user = process.getuid?.() ?? found.uid;
    return found.isDirectory() && found.uid === user && (found.mode & 0o022) === 0;
  } catch {
    return false;
  }
}

/** The folder and all above it, the nearest first. */
function above(folder: string): string[] {
  const parent = dirname(folder);
  return parent === folder ? [folder] : [folder, ...above(parent)];
}

/** Of what is not there any more, as far as it is. */
function realOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    const parent = dirname(path);
    return parent === path ? path : join(realOf(parent), basename(path));
  }
}
