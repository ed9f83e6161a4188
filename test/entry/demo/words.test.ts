import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { planExcerpt } from '../../../src/entry/demo/chapters/upgrade.js';
import { withVersions } from '../../../src/entry/demo/repository.js';
import { isSettled, pidOf, runningText, type Status } from '../../../src/entry/demo/status.js';
import { Steps } from '../../../src/entry/demo/steps.js';
import { tallyText } from '../../../src/entry/demo/tally.js';

const solution = readFileSync(new URL('../../../sample-repo/solutions/shop.yaml', import.meta.url), 'utf8');

describe('raising versions in the sample', () => {
  it('changes the lines of those elements and no other, since the diff is shown', () => {
    const raised = withVersions(solution, { api: '1.1.0', web: '1.1.0' });
    const changed = raised.split('\n').filter((line, i) => line !== solution.split('\n')[i]);

    expect(changed).toEqual([
      '    version: 1.1.0 # raise this line, commit: a rollout',
      '    version: 1.1.0',
    ]);
    expect(withVersions(raised, { api: '1.0.0', web: '1.0.0' })).toBe(solution);
  });

  it('fails loudly when the sample no longer has that element', () => {
    expect(() => withVersions(solution, { cart: '1.0.0' })).toThrow('cart');
  });
});

describe('steps', () => {
  it('tells each instance once when it is healthy and once when it is gone', () => {
    const steps = new Steps();
    const told = [
      steps.since(statusOf([['0', 'inactive', 'unknown']])),
      steps.since(statusOf([['0', 'active', 'good']])),
      steps.since(statusOf([['0', 'active', 'bad']])),
      steps.since(statusOf([['0', 'active', 'good']])),
      steps.since(statusOf([])),
    ];

    expect(told.map((lines) => lines.length)).toEqual([0, 1, 0, 0, 1]);
    expect(told[1]).toEqual(['api 1.1.0 #0 healthy']);
  });

  it('tells what happened at once to instances of one version in one line', () => {
    const steps = new Steps();
    const well = steps.since(
      statusOf([
        ['0', 'active', 'good'],
        ['1', 'active', 'good'],
      ]),
    );

    expect([...well, ...steps.since(statusOf([]))]).toEqual([
      'api 1.1.0 #0 #1 healthy',
      'api 1.1.0 #0 #1 drained and stopped',
    ]);
  });

  it('says nothing of what never became healthy', () => {
    const steps = new Steps();
    steps.since(statusOf([['0', 'inactive', 'unknown']]));

    expect(steps.since(statusOf([]))).toEqual([]);
  });

  it('tells of a killed instance again when it is back', () => {
    const steps = new Steps();
    const well = statusOf([['0', 'active', 'good']]);
    steps.since(well);
    steps.forget('demo/shop/api/1.1.0~ab/0');

    expect(steps.since(well)).toHaveLength(1);
  });
});

describe('a commit is settled', () => {
  it.each<[string, Partial<Status>, boolean]>([
    ['when it is accepted, healthy and done', {}, true],
    ['not while another one is accepted', { revision: 'b' }, false],
    ['not while something is not well', { healthy: false }, false],
    ['not while its rollout goes on', { solutions: [{ ...shop([]), phase: 'draining' }] }, false],
  ])('%s', (_, differs, settled) => {
    expect(isSettled({ ...statusOf([]), ...differs }, 'a')).toBe(settled);
  });
});

describe('words', () => {
  it('numbers are grouped, so that one can read them while they run', () => {
    expect(tallyText({ requests: 1_018_402, failed: 0 })).toBe('requests 1,018,402 · failed 0');
    expect(tallyText({ requests: 402, failed: 1 })).toBe('requests 402 · failed 1');
  });

  it('the live line counts what is healthy, by version', () => {
    const status = statusOf([
      ['0', 'active', 'good'],
      ['1', 'active', 'bad'],
    ]);
    expect(runningText(status, ['api', 'web'])).toBe('api 1.1.0 ×1 · web –');
  });

  it('of a plan the changes and the picture are shown, not the digest or every value', () => {
    const plan = [
      'Plan for domain demo',
      '  work tree, 1 file not committed, from e8b52b3',
      '',
      'Solution shop',
      '',
      '  ~ api 1.0.0 → 1.1.0 (3 instances)  update',
      '      version 1.0.0 → 1.1.0',
      '      ~ uses api >=1.0 <2 → api >=1.1 <2',
      '      solutions/shop.yaml:15:3',
      '',
      'How it will go: 20 steps in about 4.8 s',
      '  shop/api 1.1.0 #0  cfs━━━',
      '',
      'Plan: 1 to update in 1 solution.',
      'Digest 1:c70a',
      '',
    ];
    expect(planExcerpt(plan.join('\n')).trimEnd().split('\n')).toEqual([
      '  ~ api 1.0.0 → 1.1.0 (3 instances)  update',
      '      ~ uses api >=1.0 <2 → api >=1.1 <2',
      'How it will go: 20 steps in about 4.8 s',
      '  shop/api 1.1.0 #0  cfs━━━',
    ]);
  });

  it('a process is known by its pid, a folder by its path', () => {
    const instance = { id: 'x/0', element: 'api', version: '1.0.0', healthy: true };
    expect(pidOf({ ...instance, resource: 'pid 4711' })).toBe(4711);
    expect(pidOf({ ...instance, resource: '/srv/orders' })).toBeNull();
  });
});

type Seen = readonly [ordinal: string, state: string, health: string];

function statusOf(instances: readonly Seen[]): Status {
  return { revision: 'a', healthy: true, solutions: [shop(instances)] };
}

function shop(seen: readonly Seen[]): Status['solutions'][number] {
  const instances = seen.map(([ordinal, state, health]) => ({
    id: `demo/shop/api/1.1.0~ab/${ordinal}`,
    state,
    health,
    resource: 'pid 4711',
  }));
  const clusters = [{ version: '1.1.0', instances }];
  const elements = [{ name: 'api', healthy: true, endpoint: null, clusters }];
  return { name: 'shop', revision: 'a', phase: 'succeeded', healthy: true, elements };
}
