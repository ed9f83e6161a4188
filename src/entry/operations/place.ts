import { writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { fromUtf8 } from '../../core/base/bytes.js';
import { isMap } from '../../core/base/data.js';
import type { DomainName, Revision } from '../../core/base/names.js';
import { namePattern } from '../../core/base/names.js';
import { byCodeUnit } from '../../core/base/order.js';
import { readText } from '../../core/model/text.js';
import type { Repository } from '../../adapters/git/index.js';
import { filesBelow, openRepository } from '../../adapters/git/index.js';
import type { Place } from '../cli/operations.js';
import { isRemote, type RemoteRepository } from '../../adapters/git/remote/index.js';
import { redactorOf, type Redactor } from '../../core/base/safe-text.js';
import { Failure } from '../cli/operations.js';
import type { OperatorConfig } from './config.js';
import { readConfig } from './config.js';
import { ownFolder } from './own-folder.js';
import { openRemotePlace, tellAway } from './remote-place.js';

/** A repository, one domain of it, and where the controller of that domain keeps its things. */
export interface Location {
  readonly repository: Repository;
  /** The same, where it is on another machine; null: it is on this one. */
  readonly remote: RemoteRepository | null;
  /** The real path of the common Git directory, or the URL: whose the resources are. */
  readonly home: string;
  /** Masks the token that a remote is asked with. */
  readonly redact: Redactor;
  readonly domain: DomainName;
  /** False: its file says no usable name, and nothing may be run under the one that was guessed. */
  readonly isNamed: boolean;
  /** Folder of the domain's `heliostat.yaml`, `''` for the root. */
  readonly folder: string;
  readonly config: OperatorConfig;
  /** `.heliostat` of the repository; of a remote, a folder of this user. */
  readonly root: string;
  /** Journal, lock and control socket of this domain's controller. */
  readonly stateDir: string;
  /** Shared by the domains of the repository: the gateway and the parse cache. */
  readonly sharedDir: string;
  readonly instancesDir: string;
}

const domainFile = 'heliostat.yaml';
const domainFileBytes = 1024 * 1024;

/** @throws {Failure} where there is no repository, no domain, or several and none was named. */
export async function locate(place: Place): Promise<Location> {
  return place.repo !== null && isRemote(place.repo) ? locateRemote(place, place.repo) : locateHere(place);
}

async function locateHere(place: Place): Promise<Location> {
  const start = resolve(place.repo ?? '.');
  const opened = await openRepository(start);
  if ('failure' in opened) throw new Failure(opened.failure.code, opened.failure.message, opened.failure.fix);
  const repository = opened.ok;
  const { commonDir } = repository;
  const isBare = basename(commonDir) !== '.git';
  const config = await readConfig(place.config, repository.workTree?.root ?? commonDir);
  const root = config.stateFolder ?? join(isBare ? commonDir : dirname(commonDir), '.heliostat');
  const found = await chooseDomain(repository, start, { named: place.domain, branch: null });
  return locationOf(found, {
    repository,
    remote: null,
    home: commonDir,
    config,
    root,
    redact: redactorOf([]),
  });
}

async function locateRemote(place: Place, url: string): Promise<Location> {
  // None is looked for: the folder that we are in may be a checkout of anybody's commit.
  const config = await readConfig(place.config, null);
  const { repository, root, redact } = await openRemotePlace(url, config);
  try {
    await tellAway(repository, place.tell);
    const home = repository.url.name;
    const found = await chooseDomain(repository, '/', {
      named: place.domain,
      branch: config.branch,
      ...(place.domainsOf === undefined ? {} : { at: place.domainsOf }),
    });
    return locationOf(found, { repository, remote: repository, home, config, root, redact });
  } catch (error) {
    await repository.close();
    throw error;
  }
}

function locationOf(
  { name, folder, isValid }: Found,
  rest: Pick<Location, 'repository' | 'remote' | 'home' | 'config' | 'root' | 'redact'>,
): Location {
  const { root } = rest;
  const sharedDir = join(root, 'state');
  return {
    ...rest,
    domain: name,
    isNamed: isValid,
    folder,
    stateDir: join(sharedDir, name),
    sharedDir,
    instancesDir: join(root, 'instances'),
  };
}

/** Made at the first write; nothing of it ever shows in `git status`. */
export async function makeStateFolder(location: Location): Promise<void> {
  for (const folder of [location.root, location.sharedDir, location.stateDir, location.instancesDir])
    await ownFolder(folder, folder === location.root && location.config.stateFolder !== null);
  await writeFile(join(location.root, '.gitignore'), '*\n', { flag: 'wx' }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    },
  );
}

interface Named {
  readonly name: DomainName;
  readonly isValid: boolean;
}

interface Found extends Named {
  readonly folder: string;
}

interface Wanted {
  /** By the person. */
  readonly named: string | null;
  /** That is followed, as configured; null: HEAD's. */
  readonly branch: string | null;
  readonly at?: Revision;
}

/** The nearest `heliostat.yaml` at or above the folder, else the only one below it, else the one that was named. */
async function chooseDomain(
  repository: Repository,
  start: string,
  { named, branch, at }: Wanted,
): Promise<Found> {
  const tree = at === undefined ? await treeOf(repository, branch) : await treeAt(repository, at);
  const paths = await domainFiles(repository, tree);
  const root = repository.workTree?.root ?? null;
  const here = root === null ? '' : relative(root, start).split(sep).join('/');
  const folders = paths.map(folderOfDomain);
  const above = folders
    .filter((folder) => folder === '' || here === folder || here.startsWith(`${folder}/`))
    .sort((a, b) => b.length - a.length);
  const below = folders.filter((folder) => here === '' || folder.startsWith(`${here}/`));
  const name = (chosen: string) => nameOf(repository, tree, chosen);
  if (named !== null) return byName(name, folders, named);
  const chosen = above[0] ?? (below.length === 1 ? below[0] : undefined);
  if (chosen !== undefined) return { folder: chosen, ...(await name(chosen)) };
  if (folders.length === 0) {
    throw new Failure(
      'domain.missing',
      'there is no heliostat.yaml in this repository',
      'Make a model repository with heliostat init, or go to the folder of one.',
    );
  }
  throw new Failure(
    'domain.ambiguous',
    `there are ${folders.length} domains: ${folders.map((folder) => folder || '.').join(', ')}`,
    'Name one with --domain, or go to its folder.',
  );
}

async function byName(
  nameIn: (folder: string) => Promise<Named>,
  folders: readonly string[],
  named: string,
): Promise<Found> {
  const known: string[] = [];
  for (const folder of folders) {
    const found = await nameIn(folder);
    if (found.name === named) return { folder, ...found };
    known.push(found.name);
  }
  throw new Failure(
    'domain.unknown',
    `there is no domain ${named}`,
    known.length > 0 ? `Use one of ${known.sort().join(', ')}.` : 'Make one with heliostat init.',
  );
}

/** All domains of a commit, sorted by name; of a file that says no usable name, the one that is guessed. */
export async function domainsAt(repository: Repository, at: Revision): Promise<readonly DomainName[]> {
  const tree = await treeAt(repository, at);
  const paths = tree === null ? [] : (await filesBelow(repository.source, tree, '')).map(({ path }) => path);
  const folders = paths.filter(isDomainFile).map(folderOfDomain);
  const named = await Promise.all(folders.map((folder) => nameOf(repository, tree, folder)));
  return [...new Set(named.map(({ name }) => name))].sort(byCodeUnit);
}

async function treeAt({ source }: Repository, at: Revision): Promise<string | null> {
  return (await source.commit(at))?.tree ?? null;
}

function isDomainFile(path: string): boolean {
  return path === domainFile || path.endsWith(`/${domainFile}`);
}

function folderOfDomain(path: string): string {
  return path.slice(0, Math.max(0, path.length - domainFile.length - 1));
}

/** Of the branch that is followed, where it is known without asking anybody; else of HEAD's. */
async function treeOf({ refs, source }: Repository, branch: string | null): Promise<string | null> {
  const oid = branch === null ? (await refs.head()).oid : await refs.read(`refs/heads/${branch}`);
  return oid === null ? null : ((await source.commit(oid as Revision))?.tree ?? null);
}

async function domainFiles(repository: Repository, tree: string | null): Promise<readonly string[]> {
  if (repository.workTree !== null) {
    const { files } = await repository.workTree.read(
      { folders: [''], accepts: isDomainFile },
      domainFileBytes,
    );
    if (files.length > 0) return files.map(({ path }) => path);
  }
  if (tree === null) return [];
  return (await filesBelow(repository.source, tree, '')).map(({ path }) => path).filter(isDomainFile);
}

/** `isValid` is false where the name has to be guessed, so that the file's own diagnostics can be shown. */
async function nameOf(repository: Repository, tree: string | null, folder: string): Promise<Named> {
  const path = folder === '' ? domainFile : `${folder}/${domainFile}`;
  const bytes = await readDomainFile(repository, tree, path);
  const data = bytes === null ? null : readText(bytes).data;
  const name = isMap(data ?? undefined) ? (data as { readonly name?: unknown }).name : undefined;
  if (typeof name === 'string' && new RegExp(namePattern).test(name))
    return { name: name as DomainName, isValid: true };
  const text = bytes === null ? null : fromUtf8(bytes);
  const written = typeof name === 'string' ? name : /^name:\s*["']?([A-Za-z0-9_-]+)/m.exec(text ?? '')?.[1];
  const likely = (written ?? '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 63);
  return { name: (likely === '' ? 'unnamed' : likely) as DomainName, isValid: false };
}

async function readDomainFile(
  repository: Repository,
  tree: string | null,
  path: string,
): Promise<Uint8Array | null> {
  if (repository.workTree !== null) {
    const { files } = await repository.workTree.read(
      { folders: [''], accepts: (candidate) => candidate === path },
      domainFileBytes,
    );
    if (files[0] !== undefined) return files[0].bytes;
  }
  const found =
    tree === null
      ? undefined
      : (await filesBelow(repository.source, tree, '')).find((file) => file.path === path);
  const [bytes] = found === undefined ? [] : await repository.source.blobs([found.oid], domainFileBytes);
  return bytes ?? null;
}
