import type { Diagnostic } from '../../core/base/diagnostic.js';
import { longestEntryName } from '../../core/base/entry-name.js';
import { quoted } from '../../core/model/quote.js';
import { safe } from '../../core/base/safe-text.js';
import type { Change } from '../../core/graph/change.js';
import { domainFileName, findDomains, folderOf, type FoundDomain } from '../../core/graph/domains.js';
import type { AcceptedModel, DomainFile } from '../../core/graph/model.js';
import { nextModel } from '../../core/graph/next.js';
import type { FolderEntry, TreeIndex } from '../../core/graph/tree.js';
import type { Validation } from '../../core/graph/types.js';
import type { SourceFile } from '../../core/model/source.js';
import type { Oid } from '../../ports/repository.js';
import { chooseDomain } from './choose.js';
import { readSources, type ReadContext, type SourcesRead, type WantedFile } from './sources.js';
import { filesBelow, overlay, readTree, type Contents, type TreeChange } from './trees.js';
import {
  defaultLimits,
  type FileCounts,
  type Loaded,
  type LoadLimits,
  type LoadPorts,
  type LoadRequest,
} from './types.js';

/**
 * Documents of a revision or a work tree → what its domain asks for, at the cost of what differs from
 * `request.base`. Never rejects for what the repository holds: that is a diagnostic, or `unavailable`.
 */
export async function load(ports: LoadPorts, request: LoadRequest): Promise<Loaded> {
  return new Loading(ports, request).run();
}

class Loading {
  private readonly limits: LoadLimits;
  private read = 0;

  constructor(
    private readonly ports: LoadPorts,
    private readonly request: LoadRequest,
  ) {
    this.limits = { ...defaultLimits, ...request.limits };
  }

  async run(): Promise<Loaded> {
    const found = await this.trees();
    if (found.kind !== 'trees') return found;
    const domains = await this.domains(found.change, found.contents);
    if (domains.kind === 'missing') return missing(domains.oid);
    const known = findDomains(domains.files);
    const chosen = chooseDomain(known, this.request.domain);
    if (this.request.cancel.cancelled) return { kind: 'cancelled' };
    if (chosen === null) {
      return { kind: 'noDomain', candidates: known.map(({ name, folder }) => ({ name, folder })) };
    }
    if (chosen.domain === null) return this.rejected(chosen, found.change);
    return this.evaluate(chosen, chosen.domain, { ...found, domains: domains.files });
  }

  private async trees(): Promise<{ kind: 'trees'; change: TreeChange; contents: Contents } | Loaded> {
    const { from, base, cancel } = this.request;
    const root = await this.root();
    if (root === undefined)
      return unavailable('the revision is not in this repository; a shallow clone may lack it');
    const result = await readTree(this.ports.source, base?.tree ?? null, root, this.limits);
    if (cancel.cancelled) return { kind: 'cancelled' };
    if (result.kind === 'missing')
      return unavailable(`tree ${result.oid} is not in this repository; a partial clone may lack it`);
    if (result.kind === 'refused') return this.refused(result);
    if (from.kind !== 'files') return { kind: 'trees', change: result, contents: new Map([]) };
    const laid = overlay(result, base?.tree ?? null, from.files);
    return { kind: 'trees', change: laid, contents: laid.contents };
  }

  private async root(): Promise<Oid | null | undefined> {
    const { from } = this.request;
    if (from.kind !== 'revision') return from.tree;
    return (await this.ports.source.commit(from.revision))?.tree;
  }

  /** Every `heliostat.yaml` of the repository; only those that differ are read. */
  private async domains(change: TreeChange, contents: Contents): Promise<SourcesRead> {
    const { base } = this.request;
    const known = this.sameProgram() ? new Map(base?.domains) : new Map<string, SourceFile>();
    const all = this.sameProgram() ? [...change.changed] : listed(change.tree, '');
    const wanted: WantedFile[] = [];
    for (const [path, entry] of all) {
      if (path !== domainFileName && !path.endsWith(`/${domainFileName}`)) continue;
      known.delete(path);
      if (entry !== null) wanted.push({ path, entry, folder: folderOf(path) });
    }
    const result = await this.readFiles(wanted, contents);
    if (result.kind === 'missing') return result;
    return { kind: 'read', files: new Map([...known, ...result.files]) };
  }

  private async evaluate(
    chosen: FoundDomain,
    domain: DomainFile,
    of: {
      readonly change: TreeChange;
      readonly contents: Contents;
      readonly domains: ReadonlyMap<string, SourceFile>;
    },
  ): Promise<Loaded> {
    const { request } = this;
    const { folder } = chosen;
    const base = this.usableBase(folder);
    const changed = base === null ? listedModel(of.change.tree, folder) : [...of.change.changed];
    const wanted: WantedFile[] = [];
    const sources = new Map<string, SourceFile | null>();
    for (const [path, entry] of changed) {
      if (!isModelFile(path, folder, entry)) continue;
      if (entry === null) sources.set(path, null);
      else wanted.push({ path, entry, folder });
    }
    const result = await this.readFiles(wanted, of.contents);
    if (request.cancel.cancelled) return { kind: 'cancelled' };
    if (result.kind === 'missing') return missing(result.oid);
    for (const [path, file] of result.files) sources.set(path, file);
    const { manifests, secretStatus, programVersion } = request;
    const change: Change = {
      sources,
      tree: of.change.tree,
      paths: [...of.change.changed.keys()],
      domain,
      domains: of.domains,
      environment: { manifests, secretStatus, programVersion },
      ledger: request.ledger,
      artifactLimit: this.limits.artifacts,
    };
    const next = nextModel(base, change, request.previousTip);
    const validation = withWarnings(next.validation, chosen.diagnostics);
    const files = this.counts(of.change, next.model.tables.sources.size);
    return { kind: 'loaded', model: next.model, desired: next.desired, validation, folder, files };
  }

  /** A base of another domain, or read by another Heliostat, says nothing about this one; its tree does. */
  private usableBase(folder: string): AcceptedModel | null {
    const { base } = this.request;
    return base !== null && base.domain.folder === folder && this.sameProgram() ? base : null;
  }

  private sameProgram(): boolean {
    const { base, programVersion } = this.request;
    return base !== null && base.environment.programVersion === programVersion;
  }

  private async readFiles(wanted: readonly WantedFile[], contents: Contents): Promise<SourcesRead> {
    this.read += wanted.length;
    if (wanted.length === 0) return { kind: 'read', files: new Map([]) };
    const context: ReadContext = {
      ports: this.ports,
      contents,
      programVersion: this.request.programVersion,
      limitBytes: this.limits.fileBytes,
      cancel: this.request.cancel,
    };
    return readSources(wanted, context);
  }

  private counts(change: TreeChange | null, model: number): FileCounts {
    return { model, read: this.read, changed: change?.changed.size ?? 0 };
  }

  private rejected(chosen: FoundDomain, change: TreeChange): Loaded {
    const validation = rejection(chosen.diagnostics, this.request);
    return { kind: 'rejected', validation, folder: chosen.folder, files: this.counts(change, 0) };
  }

  private refused({
    path,
    code,
  }: {
    readonly path: string;
    readonly code: 'git.entry' | 'git.tooLarge';
  }): Loaded {
    const diagnostic: Diagnostic = {
      code,
      severity: 'error',
      message:
        code === 'git.entry'
          ? `the tree holds an entry that no checkout may contain: ${quoted(path)}`
          : `the repository is too large to be read: more than ${this.limits.files} entries or ${this.limits.folders} folders, or ${this.limits.depth} folders deep`,
      file: path.length > longestEntryName ? `${path.slice(0, longestEntryName)}…` : path,
      line: 0,
      column: 0,
      fix:
        code === 'git.entry'
          ? 'Remove the entry; it was not made by git add.'
          : 'Keep the model in a repository of its own.',
    };
    const { domain } = this.request;
    const folder = domain.kind === 'folder' ? domain.folder : (this.request.base?.domain.folder ?? '');
    return {
      kind: 'rejected',
      validation: rejection([diagnostic], this.request),
      folder,
      files: this.counts(null, 0),
    };
  }
}

/** Nothing could be evaluated, so what the last tip was judged by still stands. */
function rejection(diagnostics: readonly Diagnostic[], request: LoadRequest): Validation {
  const tip = request.previousTip ?? { errors: {} };
  return { accepted: false, diagnostics, stale: [], tip, releases: [], changed: [], touched: 0 };
}

function withWarnings(validation: Validation, diagnostics: readonly Diagnostic[]): Validation {
  return diagnostics.length === 0
    ? validation
    : { ...validation, diagnostics: [...diagnostics, ...validation.diagnostics] };
}

type Listed = readonly (readonly [path: string, entry: FolderEntry | null])[];

function listed(tree: TreeIndex, folder: string): Listed {
  return filesBelow(tree, folder).map(({ path, entry }) => [path, entry] as const);
}

const modelFolders = ['catalog', 'solutions'];

function listedModel(tree: TreeIndex, folder: string): Listed {
  const tops = (tree.get(folder)?.entries ?? []).filter(({ name }) => modelFolders.includes(name));
  return tops.flatMap((entry): Listed => {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    return entry.kind === 'tree' ? listed(tree, path) : [[path, entry]];
  });
}

/** YAML below the domain's own `catalog` and `solutions`; a link or submodule there is refused whatever its name. */
function isModelFile(path: string, folder: string, entry: FolderEntry | null): boolean {
  const below = folder === '' ? path : path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : '';
  const [top = '', ...rest] = below.split('/');
  if (!modelFolders.includes(top)) return false;
  if (entry === null || entry.kind === 'symlink' || entry.kind === 'submodule') return true;
  return rest.length > 0 && /\.ya?ml$/.test(below);
}

function missing(oid: Oid): Loaded {
  return unavailable(`blob ${oid} is not in this repository; a partial clone may lack it`);
}

function unavailable(message: string): Loaded {
  return { kind: 'unavailable', message: safe(message), retryable: true };
}
