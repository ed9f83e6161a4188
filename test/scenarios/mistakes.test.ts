import { expect, test } from 'vitest';
import { exposedPort, pidsById, stage, until, verdict } from '../support/heliostat.js';
import { ask } from '../support/scenario/load.js';
import { documentAt, solutionDocument } from '../support/scenario/memory.js';
import { filesOf, mistakes, placeOf, soundFiles } from '../support/scenario/mistakes.js';
import { smallModel, solution, web } from '../support/scenario/model.js';

const within = 60_000;

interface Validated {
  readonly valid: boolean;
  readonly diagnostics: readonly {
    readonly code: string;
    readonly severity: string;
    readonly file: string;
    readonly line: number;
    readonly column: number;
    readonly fix: string;
  }[];
}

test(
  'twenty different mistakes are told in one run, each at its place, and a commit of them touches nothing',
  async () => {
    const s = await stage({ ...smallModel(), ...soundFiles(), ...web('1.0.0', 2) });
    await s.run();
    const accepted = s.tip();
    await verdict(s, accepted, 'applied');
    const before = s.instances();
    const wrong = mistakes();
    expect(new Set(wrong.map(({ code }) => code)).size).toBe(20);

    const broken = s.commit(filesOf(wrong), 'Make twenty mistakes');
    const validated = await s.call('validate', 'HEAD', '--json');
    expect(validated.code, validated.stderr).toBe(3);
    const { valid, diagnostics } = JSON.parse(validated.stdout) as Validated;
    expect(valid).toBe(false);
    const errors = diagnostics.filter(({ severity }) => severity === 'error');
    const told = errors.map(({ code, file, line, column }) => `${code} ${file}:${line}:${column}`);
    expect(told.sort()).toEqual(wrong.map(placeOf).sort());
    expect(errors.filter(({ fix }) => fix === '')).toEqual([]);

    await verdict(s, broken, 'rejected');
    expect((await s.call('apply')).code).toBe(3);
    expect(s.instances()).toEqual(before);
    expect(documentAt(s.repository, 'test/memory.yaml')).toMatchObject({ tip: broken, accepted });
    const [killed] = before;
    process.kill(killed?.pid ?? 0, 'SIGKILL');
    // A process that was just killed is still counted for a moment: what is awaited is its successor.
    await until('what was accepted is repaired', () => {
      const now = s.instances();
      return now.length === 2 && !now.some(({ pid }) => pid === killed?.pid);
    });
    expect(Object.keys(pidsById(s.instances()))).toEqual(Object.keys(pidsById(before)));
  },
  within,
);

test(
  'a broken solution does not stop a later commit to another one: it keeps its last accepted model and is called stale',
  async () => {
    const other = (version: string): Record<string, string> =>
      solution('other', { side: `{ component: web, version: ${version} }` });
    const s = await stage({ ...smallModel(), ...web('1.0.0', 1), ...other('1.0.0') });
    await s.run();
    await verdict(s, s.tip(), 'applied');
    const side = s.instances().find(({ id }) => id.includes('/other/'));

    const broken = s.commit(other('9.9.9'), 'Break the other one');
    await verdict(s, broken, 'rejected');
    const unrelated = s.commit(web('1.1.0', 1), 'Raise the shop');
    await verdict(s, unrelated, 'applied');
    expect(await ask(`http://127.0.0.1:${exposedPort(s)}/`)).toBe('1.1.0');
    expect(s.instances()).toContainEqual(side);
    const condition = solutionDocument(s.repository, 'test', 'other')?.conditions[0];
    expect(condition).toMatchObject({ type: 'stale', reason: 'component.version' });
    expect(condition?.message).toMatch(/^stale since [0-9a-f]{7}: component\.version/);

    await verdict(s, s.commit(other('1.1.0'), 'Mend the other one'), 'applied');
    expect(solutionDocument(s.repository, 'test', 'other')?.conditions).toEqual([]);
  },
  within,
);
