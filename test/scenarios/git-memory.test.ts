import { expect } from 'vitest';
import { testInWholeRun } from '../support/needs.js';
import { expectDocument } from '../entry/cli/support/schema.js';
import { gitIn, stage, type Stage } from '../support/heliostat.js';
import { app, smallModel, web } from '../support/scenario/model.js';

const within = 90_000;

interface Told {
  readonly revision: string;
  readonly author: string;
  readonly subject: string;
  readonly verdict: string;
  readonly reverts: string | null;
  readonly revertMadeBy: string | null;
  readonly revert: { readonly outcome: string; readonly commit: string | null } | null;
  readonly quarantined: readonly { readonly version: string; readonly inForce: boolean }[];
}

interface Blame {
  readonly elements: readonly {
    readonly element: string;
    readonly aspects: readonly {
      readonly aspect: string;
      readonly value: string | null;
      readonly by: Told | null;
      readonly undone: readonly Told[];
    }[];
  }[];
}

/** What a verb says to programs, held against its schema. */
async function ask<T>(s: Stage, name: string, ...args: string[]): Promise<T> {
  const { stdout, stderr } = await s.call(name, '--json', ...args);
  expect(stdout, stderr).not.toBe('');
  return expectDocument(name, stdout) as T;
}

async function aspect(s: Stage, name: string): Promise<Blame['elements'][number]['aspects'][number]> {
  const { elements } = await ask<Blame>(s, 'blame', 'web');
  expect(elements.map(({ element }) => element)).toEqual(['test/shop/web']);
  const found = elements[0]?.aspects.find((each) => each.aspect === name);
  if (found === undefined) throw new Error(`nothing is told of ${name}`);
  return found;
}

testInWholeRun(
  'what runs is traced to its commits, through a rollback of ours and a revert of a person',
  async () => {
    const files = smallModel({ healthyDeadline: '3s' });
    const s = await stage({
      ...files,
      'heliostat.yaml': files['heliostat.yaml']?.replace('onFailure: pause', 'onFailure: revert') ?? '',
      ...app('web', '1.2.0', { health: 'bad' }),
      ...web('1.0.0', 1),
    });
    const first = s.tip();
    expect((await s.call('apply')).code).toBe(0);
    expect(await ask(s, 'bisect', 'shop')).toMatchObject({ unhealthy: 'never', first: null });
    const raised = s.commit(web('1.1.0', 1), 'Raise web');
    expect((await s.call('apply')).code).toBe(0);
    expect(await aspect(s, 'version')).toMatchObject({
      value: '1.1.0',
      by: {
        revision: raised,
        author: 'Ada Example',
        subject: 'Raise web',
        verdict: 'applied',
        reverts: null,
      },
      undone: [],
    });
    expect(await aspect(s, 'size')).toMatchObject({ value: '1', by: { revision: first } });

    const bad = s.commit(web('1.2.0', 1), 'Raise web once more');
    await s.call('apply');
    const revert = s.tip();
    expect(revert, 'Heliostat has said it in Git').not.toBe(bad);
    expect((await s.call('apply')).code).toBe(0);
    const version = await aspect(s, 'version');
    expect(version).toMatchObject({ value: '1.1.0', by: { revision: raised } });
    expect(version.undone).toMatchObject([
      {
        revision: bad,
        subject: 'Raise web once more',
        verdict: 'reverted',
        revert: { outcome: 'made', commit: revert },
        quarantined: [{ version: '1.2.0', inForce: false }],
      },
    ]);
    const text = (await s.call('blame', 'web')).stdout;
    expect(text).toContain(`stays at 1.1.0: 1.2.0 failed in ${bad.slice(0, 7)}`);
    expect(text).toContain(`see ${revert.slice(0, 7)}`);

    const bisected = await ask(s, 'bisect', 'shop');
    expect(bisected).toMatchObject({
      unhealthy: 'before',
      first: {
        revision: bad,
        author: 'Ada Example',
        subject: 'Raise web once more',
        when: 'rollout',
        changes: [{ element: 'web', before: '1.1.0', after: '1.2.0' }],
        revert: { outcome: 'made', commit: revert },
      },
    });
    expect((await s.call('bisect', 'shop')).stdout).toContain(
      `First commit after which it was: ${bad.slice(0, 7)}`,
    );

    gitIn(s, 'revert', '--no-edit', raised);
    expect((await s.call('apply')).code).toBe(0);
    expect((await aspect(s, 'version')).by).toMatchObject({
      revision: s.tip(),
      reverts: raised,
      revertMadeBy: 'person',
    });
    const { rollouts } = await ask<{ readonly rollouts: readonly Told[] }>(s, 'history');
    expect(rollouts.map(({ revision }) => revision)).toEqual([s.tip(), revert, bad, raised, first]);
    expect(rollouts.map(({ reverts }) => reverts)).toEqual([raised, bad, null, null, null]);
    expect(rollouts.map(({ revertMadeBy }) => revertMadeBy)).toEqual([
      'person',
      'heliostat',
      null,
      null,
      null,
    ]);
    expect((await s.call('history')).stdout).toContain(`revert of ${bad.slice(0, 7)}, by Heliostat`);
  },
  within,
);
