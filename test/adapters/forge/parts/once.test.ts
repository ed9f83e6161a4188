import { describe, expect, it } from 'vitest';
import { Refusal, Silence, answered, orNull } from '../../../../src/adapters/forge/parts/answers.js';
import { makeOnce } from '../../../../src/adapters/forge/parts/once.js';
import { Patience, paceOf } from '../../../../src/adapters/forge/parts/patience.js';
import { Turns } from '../../../../src/adapters/forge/parts/turns.js';
import { safe } from '../../../../src/core/base/safe-text.js';

const lost = new Silence(safe('lost'), null, true);
const limited = new Silence(safe('limited'), 5_000, false);
const refused = new Refusal('forge.forbidden', safe('no'), safe('ask'), 403);

/** What `makeOnce` did, given what each attempt and each look come to. */
async function story(makes: readonly unknown[], finds: readonly (string | null)[]): Promise<string[]> {
  const told: string[] = [];
  const attempts = [...makes];
  const looks = [...finds];
  const patience = new Patience(paceOf({ secondMs: 1 }));
  const make = (): Promise<string> => {
    told.push('make');
    const next = attempts.shift();
    return next instanceof Error ? Promise.reject(next) : Promise.resolve(String(next));
  };
  const find = (): Promise<string | null> => {
    told.push('look');
    return Promise.resolve(looks.shift() ?? null);
  };
  await makeOnce(make, find, patience).then(
    (value) => told.push(value),
    (error: unknown) => told.push(error instanceof Error ? error.message : 'what?'),
  );
  patience.end();
  return told;
}

describe('what must not be there twice', () => {
  it.each([
    ['is made', ['made'], [], ['make', 'made']],
    ['is looked for before it is made again', [lost], ['found'], ['make', 'look', 'found']],
    ['is made again where it is not there', [lost, 'made'], [null], ['make', 'look', 'make', 'made']],
    [
      'is not tried for ever',
      [lost, lost, lost],
      [null, null],
      ['make', 'look', 'make', 'look', 'make', 'lost'],
    ],
    ['is not made again where the forge says no', [refused], [], ['make', 'no']],
    ['is not made again where it surely was not made: others know when', [limited], [], ['make', 'limited']],
  ])('%s', async (_what, makes, finds, expected) => {
    expect(await story(makes, finds)).toEqual(expected);
  });
});

describe('answers', () => {
  it('are values: what was refused, and what may be asked again', async () => {
    expect(await answered(() => Promise.resolve(1))).toEqual({ kind: 'ok', value: 1 });
    expect(await answered(() => Promise.reject(refused))).toEqual({
      kind: 'refused',
      code: 'forge.forbidden',
      message: 'no',
      fix: 'ask',
    });
    expect(await answered(() => Promise.reject(limited))).toEqual({
      kind: 'unavailable',
      message: 'limited',
      afterMs: 5_000,
    });
  });

  it('do not hide our own mistakes', async () => {
    await expect(answered(() => Promise.reject(new TypeError('a bug')))).rejects.toThrow('a bug');
  });

  it('are null only for what is not there', async () => {
    const missing = new Refusal('forge.notFound', safe('gone'), safe(''), 404);
    expect(await orNull(Promise.reject(missing))).toBeNull();
    await expect(orNull(Promise.reject(refused))).rejects.toBe(refused);
  });
});

describe('turns', () => {
  it('keep the order of one key, and go on after a failure', async () => {
    const turns = new Turns();
    const told: string[] = [];
    const work =
      (name: string, fails = false) =>
      async (): Promise<void> => {
        told.push(`${name} begins`);
        await new Promise((resolve) => setImmediate(resolve));
        told.push(`${name} ends`);
        if (fails) throw new Error(name);
      };
    const first = turns.take('x', work('first', true));
    const second = turns.take('x', work('second'));
    const other = turns.take('y', work('other'));
    await expect(first).rejects.toThrow('first');
    await Promise.all([second, other]);
    expect(told.filter((line) => !line.startsWith('other'))).toEqual([
      'first begins',
      'first ends',
      'second begins',
      'second ends',
    ]);
    expect(told.indexOf('other begins')).toBeLessThan(told.indexOf('first ends'));
  });
});
