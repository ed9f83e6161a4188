import { describe, expect, it } from 'vitest';
import { utf8 } from '../../../src/core/base/bytes.js';
import type { LoadFrom, WorkFile } from '../../../src/engine/load/types.js';
import {
  component,
  domainFile,
  ledgerAfter,
  loadFiles,
  loadFrom,
  MemoryRepository,
  solution,
  type Files,
} from '../../support/model-repository.js';

function model(solutions: number, size = 1): Files {
  const files: Files = {
    'heliostat.yaml': domainFile,
    'catalog/api/1.0.0.yaml': component('api', '1.0.0'),
    'catalog/web/1.0.0.yaml': component(
      'web',
      '1.0.0',
      'dependencies: { api: { type: service, component: api, version: ^1 } }\n',
    ),
  };
  for (let i = 0; i < solutions; i++) {
    const elements = Array.from(
      { length: 10 },
      (_, e) => `  e${e}: { component: api, version: 1.0.0, size: ${i === 1 ? size : 1} }\n`,
    );
    files[`solutions/s${i}.yaml`] = solution(
      `s${i}`,
      `${elements.join('')}  web: { component: web, version: 1.0.0, relationships: { api: { element: e0, solution: s${(i + 1) % solutions} } } }\n`,
    );
    files[`other/f${i}/x.txt`] = String(i);
  }
  return files;
}

async function oneChange(solutions: number) {
  const repository = new MemoryRepository();
  const first = await loadFiles(model(solutions), {}, repository);
  const ledger = ledgerAfter(new Map(), first.validation.releases);
  const tree = repository.write(model(solutions, 2));
  repository.treesRead = 0;
  repository.blobsRead = 0;
  const next = await loadFrom(repository, { kind: 'tree', tree }, { base: first.model, ledger });
  if (next.kind !== 'loaded') throw new Error(next.kind);
  const { treesRead, blobsRead } = repository;
  return {
    touched: next.validation.touched,
    treesRead,
    blobsRead,
    changed: next.validation.changed,
    files: next.files,
  };
}

describe('the cost of a load', () => {
  it('follows the change, not the model: ten times the solutions cost one changed file the same', async () => {
    const small = await oneChange(10);
    expect(small).toMatchObject({
      treesRead: 2,
      blobsRead: 1,
      changed: ['s1'],
      files: { read: 1, changed: 1, model: 12 },
    });
    // Eleven elements, said and resolved; the file; two solutions: read, checked, put together.
    expect(small.touched).toBeLessThanOrEqual(2 * 11 + 1 + 2 * 3);
    expect(await oneChange(100)).toEqual({ ...small, files: { ...small.files, model: 102 } });
  });

  it('is nothing where nothing changed', async () => {
    const repository = new MemoryRepository();
    const first = await loadFiles(model(5), {}, repository);
    const ledger = ledgerAfter(new Map(), first.validation.releases);
    repository.treesRead = 0;
    const again = await loadFiles(model(5), { base: first.model, ledger }, repository);
    expect(again.validation).toMatchObject({ touched: 0, changed: [], releases: [], accepted: true });
    expect(repository.treesRead).toBe(0);
    expect(again.desired.solutions).toEqual(first.desired.solutions);
  });
});

describe('the work tree', () => {
  const bytes = (text: string): WorkFile => ({ kind: 'blob', bytes: utf8(text) });

  it('is read as a list of files, or as what differs from a tree, with the same result', async () => {
    const repository = new MemoryRepository();
    const files = model(3);
    const list = new Map(Object.entries(files).map(([path, text]) => [path, bytes(String(text))]));
    const listed = await loadFrom(repository, { kind: 'files', tree: null, files: list });
    const changes = new Map<string, WorkFile>([
      ['solutions/s1.yaml', bytes(String(files['solutions/s1.yaml']))],
      ['solutions/extra.yaml', { kind: 'absent' }],
    ]);
    const tree = repository.write({ ...model(3, 7), 'solutions/extra.yaml': 'x' });
    const laid = await loadFrom(repository, { kind: 'files', tree, files: changes });
    if (listed.kind !== 'loaded' || laid.kind !== 'loaded') throw new Error('not loaded');
    expect(laid.validation.diagnostics).toEqual([]);
    expect(laid.desired.solutions).toEqual(listed.desired.solutions);
  });

  it('is compared with the last revision: only what differs is read', async () => {
    const repository = new MemoryRepository();
    const first = await loadFiles(model(3), {}, repository);
    const tree = repository.write(model(3));
    const from: LoadFrom = {
      kind: 'files',
      tree,
      files: new Map([['solutions/s1.yaml', bytes(String(model(3, 4)['solutions/s1.yaml']))]]),
    };
    const work = await loadFrom(repository, from, { base: first.model });
    expect(work).toMatchObject({
      kind: 'loaded',
      files: { read: 1, changed: 1 },
      validation: { changed: ['s1'] },
    });
  });
});

describe('domains', () => {
  const two: Files = {
    'envs/prod/heliostat.yaml': domainFile,
    'envs/prod/solutions/shop.yaml': solution('shop', '  a: { component: api, version: 1.0.0 }\n'),
    'envs/prod/catalog/api/1.0.0.yaml': component('api', '1.0.0'),
    'envs/test/heliostat.yaml': domainFile.replace('prod', 'test'),
    'envs/test/solutions/broken.yaml': 'nonsense',
  };
  const from = (repository: MemoryRepository, files: Files): LoadFrom => ({
    kind: 'tree',
    tree: repository.write(files),
  });

  it('are told apart by name or folder, and each reads its own files only', async () => {
    const repository = new MemoryRepository();
    const byName = await loadFrom(repository, from(repository, two), {
      domain: { kind: 'name', name: 'prod' },
    });
    expect(byName).toMatchObject({
      kind: 'loaded',
      folder: 'envs/prod',
      validation: { accepted: true, diagnostics: [] },
    });
    const byFolder = await loadFrom(repository, from(repository, two), {
      domain: { kind: 'folder', folder: 'envs/test' },
    });
    expect(byFolder).toMatchObject({ kind: 'loaded', validation: { accepted: false } });
  });

  it('are offered where it is not clear which one is meant', async () => {
    const repository = new MemoryRepository();
    expect(await loadFrom(repository, from(repository, two))).toEqual({
      kind: 'noDomain',
      candidates: [
        { name: 'prod', folder: 'envs/prod' },
        { name: 'test', folder: 'envs/test' },
      ],
    });
  });

  it('never lie inside each other, and never share a name', async () => {
    const repository = new MemoryRepository();
    const nested = { ...two, 'heliostat.yaml': domainFile.replace('prod', 'all') };
    const inside = await loadFrom(repository, from(repository, nested), {
      domain: { kind: 'name', name: 'prod' },
    });
    expect(inside).toMatchObject({
      kind: 'rejected',
      validation: { diagnostics: [{ code: 'domain.nested' }] },
    });
    const twice = { ...two, 'envs/test/heliostat.yaml': domainFile };
    const twin = await loadFrom(repository, from(repository, twice), {
      domain: { kind: 'folder', folder: 'envs/prod' },
    });
    expect(twin).toMatchObject({
      kind: 'rejected',
      validation: { diagnostics: [{ code: 'domain.duplicate', line: 3 }] },
    });
  });
});

describe('what a repository may hold', () => {
  const refusedEntries = ['..', '.git', '.GIT'];

  it.each(refusedEntries)('refuses the tree entry %s, which no checkout could survive', async (name) => {
    const repository = new MemoryRepository();
    const tree = repository.write({ ...model(1), [`catalog/${name}`]: 'x' });
    const loaded = await loadFrom(repository, { kind: 'tree', tree });
    expect(loaded).toMatchObject({
      kind: 'rejected',
      validation: { accepted: false, diagnostics: [{ code: 'git.entry', file: `catalog/${name}` }] },
    });
  });

  it('refuses a model file that is too large, and goes on with the others', async () => {
    const files = { ...model(1), 'solutions/big.yaml': `# ${'x'.repeat(5000)}` };
    const { validation } = await loadFiles(files, { limits: { fileBytes: 4096 } });
    expect(validation.diagnostics).toMatchObject([{ code: 'file.tooLarge', file: 'solutions/big.yaml' }]);
  });

  it('says that the world is at fault where an object is missing, so that nobody is blamed', async () => {
    const repository = new MemoryRepository();
    const tree = repository.write({
      ...model(1),
      'solutions/lost.yaml': { kind: 'blob', oid: 'f'.repeat(40) },
    });
    expect(await loadFrom(repository, { kind: 'tree', tree })).toMatchObject({ kind: 'unavailable' });
    expect(await loadFrom(repository, { kind: 'tree', tree: 'e'.repeat(40) })).toMatchObject({
      kind: 'unavailable',
    });
  });
});
