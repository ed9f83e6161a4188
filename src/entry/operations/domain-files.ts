import { relative, sep } from 'node:path';
import { fromUtf8 } from '../../core/base/bytes.js';
import { isMap } from '../../core/base/data.js';
import type { DomainName, Revision } from '../../core/base/names.js';
import { namePattern } from '../../core/base/names.js';
import { byCodeUnit } from '../../core/base/order.js';
import { readText } from '../../core/model/text.js';
import type { Repository } from '../../adapters/git/index.js';
import { entryAt, filesBelow } from '../../adapters/git/index.js';
import { Failure } from '../cli/operations.js';

const domainFile = 'heliostat.yaml';
const domainFileBytes = 1024 * 1024;

interface Named {
  readonly name: DomainName;
  /** False: its file says no usable name, and this one was guessed, so that its own diagnostics can be shown. */
  readonly isValid: boolean;
}

/** One domain of a repository. */
export interface FoundDomain extends Named {
  /** Of its `heliostat.yaml`, `''` for the root. */
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
export async function chooseDomain(
  repository: Repository,
  start: string,
  { named, branch, at }: Wanted,
): Promise<FoundDomain> {
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
): Promise<FoundDomain> {
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
  const entry = tree === null ? null : await entryAt(repository.source, tree, path);
  const [bytes] = entry === null ? [] : await repository.source.blobs([entry.oid], domainFileBytes);
  return bytes ?? null;
}
