import { canonicalJson, equalData } from '../base/data.js';
import type { Diagnostic } from '../base/diagnostic.js';
import { type Digest, digestOfText } from '../base/digest.js';
import { splitElementKey, type ElementKey, type SolutionName } from '../base/names.js';
import type { Change } from './change.js';
import type { Tables, Trouble } from './model.js';
import { readability } from './readability.js';
import { releaseKey } from './release.js';
import type { Resolved } from './resolve.js';
import { SetsEdit } from './sets.js';
import type { TableEdit } from './table.js';
import type { ElementFacts, View } from './view.js';

/** Tables under change, and what changed so far: an overlay, kept if the revision is accepted. */
export class Edits {
  readonly sources;
  readonly claims;
  readonly releases;
  readonly versions;
  readonly prefixes;
  readonly pending;
  readonly solutions;
  readonly elements;
  readonly consumers;
  readonly ports;
  readonly readers: SetsEdit<string> & { readonly table: TableEdit<ReadonlySet<string>> };
  readonly ranks;
  readonly troubles;
  /** Read keys whose answer is another one now. */
  readonly changed = new Set<string>();
  /** Elements to resolve anew. */
  readonly dirtyElements = new Set<ElementKey>();
  /** Elements whose edges changed, or that are new or gone. */
  readonly rewired = new Set<ElementKey>();
  /** Records looked at: what the cost is counted in. */
  touched = 0;
  /** By canonical text. */
  private readonly digests = new Map<string, Digest>();
  cycleOf: ReadonlySet<ElementKey>;

  constructor(
    tables: Tables,
    private readonly change: Change,
    cycles: readonly (readonly ElementKey[])[],
  ) {
    this.sources = tables.sources.edit();
    this.claims = tables.claims.edit();
    this.releases = tables.releases.edit();
    this.versions = tables.versions.edit();
    this.prefixes = new SetsEdit(tables.prefixes.edit());
    this.pending = tables.pending.edit();
    this.solutions = tables.solutions.edit();
    this.elements = tables.elements.edit();
    this.consumers = new SetsEdit<ElementKey>(tables.consumers.edit());
    this.ports = new SetsEdit<ElementKey>(tables.ports.edit());
    this.readers = new SetsEdit<string>(tables.readers.edit());
    this.ranks = tables.ranks.edit();
    this.troubles = tables.troubles.edit();
    this.cycleOf = new Set(cycles.flat());
  }

  seal(): Tables {
    return {
      sources: this.sources.seal(),
      claims: this.claims.seal(),
      releases: this.releases.seal(),
      versions: this.versions.seal(),
      prefixes: this.prefixes.table.seal(),
      pending: this.pending.seal(),
      solutions: this.solutions.seal(),
      elements: this.elements.seal(),
      consumers: this.consumers.table.seal(),
      ports: this.ports.table.seal(),
      readers: this.readers.table.seal(),
      ranks: this.ranks.seal(),
      troubles: this.troubles.seal(),
    };
  }

  readersOfChanged(prefix: string): Set<string> {
    const found = new Set<string>();
    for (const key of this.changed) {
      if (key.startsWith(prefix)) for (const reader of this.readers.get(key) ?? []) found.add(reader);
    }
    return found;
  }

  declare(key: ElementKey, facts: ElementFacts): void {
    const before = this.elements.get(key);
    if (before === undefined) this.rewired.add(key);
    else if (equalData(before.facts, facts)) return;
    this.elements.set(key, { desired: null, clusters: [], reads: [], troubled: false, ...before, facts });
    this.changed.add(`facts:${key}`);
    this.relink(key, before?.facts ?? null, facts);
  }

  removeElement(key: ElementKey): void {
    const before = this.elements.get(key);
    if (before === undefined) return;
    this.elements.delete(key);
    this.rewired.add(key);
    this.changed.add(`facts:${key}`);
    this.changed.add(`clusters:${key}`);
    this.relink(key, before.facts, null);
    this.readers.move(key, before.reads, []);
    this.troubles.delete(`element:${key}`);
  }

  resolved(
    key: ElementKey,
    solution: SolutionName,
    result: Resolved & { readonly reads: readonly string[] },
  ): void {
    const before = this.elements.get(key);
    if (before === undefined) return;
    const { desired, clusters, reads, diagnostics, blocked } = result;
    const troubled = diagnostics.length + blocked.length > 0;
    this.readers.move(key, before.reads, reads);
    this.elements.set(key, { facts: before.facts, desired, clusters, reads, troubled });
    this.trouble(`element:${key}`, { owners: [solution], diagnostics, blocked });
  }

  trouble(id: string, trouble: Trouble): void {
    if (trouble.diagnostics.length + trouble.blocked.length > 0) this.troubles.set(id, trouble);
    else this.troubles.delete(id);
  }

  fileTrouble(id: string, owner: string, diagnostics: readonly Diagnostic[]): void {
    this.trouble(id, { owners: [owner], diagnostics, blocked: [] });
  }

  /** Existing elements that this one depends on, sorted. */
  providersOf(key: ElementKey): readonly ElementKey[] {
    const edges = this.elements.get(key)?.facts.edges ?? [];
    const providers = new Set(edges.map((edge) => edge.provider));
    return [...providers].filter((provider) => this.elements.has(provider));
  }

  consumersOf(key: ElementKey): readonly ElementKey[] {
    return this.consumers.sorted(key);
  }

  private relink(key: ElementKey, before: ElementFacts | null, after: ElementFacts | null): void {
    const old = before?.edges.map((edge) => edge.provider) ?? [];
    const now = after?.edges.map((edge) => edge.provider) ?? [];
    if (old.join() !== now.join()) {
      this.consumers.move(key, old, now);
      this.rewired.add(key);
    }
    for (const provider of new Set([...old, ...now])) this.changed.add(`consumers:${provider}`);
    const oldPort = before?.exposedPort ?? null;
    const port = after?.exposedPort ?? null;
    if (oldPort === port) return;
    this.ports.move(key, oldPort === null ? [] : [`${oldPort}`], port === null ? [] : [`${port}`]);
    for (const changed of [oldPort, port]) if (changed !== null) this.changed.add(`port:${changed}`);
  }

  private digestOf(value: unknown): Digest {
    const text = canonicalJson(value);
    const known = this.digests.get(text);
    if (known !== undefined) return known;
    const digest = digestOfText(text);
    this.digests.set(text, digest);
    return digest;
  }

  /** A view that notes what was read, so that the reader is asked again when that changes. */
  view(reads: Set<string> | null): View {
    const note = (key: string): void => {
      reads?.add(key);
    };
    return {
      release: (component, version) => {
        const key = releaseKey(component, version);
        note(`release:${key}`);
        return this.releases.get(key) ?? null;
      },
      versions: (component) => {
        note(`versions:${component}`);
        return this.versions.get(component) ?? [];
      },
      components: () => {
        note('components');
        return this.versions.keys();
      },
      facts: (key) => {
        note(`facts:${key}`);
        return this.elements.get(key)?.facts ?? null;
      },
      clusters: (key) => {
        note(`clusters:${key}`);
        return this.elements.get(key)?.clusters ?? [];
      },
      solution: (name) => {
        note(`solution:${name}`);
        return readability(this.solutions.get(name));
      },
      broken: (key) => {
        note(`broken:${key}`);
        const { solution, element } = splitElementKey(key);
        return this.solutions.get(solution)?.broken.has(element) ?? false;
      },
      solutions: () => {
        note('solutions');
        return this.solutions.keys();
      },
      elements: (solution) => {
        note(`names:${solution}`);
        return this.solutions.get(solution)?.elements ?? [];
      },
      consumers: (key) => {
        note(`consumers:${key}`);
        return this.consumersOf(key);
      },
      portOwners: (port) => {
        note(`port:${port}`);
        return this.ports.sorted(`${port}`);
      },
      secret: (name, element) => {
        note(`secret:${name}`);
        return this.change.environment.secretStatus(name, `${this.change.domain.name}/${element}`);
      },
      inCycle: (key) => {
        note(`cycle:${key}`);
        return this.cycleOf.has(key);
      },
      digestOf: (value) => this.digestOf(value),
    };
  }
}
