import { globMatches } from '../base/glob.js';
import { byCodeUnit } from '../base/order.js';
import { compareVersions, type Version } from '../base/version.js';
import type { ElementKey } from '../base/names.js';
import type { Edits } from './edits.js';
import type { Change } from './change.js';
import type { AcceptedModel } from './model.js';
import type { Release } from './release.js';
import { checkRelease } from './release-check.js';
import { releaseClaim, sourceOf } from './source-stage.js';

/** Checks the releases that a change concerns, and tells their users of those that mean something else now. */
export class ReleaseStage {
  private readonly dirty = new Set<string>();

  constructor(
    private readonly edits: Edits,
    private readonly change: Change,
    private readonly base: AcceptedModel | null,
  ) {}

  run(documents: ReadonlySet<string>): void {
    for (const key of documents) {
      this.dirty.add(key);
      this.updateVersions(key);
    }
    if (this.base !== null) {
      this.addByLedger();
      this.addByArtifacts();
      this.addByManifest(this.base);
    }
    for (const key of [...this.dirty].sort(byCodeUnit)) this.check(key);
  }

  private updateVersions(key: string): void {
    const at = key.indexOf('@');
    const component = key.slice(0, at);
    const version = key.slice(at + 1) as Version;
    const before = this.edits.versions.get(component) ?? [];
    const exists = this.edits.claims.has(releaseClaim(key));
    if (exists === before.includes(version)) return;
    const after = exists
      ? [...before, version].sort((a, b) => compareVersions(a, b) || byCodeUnit(a, b))
      : before.filter((other) => other !== version);
    if (after.length === 0) this.edits.versions.delete(component);
    else this.edits.versions.set(component, after);
    this.edits.changed.add(`versions:${component}`);
    if (before.length === 0 || after.length === 0) this.edits.changed.add('components');
    // The highest release answers for artifacts that no release took up; one that was changed names the next version.
    for (const highest of [before.at(-1), after.at(-1)]) {
      if (highest !== undefined) this.dirty.add(`${component}@${highest}`);
    }
    for (const other of after) {
      const diagnostics = this.edits.releases.get(`${component}@${other}`)?.diagnostics ?? [];
      if (diagnostics.some(({ code }) => code === 'catalog.immutable'))
        this.dirty.add(`${component}@${other}`);
    }
  }

  /** What the ledger took up since is settled; where it holds something else, the release is looked at again. */
  private addByLedger(): void {
    for (const key of this.edits.pending.keys()) {
      const recorded = this.change.ledger.get(key);
      if (recorded === undefined) continue;
      if (recorded.digest === this.edits.pending.get(key)?.digest) this.edits.pending.delete(key);
      else this.dirty.add(key);
    }
  }

  private addByArtifacts(): void {
    for (const path of this.change.paths) {
      for (const folder of foldersAbove(path)) {
        for (const key of this.edits.prefixes.get(`/${folder}`) ?? []) {
          const globs = this.edits.releases.get(key)?.globs ?? [];
          if (globs.some((glob) => globMatches(glob, path))) this.dirty.add(key);
        }
      }
    }
  }

  private addByManifest(base: AcceptedModel): void {
    const before = base.environment.manifests;
    const now = this.change.environment.manifests;
    if (before === now) return;
    const names = new Set([...before.keys(), ...now.keys()]);
    const changed = [...names].filter((name) => before.get(name) !== now.get(name));
    const added = [...now.keys()].some((name) => !before.has(name)) || now.size !== before.size;
    if (changed.length === 0) return;
    for (const key of this.edits.releases.keys()) {
      const release = this.edits.releases.get(key);
      const provider = release?.body?.provider;
      const unknown = release?.body?.manifest === null;
      if (provider !== undefined && (changed.includes(provider) || (added && unknown))) this.dirty.add(key);
    }
  }

  private check(key: string): void {
    const { edits, change } = this;
    edits.touched++;
    const before = edits.releases.get(key);
    const source = sourceOf(edits, releaseClaim(key));
    if (source === null) return this.remove(key, before);
    const at = key.indexOf('@');
    const name = { component: key.slice(0, at), version: key.slice(at + 1) };
    const release = checkRelease(source, name, {
      manifests: change.environment.manifests,
      ledger: change.ledger,
      tree: change.tree,
      artifactLimit: change.artifactLimit,
      versions: edits.versions.get(name.component) ?? [],
    });
    edits.releases.set(key, release);
    edits.fileTrouble(`release:${key}`, source.path, release.diagnostics);
    edits.prefixes.move(key, prefixesOf(before), prefixesOf(release));
    if (release.record === null) edits.pending.delete(key);
    else edits.pending.set(key, release.record);
    if (before?.meaning !== release.meaning) edits.changed.add(`release:${key}`);
    else if (before.source !== source || before.diagnostics.length > 0) this.repeatTroubled(key);
  }

  private remove(key: string, before: Release | undefined): void {
    const { edits } = this;
    if (before === undefined) return;
    edits.releases.delete(key);
    edits.pending.delete(key);
    edits.troubles.delete(`release:${key}`);
    edits.prefixes.move(key, prefixesOf(before), []);
    edits.changed.add(`release:${key}`);
  }

  /** The release means the same, but stands on other lines: only what points into it has to be said again. */
  private repeatTroubled(key: string): void {
    for (const reader of this.edits.readers.get(`release:${key}`) ?? []) {
      if (this.edits.elements.get(reader)?.troubled === true)
        this.edits.dirtyElements.add(reader as ElementKey);
    }
  }
}

/** From the nearest to the root (`''`). */
function foldersAbove(path: string): string[] {
  const names = path.split('/').slice(0, -1);
  return names.map((_, i) => names.slice(0, names.length - i).join('/')).concat('');
}

function prefixesOf(release: Release | undefined): readonly string[] {
  return [...new Set((release?.globs ?? []).map((glob) => `/${glob.prefix}`))];
}
