import { fromUtf8 } from '../../core/base/bytes.js';
import type { Version } from '../../core/base/version.js';
import type { FolderEntry } from '../../core/graph/tree.js';
import { unreadable, type LocatedDocument } from '../../core/model/document.js';
import { readKind } from '../../core/model/kind.js';
import { findHoles, type SourceFile } from '../../core/model/source.js';
import type { Cancel } from '../../ports/clock.js';
import type { Oid } from '../../ports/repository.js';
import type { Contents } from './trees.js';
import type { LoadPorts } from './types.js';

export interface WantedFile {
  readonly path: string;
  readonly entry: FolderEntry;
  /** Of the domain that it belongs to; null where that is not known. */
  readonly folder: string | null;
}

export interface ReadContext {
  readonly ports: LoadPorts;
  readonly contents: Contents;
  readonly programVersion: Version;
  readonly limitBytes: number;
  readonly cancel: Cancel;
}

export type SourcesRead =
  | { readonly kind: 'read'; readonly files: ReadonlyMap<string, SourceFile> }
  | { readonly kind: 'missing'; readonly oid: Oid };

/** Reads and checks files, contents in one go; each blob that was read before comes from the reader's cache. */
export async function readSources(wanted: readonly WantedFile[], context: ReadContext): Promise<SourcesRead> {
  const files = new Map<string, SourceFile>();
  const regular: WantedFile[] = [];
  for (const file of wanted) {
    const { kind } = file.entry;
    if (kind === 'symlink' || kind === 'submodule') files.set(file.path, refusedEntry(file, kind));
    else regular.push(file);
  }
  const bytes = await contentsOf(regular, context);
  const missing = await missingFile(regular, bytes, context);
  if (missing !== null) return { kind: 'missing', oid: missing };
  const readable = regular.flatMap((file, i) => {
    const content = bytes[i] ?? null;
    if (content !== null) return [{ file, content }];
    files.set(file.path, tooLarge(file, context.limitBytes));
    return [];
  });
  const documents = await context.ports.reader.read(
    readable.map(({ file, content }) => ({
      oid: context.contents.has(file.entry.oid) ? null : file.entry.oid,
      file: file.path,
      bytes: content,
    })),
    context.cancel,
  );
  readable.forEach(({ file, content }, i) => {
    const located = documents[i];
    if (located !== undefined)
      files.set(file.path, sourceFile(file, content, located, context.programVersion));
  });
  return { kind: 'read', files };
}

async function contentsOf(
  files: readonly WantedFile[],
  { ports, contents, limitBytes }: ReadContext,
): Promise<(Uint8Array | null)[]> {
  const stored = files.filter(({ entry }) => !contents.has(entry.oid));
  const blobs =
    stored.length === 0
      ? []
      : await ports.source.blobs(
          stored.map(({ entry }) => entry.oid),
          limitBytes,
        );
  const byOid = new Map(stored.map(({ entry }, i) => [entry.oid, blobs[i] ?? null]));
  return files.map(({ entry }) => {
    const content = contents.get(entry.oid) ?? byOid.get(entry.oid) ?? null;
    return content !== null && content.length > limitBytes ? null : content;
  });
}

/** Of the files without contents: one that is not there at all, or damaged, rather than too large. */
async function missingFile(
  files: readonly WantedFile[],
  bytes: readonly (Uint8Array | null)[],
  { ports, contents, limitBytes }: ReadContext,
): Promise<string | null> {
  const empty = files.filter(({ entry }, i) => bytes[i] === null && !contents.has(entry.oid));
  if (empty.length === 0) return null;
  const sizes = await ports.source.sizes(empty.map(({ entry }) => entry.oid));
  return empty.find((_, i) => (sizes[i] ?? 0) <= limitBytes)?.entry.oid ?? null;
}

const dollar = 36;

function sourceFile(
  file: WantedFile,
  content: Uint8Array,
  located: LocatedDocument,
  programVersion: Version,
): SourceFile {
  const { path, entry, folder } = file;
  const { document: whole, partly, diagnostics } = readKind(path, located, { programVersion, folder });
  const document = whole ?? partly?.document ?? null;
  const broken = partly?.broken ?? [];
  const text = document !== null && content.includes(dollar) ? (fromUtf8(content) ?? '') : '';
  // Offsets are counted without the byte order mark.
  const plain = text.startsWith('\ufeff') ? text.slice(1) : text;
  return { path, oid: entry.oid, located, document, broken, holes: findHoles(plain, located), diagnostics };
}

function refusedEntry(file: WantedFile, kind: 'symlink' | 'submodule'): SourceFile {
  return broken(file, {
    code: `git.${kind}`,
    message:
      kind === 'symlink'
        ? 'a model file cannot be a link to another file'
        : 'a submodule cannot be part of a model',
    fix: kind === 'symlink' ? 'Commit the file itself.' : 'Commit the files themselves.',
  });
}

function tooLarge(file: WantedFile, limitBytes: number): SourceFile {
  return broken(file, {
    code: 'file.tooLarge',
    message: `the file is larger than ${Math.floor(limitBytes / 1024)} kB`,
    fix: 'Split it into several files.',
  });
}

function broken(file: WantedFile, wrong: { code: string; message: string; fix: string }): SourceFile {
  const diagnostic = { ...wrong, severity: 'error', file: file.path, line: 0, column: 0 } as const;
  return {
    path: file.path,
    oid: file.entry.oid,
    located: unreadable([]),
    document: null,
    broken: [],
    holes: new Map([]),
    diagnostics: [diagnostic],
  };
}
