import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { OidCache, mainRef, type SimRepository } from '../../src/sim/repository.js';
import { run } from '../../src/sim/run.js';
import { Random } from '../../src/sim/random.js';
import { kinds, manifestOf } from '../../src/sim/ports/providers.js';
import { Stage } from '../../src/sim/stage.js';
import { perform, publish } from '../../src/sim/workload/acts.js';
import { Author } from '../../src/sim/workload/author.js';
import { abreast, mistakesOf } from '../../src/sim/workload/judge.js';
import { actKinds, scriptOf, type ActKind } from '../../src/sim/workload/script.js';
import { World, type Host } from '../../src/sim/world.js';
import type { Revision } from '../../src/core/base/names.js';
import type { LocatedDocument } from '../../src/core/model/document.js';
import type { TreeEntry } from '../../src/ports/repository.js';
import { MemoryRepository, ledgerAfter, loadFrom, type Asked } from '../support/model-repository.js';

const oids = new OidCache();
const documents = new Map<string, LocatedDocument>();
const host: Host = { drain: () => setImmediate(), oids, documents };

/** The repository of a simulated world, as what a model is loaded from. */
class AsSource extends MemoryRepository {
  override readonly documents = documents;

  constructor(private readonly from: SimRepository) {
    super();
  }

  override tree(oid: string): Promise<readonly TreeEntry[] | null> {
    return Promise.resolve(this.from.trees.get(oid) ?? null);
  }

  override blobs(oids: readonly string[]): Promise<readonly (Uint8Array | null)[]> {
    return Promise.resolve(oids.map((oid) => this.from.blob(oid)));
  }

  override sizes(oids: readonly string[]): Promise<readonly (number | null)[]> {
    return Promise.resolve(oids.map((oid) => this.from.blob(oid)?.length ?? null));
  }
}

/** People at work, and nobody who watches them. */
function people(seed: number): Stage {
  const script = scriptOf(seed);
  const world = new World({ seed, weather: {}, latencyMs: 0 }, host);
  const stage = new Stage(world, script, new Author(Random.of(seed, 'model')));
  publish(stage, 'Begin');
  return stage;
}

function commitsOf(seed: number): Stage {
  const stage = people(seed);
  for (const act of scriptOf(seed).acts.slice(0, 12)) if (act.kind.startsWith('commit.')) perform(stage, act);
  return stage;
}

const tipOf = ({ world }: Stage): string => world.repository.refs.get(mainRef) ?? '';

function filesAt({ world }: Stage, revision: string): Record<string, string> {
  return Object.fromEntries(world.repository.filesOf(revision));
}

describe('what people of the simulator commit', () => {
  it('is valid exactly where they believe that it is', async () => {
    const manifests = new Map(kinds.map((kind, i) => [kind.name as string, manifestOf(kind, i)]));
    let [valid, invalid] = [0, 0];
    for (let seed = 1; seed <= 300; seed++) {
      const stage = commitsOf(seed);
      const { repository } = stage.world;
      const source = new AsSource(repository);
      const asked: Asked = { manifests, ledger: new Map() };
      for (const { revision, mistake } of stage.author.expectations.all()) {
        const tree = repository.commits.get(revision)?.tree ?? '';
        const loaded = await loadFrom(source, { kind: 'tree', tree }, asked);
        const accepted = loaded.kind === 'loaded' && loaded.validation.accepted;
        const found = loaded.kind === 'loaded' ? loaded.validation.diagnostics.slice(0, 3) : loaded;
        expect(accepted, `seed ${seed}, ${mistake ?? 'no mistake'}: ${JSON.stringify(found)}`).toBe(
          mistake === null,
        );
        if (accepted) {
          asked.base = loaded.model;
          asked.ledger = ledgerAfter(asked.ledger ?? new Map(), loaded.validation.releases);
          valid++;
        } else invalid++;
      }
    }
    expect(valid).toBeGreaterThan(1_500);
    expect(invalid).toBeGreaterThan(60);
  }, 240_000);

  it('keeps each release as it is, so that only a commit meant to is refused for changing one', () => {
    for (let seed = 1; seed <= 100; seed++) {
      const stage = commitsOf(seed);
      const texts = new Map<string, string>();
      for (const { revision, mistake } of stage.author.expectations.all()) {
        if (mistake !== null) continue;
        for (const [path, text] of stage.world.repository.filesOf(revision)) {
          if (!path.startsWith('catalog/')) continue;
          expect(texts.get(path) ?? text, `seed ${seed}, ${path}`).toBe(text);
          texts.set(path, text);
        }
      }
    }
  });

  it('has, after the revert of the tip, the very bytes of the commit before', () => {
    let reverts = 0;
    for (let seed = 1; seed <= 100; seed++) {
      const stage = commitsOf(seed);
      const { expectations } = stage.author;
      for (const { revision, parent, revertOf } of expectations.all()) {
        if (revertOf === null || revertOf !== parent) continue;
        const before = expectations.of(revertOf)?.parent ?? '';
        expect(filesAt(stage, revision), `seed ${seed}`).toEqual(filesAt(stage, before));
        reverts++;
      }
    }
    expect(reverts).toBeGreaterThan(30);
  });

  it('mends at the next commit what was wrong', () => {
    for (let seed = 1; seed <= 50; seed++) {
      const stage = people(seed);
      perform(stage, { kind: 'commit.invalid', seed, afterMs: 0 });
      expect(stage.author.expectations.of(tipOf(stage))?.mistake).not.toBeNull();
      perform(stage, { kind: 'commit.add', seed, afterMs: 0 });
      perform(stage, { kind: 'commit.scale', seed, afterMs: 0 });
      expect(stage.author.expectations.of(tipOf(stage))?.mistake, `seed ${seed}`).toBeNull();
    }
  });

  it('has both sides of a pair change in one commit now and then, so that they have to stand side by side', () => {
    let [plain, both] = [0, 0];
    for (let seed = 1; seed <= 150; seed++) {
      const { expectations } = commitsOf(seed).author;
      for (const { parent, model, mistake } of expectations.all()) {
        const before = parent === null ? null : expectations.of(parent);
        if (before === null || mistake !== null) continue;
        if (abreast(before.model, model).length > 0) both++;
        else plain++;
      }
    }
    expect(both).toBeGreaterThan(20);
    expect(plain).toBeGreaterThan(both);
  });
});

describe('a script', () => {
  it('is the same for a seed, and another for another', () => {
    expect(scriptOf(7)).toEqual(scriptOf(7));
    expect(scriptOf(7)).not.toEqual(scriptOf(8));
  });

  it('has every kind of act in some seed', () => {
    const seen = new Set<ActKind>();
    for (let seed = 1; seed <= 100; seed++) for (const { kind } of scriptOf(seed).acts) seen.add(kind);
    expect([...seen].sort()).toEqual([...actKinds].sort());
  });

  it('may lose any act, and each that is left does the same or has no sense', () => {
    const { acts } = scriptOf(11);
    for (const left of acts.keys()) {
      const stage = people(11);
      for (const [i, act] of acts.entries()) if (i !== left) perform(stage, act);
      expect(tipOf(stage)).not.toBe('');
    }
  });

  it('runs to its end in peace and in trouble, twice the same', async () => {
    for (const seed of [2, 3, 5]) {
      const once = await run(scriptOf(seed), { host, watchers: [] });
      expect(once.violation, `seed ${seed}`).toBeNull();
      const again = await run(scriptOf(seed), { host, watchers: [] });
      expect(again.hash).toBe(once.hash);
    }
  }, 120_000);
});

describe('what people of the simulator know', () => {
  it('a release that nothing uses and that was changed before already is no mistake of the next commit', () => {
    const { author } = people(7);
    const { model } = author;
    const used = new Set([...model.elements.values()].map((one) => `${one.component}@${one.version}`));
    const know = (name: string, mistake: string | null): void =>
      author.expectations.add({ revision: name as Revision, parent: null, mistake, model, revertOf: null });
    const [inUse] = [...used];
    know('sound', null);
    for (const name of ['unused', 'again']) know(name, 'changed release none@1.0.0');
    for (const name of ['used', 'used again']) know(name, `changed release ${inUse}`);
    const { expectations } = author;
    expect(expectations.isInherited('again', 'unused')).toBe(true);
    expect(expectations.isInherited('again', 'sound'), 'it is new').toBe(false);
    expect(expectations.isInherited('used again', 'used'), 'its users would be stale').toBe(false);
    expect(expectations.isInherited('sound', 'unused')).toBe(false);
  });

  it('a solution can be cleared away with all that needs it, and what stays is sound', () => {
    let cleared = 0;
    for (let seed = 1; seed <= 50; seed++) {
      const { author } = commitsOf(seed);
      const before = author.model;
      for (const solution of new Set([...before.elements.values()].map((one) => one.solution))) {
        author.goTo(
          { revision: 'r' as Revision, parent: null, mistake: null, model: before, revertOf: null },
          null,
        );
        author.clear(new Set([solution]));
        expect([...author.model.elements.values()].filter((one) => one.solution === solution)).toEqual([]);
        expect(mistakesOf(author.model)).toEqual([]);
        if (author.model.elements.size > 0) cleared++;
      }
    }
    expect(cleared).toBeGreaterThan(10);
  });
});
