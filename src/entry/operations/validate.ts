import { entryAt } from '../../adapters/git/index.js';
import type { Diagnostic } from '../../core/base/diagnostic.js';
import type { Revision } from '../../core/base/names.js';
import type { SourceLine, ValidateRequest, ValidateView } from '../cli/operations.js';
import { Failure } from '../cli/operations.js';
import { isModelFile } from './model-files.js';
import type { Location } from './place.js';
import { locate } from './place.js';
import { readDomain } from './read.js';
import { linesOf, sourceLines } from './source-lines.js';

/** Everything that is wrong with a commit, what is staged, or the work tree. */
export async function validate(version: string, request: ValidateRequest): Promise<ValidateView> {
  const location = await locate(request);
  try {
    const { what, from } = request;
    const { repository } = location;
    const staged = what.kind === 'staged';
    if (staged && repository.workTree === null)
      throw new Failure('stage.noWorkTree', 'a bare repository has no index', 'Name a commit instead.');
    const revision = what.kind === 'revision' ? await repository.resolve(what.name) : null;
    const asked = what.kind === 'revision' ? what.name : null;
    const read = await readDomain(version, location, { revision, asked, from, staged });
    const { diagnostics } = read;
    const isWorkTree = read.revision === 'worktree' && !staged;
    return {
      valid: read.accepted,
      revision: staged ? 'staged' : read.revision,
      diagnostics,
      uncommitted: isWorkTree ? await uncommittedFiles(location) : null,
      sourceLine: isWorkTree ? sourceLines(location) : await linesThere(location, read.revision, diagnostics),
    };
  } finally {
    await location.repository.close();
  }
}

async function uncommittedFiles({ repository, folder }: Location): Promise<readonly string[] | null> {
  return (await repository.workTree?.uncommitted({ folders: [folder], accepts: isModelFile })) ?? null;
}

const excerptBytes = 4 * 1024 * 1024;
/** More are not shown with the line that is wrong. */
const mostExcerpts = 200;

/** The files that the diagnostics name, as they are in the commit or the index. */
async function linesThere(
  location: Location,
  revision: Revision | 'worktree',
  diagnostics: readonly Diagnostic[],
): Promise<SourceLine> {
  const { source } = location.repository;
  const named = [...new Set(diagnostics.map(({ file }) => file))].filter((file) => file !== '');
  const files = named.slice(0, mostExcerpts);
  const oids =
    revision === 'worktree' ? await stagedOids(location, files) : await oidsIn(location, revision, files);
  const blobs = await source.blobs([...oids.values()], excerptBytes);
  const contents = new Map<string, Uint8Array>();
  [...oids.keys()].forEach((file, i) => {
    const bytes = blobs[i];
    if (bytes) contents.set(file, bytes);
  });
  return linesOf(contents);
}

async function stagedOids({ repository }: Location, files: readonly string[]): Promise<Map<string, string>> {
  const wanted = new Set(files);
  const staged = await repository.workTree?.staged({ folders: [''], accepts: (path) => wanted.has(path) });
  return new Map((staged ?? []).map(({ path, oid }) => [path, oid]));
}

async function oidsIn(
  { repository }: Location,
  revision: Revision,
  files: readonly string[],
): Promise<Map<string, string>> {
  const tree = (await repository.source.commit(revision))?.tree;
  const oids = new Map<string, string>();
  if (tree === undefined) return oids;
  for (const file of files) {
    const entry = await entryAt(repository.source, tree, file);
    if (entry !== null && entry.kind !== 'tree') oids.set(file, entry.oid);
  }
  return oids;
}
