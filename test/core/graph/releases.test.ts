import { describe, expect, it } from 'vitest';
import type { Ledger } from '../../../src/core/graph/types.js';
import {
  component,
  domainFile,
  ledgerAfter,
  loadFiles,
  MemoryRepository,
  solution,
  type Files,
  type LoadedModel,
} from '../../support/model-repository.js';

const files: Files = {
  'heliostat.yaml': domainFile,
  'services/api/main.mjs': 'one',
  'catalog/api/1.4.0.yaml': component(
    'api',
    '1.4.0',
    'artifacts: [services/api/**]\nconfiguration: { a: 1 }\n',
  ),
  'solutions/shop.yaml': solution('shop', '  api: { component: api, version: 1.4.0 }\n'),
};

function codesOf(loaded: LoadedModel): string[] {
  return loaded.validation.diagnostics.map(({ code }) => code);
}

async function accepted(start: Files): Promise<{ loaded: LoadedModel; ledger: Ledger }> {
  const loaded = await loadFiles(start);
  expect(codesOf(loaded)).toEqual([]);
  return { loaded, ledger: ledgerAfter(new Map(), loaded.validation.releases) };
}

function definitionOf(loaded: LoadedModel) {
  return loaded.desired.solutions.get('shop' as never)?.elements.get('api' as never)?.clusters[0]?.definition;
}

describe('a release', () => {
  it('is for ever: a change of its meaning is refused, with the command that makes a new one', async () => {
    const { ledger } = await accepted(files);
    const changed = component('api', '1.4.0', 'artifacts: [services/api/**]\nconfiguration: { a: 2 }\n');
    const { validation } = await loadFiles({ ...files, 'catalog/api/1.4.0.yaml': changed }, { ledger });
    expect(validation.accepted).toBe(false);
    expect(validation.diagnostics).toMatchObject([
      {
        code: 'catalog.immutable',
        fix: expect.stringContaining('1.4.1.yaml') as string,
      },
    ]);
    expect(validation.releases).toEqual([]);
  });

  it('may be written otherwise: comments and order mean nothing', async () => {
    const { ledger } = await accepted(files);
    const same = `# why\n${component('api', '1.4.0', 'configuration: { a: 1 }\nartifacts: [services/api/**]\n')}`;
    const { validation } = await loadFiles({ ...files, 'catalog/api/1.4.0.yaml': same }, { ledger });
    expect(validation.diagnostics).toEqual([]);
  });

  it('may be deleted unused, and comes back only as it was', async () => {
    const { ledger } = await accepted(files);
    const without: Files = { 'heliostat.yaml': domainFile };
    expect(codesOf(await loadFiles(without, { ledger }))).toEqual([]);
    const other = { ...without, 'catalog/api/1.4.0.yaml': component('api', '1.4.0') };
    expect(codesOf(await loadFiles(other, { ledger }))).toEqual(['catalog.immutable']);
  });

  it('cannot be deleted while something runs of it', async () => {
    const { ledger } = await accepted(files);
    const { ['catalog/api/1.4.0.yaml']: _, ...without } = files;
    expect(codesOf(await loadFiles(without, { ledger }))).toEqual(['component.unknown']);
  });

  it('may change while it is a pre-release, and is taken up anew', async () => {
    const pre: Files = {
      'heliostat.yaml': domainFile,
      'catalog/api/1.5.0-dev.1.yaml': component('api', '1.5.0-dev.1', 'configuration: { a: 1 }\n'),
    };
    const { ledger } = await accepted(pre);
    const changed = {
      ...pre,
      'catalog/api/1.5.0-dev.1.yaml': component('api', '1.5.0-dev.1', 'configuration: { a: 2 }\n'),
    };
    const { validation } = await loadFiles(changed, { ledger });
    expect(validation.diagnostics).toEqual([]);
    expect(validation.releases).toHaveLength(1);
    expect(validation.releases[0]?.digest).not.toBe(ledger.get('api@1.5.0-dev.1')?.digest);
  });
});

describe('artifacts', () => {
  it('are pinned when the release is first accepted: what runs does not follow the files', async () => {
    const { loaded, ledger } = await accepted(files);
    const later = await loadFiles({ ...files, 'services/api/main.mjs': 'two' }, { ledger });
    expect(definitionOf(later)).toEqual(definitionOf(loaded));
    expect(later.validation.diagnostics).toMatchObject([
      {
        code: 'artifacts.unreleased',
        severity: 'warning',
        fix: expect.stringContaining('1.4.1.yaml') as string,
      },
    ]);
    expect(later.validation.accepted).toBe(true);
  });

  it('are noticed as changed by the change alone, too', async () => {
    const repository = new MemoryRepository();
    const first = await loadFiles(files, {}, repository);
    const ledger = ledgerAfter(new Map(), first.validation.releases);
    const changed = { ...files, 'services/api/new.mjs': 'x' };
    const later = await loadFiles(changed, { base: first.model, ledger }, repository);
    expect(codesOf(later)).toEqual(['artifacts.unreleased']);
    expect(later.validation.changed).toEqual([]);
    expect(later.validation.touched).toBeLessThan(5);
  });

  it('are taken up by the next release', async () => {
    const { ledger } = await accepted(files);
    const next = component('api', '1.5.0', 'artifacts: [services/api/**]\nconfiguration: { a: 1 }\n');
    const loaded = await loadFiles(
      { ...files, 'services/api/main.mjs': 'two', 'catalog/api/1.5.0.yaml': next },
      { ledger },
    );
    expect(codesOf(loaded)).toEqual([]);
    expect(loaded.validation.releases).toMatchObject([{ version: '1.5.0' }]);
  });
});
