import { spawnSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { testInWholeRun } from '../support/needs.js';
import type { Bench } from '../../src/entry/bench/bench.js';
import { Daemon } from '../../src/entry/bench/daemon.js';
import type { ModelShape } from '../../src/entry/bench/model.js';
import { changedFile, modelFiles } from '../../src/entry/bench/model.js';
import { cleanEnvironment, makeRepository } from '../../src/entry/bench/sandbox.js';
import { bundlePrograms } from '../support/bundle.js';

const shape: ModelShape = { elements: 10_000, layout: 'layered' };
const changed = 4_321;
/** Of an element in the middle: at most 3 that it uses, and as many that use it on average. */
const neighbours = 6;

testInWholeRun(
  'ten thousand elements are planned and applied; a change of one costs what it touches, and a second start parses nothing',
  async () => {
    const programs = await bundlePrograms();
    const folder = realpathSync(mkdtempSync(join(tmpdir(), 'heliostat-scale-')));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const repository = join(folder, 'model');
    const files = modelFiles(shape);
    const { path, text } = changedFile(shape, files, changed, '1.1.0');
    const [, raised = ''] = await makeRepository(repository, [files, new Map([[path, text]])]);
    const call = (...args: string[]) =>
      spawnSync(process.execPath, [join(programs, 'heliostat.js'), ...args, '--json'], {
        cwd: repository,
        env: cleanEnvironment,
        encoding: 'utf8',
        maxBuffer: 1 << 28,
      });

    const planned = call('plan', '--no-preview');
    expect(planned.status, planned.stderr).toBe(2);
    expect(JSON.parse(planned.stdout)).toMatchObject({ summary: { create: 10_000 }, diagnostics: [] });

    const bench: Bench = {
      folder,
      quick: true,
      terraform: null,
      terraformApply: false,
      program: (name) => join(programs, name),
      say: () => undefined,
    };
    const daemon = await Daemon.start(bench, repository);
    onTestFinished(async () => void (await daemon.end()));
    const applied = call('apply', '--yes');
    expect(applied.status, applied.stderr).toBe(0);

    const before = await daemon.counters();
    await daemon.commit(raised);
    const after = await daemon.counters();
    expect(after['elements']).toBe(10_000);
    expect(after['filesRead'], 'only the file that changed is read').toBe(1);
    expect(since('documentsParsed'), 'and parsed').toBe(1);
    expect(after['recordsTouched'], 'the model looks at the element and its solution').toBeLessThanOrEqual(
      20,
    );
    // A rollout of one instance has some 20 entries; each lets the element and its neighbours be decided, at most.
    expect(since('elementsMarked')).toBeLessThanOrEqual(30 * (1 + neighbours));
    await daemon.end();

    const second = await Daemon.start(bench, repository);
    onTestFinished(async () => void (await second.end()));
    expect(await second.counters()).toMatchObject({ documentsParsed: 0, elements: 10_000 });
    await second.end();

    function since(counter: string): number {
      return (after[counter] ?? Number.NaN) - (before[counter] ?? Number.NaN);
    }
  },
  300_000,
);
