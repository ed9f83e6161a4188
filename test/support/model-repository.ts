import { utf8 } from '../../src/core/base/bytes.js';
import { sha256Hex } from '../../src/core/base/digest.js';
import { blobOid } from '../../src/core/base/git-oid.js';
import type { ProviderManifest } from '../../src/core/base/manifest.js';
import type { ProviderName, Revision } from '../../src/core/base/names.js';
import type { Version } from '../../src/core/base/version.js';
import type { AcceptedModel, SecretStatus } from '../../src/core/graph/model.js';
import type { Ledger, ReleaseRecord, ValidatedTip } from '../../src/core/graph/types.js';
import type { LocatedDocument } from '../../src/core/model/document.js';
import { readText } from '../../src/core/model/text.js';
import { load } from '../../src/engine/load/load.js';
import type { DomainChoice, Loaded, LoadFrom, LoadLimits } from '../../src/engine/load/types.js';
import { cancelSource } from '../../src/ports/clock.js';
import type { Reader, ReadRequest } from '../../src/ports/reader.js';
import type { Source, TreeEntry } from '../../src/ports/repository.js';

/** Path → text; an object for what is not a plain file. */
export type Files = Record<
  string,
  string | { readonly kind: TreeEntry['kind']; readonly text?: string; readonly oid?: string }
>;

/** A repository in memory: real blob ids, made-up tree ids. Counts what is asked of it. */
export class MemoryRepository implements Source {
  readonly blobsById = new Map<string, Uint8Array>();
  readonly treesById = new Map<string, readonly TreeEntry[]>();
  readonly documents = new Map<string, LocatedDocument>();
  treesRead = 0;
  blobsRead = 0;

  commit(): ReturnType<Source['commit']> {
    return Promise.resolve(null);
  }

  tree(oid: string): Promise<readonly TreeEntry[] | null> {
    this.treesRead++;
    return Promise.resolve(this.treesById.get(oid) ?? null);
  }

  blobs(oids: readonly string[], limitBytes: number): Promise<readonly (Uint8Array | null)[]> {
    this.blobsRead += oids.length;
    return Promise.resolve(
      oids.map((oid) => {
        const bytes = this.blobsById.get(oid) ?? null;
        return bytes !== null && bytes.length > limitBytes ? null : bytes;
      }),
    );
  }

  sizes(oids: readonly string[]): Promise<readonly (number | null)[]> {
    return Promise.resolve(oids.map((oid) => this.blobsById.get(oid)?.length ?? null));
  }

  /** Stores the files and returns the id of their tree. */
  write(files: Files): string {
    const root = new Map<string, unknown>();
    for (const [path, file] of Object.entries(files)) {
      const parts = path.split('/');
      let folder = root;
      for (const part of parts.slice(0, -1)) {
        if (!folder.has(part)) folder.set(part, new Map());
        folder = folder.get(part) as Map<string, unknown>;
      }
      folder.set(parts.at(-1) ?? '', file);
    }
    return this.store(root);
  }

  private store(folder: Map<string, unknown>): string {
    const entries = [...folder.keys()].sort().map((name): TreeEntry => {
      const value = folder.get(name) as Map<string, unknown> | Files[string];
      if (value instanceof Map) return { name, kind: 'tree', oid: this.store(value) };
      const kind = typeof value === 'string' ? 'blob' : value.kind;
      const bytes = utf8(typeof value === 'string' ? value : (value.text ?? ''));
      const oid = typeof value === 'string' ? blobOid(bytes) : (value.oid ?? blobOid(bytes));
      if (typeof value === 'string' || value.oid === undefined) this.blobsById.set(oid, bytes);
      return { name, kind, oid };
    });
    const oid = sha256Hex(JSON.stringify(entries)).slice(0, 40);
    this.treesById.set(oid, entries);
    return oid;
  }
}

/** Reads in this process; what a blob said is remembered, as the real reader does. */
function readerOf(known: Map<string, LocatedDocument>): Reader {
  const read = ({ oid, bytes }: ReadRequest): LocatedDocument => {
    const before = oid === null ? undefined : known.get(oid);
    const located = before ?? readText(bytes);
    if (oid !== null) known.set(oid, located);
    return located;
  };
  return { read: (texts) => Promise.resolve(texts.map(read)), close: () => Promise.resolve() };
}

export function manifest(name: string, more: Partial<ProviderManifest> = {}): ProviderManifest {
  return {
    name: name as ProviderName,
    protocol: 1,
    summary: name,
    configuration: null,
    reconfigurable: [],
    reconfigureInterrupts: false,
    capabilities: [],
    fencing: 'claim',
    needs: [],
    portRange: null,
    ...more,
  };
}

export interface Asked {
  base?: AcceptedModel | null;
  ledger?: Ledger;
  manifests?: ReadonlyMap<string, ProviderManifest>;
  secretStatus?: SecretStatus;
  previousTip?: ValidatedTip | null;
  domain?: DomainChoice;
  limits?: Partial<LoadLimits>;
}

export const noop: ReadonlyMap<string, ProviderManifest> = new Map([['noop', manifest('noop')]]);
const everySecret: SecretStatus = () => 'ok';

export type LoadedModel = Extract<Loaded, { kind: 'loaded' }>;

export function loadFrom(repository: MemoryRepository, from: LoadFrom, asked: Asked = {}): Promise<Loaded> {
  const { limits } = asked;
  return load(
    { source: repository, reader: readerOf(repository.documents) },
    {
      from,
      base: asked.base ?? null,
      ledger: asked.ledger ?? new Map(),
      manifests: asked.manifests ?? noop,
      secretStatus: asked.secretStatus ?? everySecret,
      previousTip: asked.previousTip ?? null,
      programVersion: '0.1.0' as Version,
      domain: asked.domain ?? { kind: 'only' },
      ...(limits === undefined ? {} : { limits }),
      cancel: cancelSource().cancel,
    },
  );
}

/** Loads files that have one good domain. */
export async function loadFiles(
  files: Files,
  asked: Asked = {},
  repository = new MemoryRepository(),
): Promise<LoadedModel> {
  const loaded = await loadFrom(repository, { kind: 'tree', tree: repository.write(files) }, asked);
  if (loaded.kind !== 'loaded') throw new Error(`not loaded: ${JSON.stringify(loaded)}`);
  return loaded;
}

/** The ledger after a revision was accepted. */
export function ledgerAfter(before: Ledger, releases: readonly ReleaseRecord[]): Ledger {
  const after = new Map(before);
  for (const release of releases) after.set(`${release.component}@${release.version}`, release);
  return after;
}

export const domainFile = 'apiVersion: heliostat/v1\nkind: Domain\nname: prod\n';

export function component(name: string, version: string, body = ''): string {
  return `apiVersion: heliostat/v1\nkind: Component\nname: ${name}\nversion: ${version}\nprovider: noop\n${body}`;
}

export function solution(name: string, elements: string): string {
  return `apiVersion: heliostat/v1\nkind: Solution\nname: ${name}\nelements:\n${elements}`;
}

export const revision = (text: string): Revision => text as Revision;
