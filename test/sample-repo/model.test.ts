import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fileManifest } from '../../src/adapters/providers/file/manifest.js';
import { defaultPortRange, processManifest } from '../../src/adapters/providers/process/manifest.js';
import type { Version } from '../../src/core/base/version.js';
import { readText } from '../../src/core/model/text.js';
import { load } from '../../src/engine/load/load.js';
import type { Loaded, LoadPorts, WorkFile } from '../../src/engine/load/types.js';
import { withVersions } from '../../src/entry/demo/repository.js';
import { cancelSource } from '../../src/ports/clock.js';
import { sampleRepo } from './service.js';

const never = (): Promise<never> => Promise.reject(new Error('all files are at hand'));
const ports: LoadPorts = {
  source: { commit: never, tree: never, blobs: never, sizes: never },
  reader: {
    read: (texts) => Promise.resolve(texts.map(({ bytes }) => readText(bytes))),
    close: () => Promise.resolve(),
  },
};
const manifests = [fileManifest, processManifest(defaultPortRange)];

/** Loads the sample as a work tree, with its solution edited first. */
function loadSample(edit: (solution: string) => string = (text) => text): Promise<Loaded> {
  const files = new Map<string, WorkFile>();
  for (const entry of readdirSync(sampleRepo, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name);
    const path = file.slice(sampleRepo.length + 1);
    const bytes = readFileSync(file);
    const edited = path === 'solutions/shop.yaml' ? Buffer.from(edit(bytes.toString('utf8'))) : bytes;
    files.set(path, { kind: 'blob', bytes: edited });
  }
  return load(ports, {
    from: { kind: 'files', tree: null, files },
    base: null,
    ledger: new Map(),
    manifests: new Map(manifests.map((manifest) => [manifest.name, manifest])),
    secretStatus: () => 'missing',
    previousTip: null,
    programVersion: '0.1.0' as Version,
    domain: { kind: 'only' },
    cancel: cancelSource().cancel,
  });
}

async function diagnosticsOf(edit?: (solution: string) => string): Promise<string[]> {
  const loaded = await loadSample(edit);
  if (loaded.kind !== 'loaded' && loaded.kind !== 'rejected') throw new Error(loaded.kind);
  return loaded.validation.diagnostics.map(
    ({ code, file, line, message }) => `${file}:${line} ${code} ${message}`,
  );
}

describe('the sample as a model', () => {
  it('is valid without a single warning, since it is what people copy from', async () => {
    expect(await diagnosticsOf()).toEqual([]);
  });

  it('is valid after the upgrade of the demo', async () => {
    expect(await diagnosticsOf((text) => withVersions(text, { api: '1.1.0', web: '1.1.0' }))).toEqual([]);
  });

  it('asks for three api that need one store, and pins the programs that belong to each release', async () => {
    const loaded = await loadSample();
    if (loaded.kind !== 'loaded') throw new Error(loaded.kind);
    const elements = [...loaded.desired.solutions.values()].flatMap((solution) => [
      ...solution.elements.values(),
    ]);
    const shapes = elements.map(({ name, clusters }) => [
      name,
      clusters[0]?.size,
      clusters[0]?.definition.artifacts.map(({ path }) => path).filter((path) => !path.includes('common')),
    ]);

    expect(shapes).toEqual([
      ['api', 3, ['services/api/1.0.0/order.mjs', 'services/api/1.0.0/server.mjs']],
      ['orders', 1, []],
      ['store', 1, ['services/store/1.0.0/orders.mjs', 'services/store/1.0.0/server.mjs']],
      ['web', 2, ['services/web/1.0.0/page.html', 'services/web/1.0.0/server.mjs']],
    ]);
  });

  it('refuses the broken commit of the demo for both of its mistakes, each at its line', async () => {
    const found = await diagnosticsOf((text) =>
      withVersions(text, { api: '1.0.0', web: '1.1.0', store: '1.0.1' }),
    );

    expect(found).toEqual([
      expect.stringMatching(/^solutions\/shop\.yaml:\d+ .*1\.0\.1/),
      expect.stringMatching(/^solutions\/shop\.yaml:\d+ .*>=1\.1 <2/),
    ]);
  });
});
