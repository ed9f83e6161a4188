import { join } from 'node:path';
import { expect } from 'vitest';
import { testInWholeRun } from '../support/needs.js';
import { stage, type Finished, type Stage } from '../support/heliostat.js';
import { loseState } from '../support/lost-state.js';
import { names, outOfOrder, whatHappened, type HappenedStep } from '../support/scenario/happened.js';
import { journalLines, type JournalLine } from '../support/scenario/journal.js';
import { app, domainFile, smallModel, solution } from '../support/scenario/model.js';

const within = 90_000;

interface Planned {
  readonly edges: readonly { readonly first: string; readonly then: string; readonly reason: string }[];
  readonly rollout: {
    readonly steps: readonly HappenedStep[];
    readonly minHealthy: Readonly<Record<string, number>>;
    readonly peak: Readonly<Record<string, number>>;
    readonly basis: { readonly rollouts: number; readonly assumedSteps: number };
  };
}

testInWholeRun(
  'an upgrade of two coordinated elements goes as the plan has shown it: the same steps in the same order, no fewer healthy and no more at once; the next plan knows how long they took',
  async () => {
    const s = await stage(shop());
    const first = planned(await s.call('plan', '--json'));
    expect(first.rollout.basis).toEqual({ rollouts: 0, assumedSteps: first.rollout.steps.length });
    expect((await s.call('apply')).code).toBe(0);

    s.commit(both('2.0.0'), 'Raise both');
    const foreseen = planned(await s.call('plan', '--json'));
    expect(foreseen.edges).toMatchObject([
      {
        first: 'test/shop/web',
        then: 'test/shop/api',
        reason: 'api 2.0.0 does not serve web 1.0.0 (>=1.0.0 <2.0.0)',
      },
    ]);
    expect(foreseen.rollout.basis.rollouts).toBe(1);
    const before = journal(s).length;
    expect((await s.call('apply')).code).toBe(0);

    const happened = whatHappened(journal(s), before, ['test/shop/api', 'test/shop/web']);
    expect(names(happened.steps).sort()).toEqual(names(foreseen.rollout.steps).sort());
    expect(outOfOrder(foreseen.rollout.steps, happened.steps)).toEqual([]);
    expect(happened.minHealthy).toEqual(foreseen.rollout.minHealthy);
    expect(happened.peak).toEqual(foreseen.rollout.peak);

    s.commit(both('1.0.0'), 'Go back');
    const text = await s.call('plan');
    expect(text.stdout).toMatch(/steps in about .* \(from 2 earlier rollouts/);
    expect(text.stdout).toContain('api before web: api 2.0.0');
    loseState(s);
    const remembered = planned(await s.call('plan', '--json'));
    expect(remembered.rollout.basis.rollouts, 'the status branch remembers it as well').toBe(2);
    const drawn = await s.call('plan', '--format', 'mermaid');
    expect(drawn.stdout).toMatch(/^gantt\n/);
    expect(drawn.stdout).toContain('section shop/web 2.0.0\n');
  },
  within,
);

/** The old web takes api 1 alone, the new one both: web has to go first. */
function shop(): Record<string, string> {
  const uses = (range: string): { readonly dependencies: string } => ({
    dependencies: `{ api: { type: service, component: api, version: "${range}" } }`,
  });
  return {
    ...smallModel(),
    'heliostat.yaml': domainFile().replace(
      'minHealthyTime: 200ms, drainDelay: 300ms',
      'minHealthyTime: 1500ms, drainDelay: 1200ms',
    ),
    ...app('api', '1.0.0'),
    ...app('api', '2.0.0'),
    ...app('web', '1.0.0', uses('>=1.0.0 <2.0.0')),
    ...app('web', '2.0.0', uses('>=1.0.0 <3.0.0')),
    ...both('1.0.0'),
  };
}

function both(version: string): Record<string, string> {
  return solution('shop', {
    api: `{ component: api, version: ${version}, size: 1 }`,
    web: `{ component: web, version: ${version}, size: 1, relationships: { api: api }, expose: { port: auto } }`,
  });
}

function planned({ code, stdout, stderr }: Finished): Planned {
  expect(code, stderr).toBe(2);
  return JSON.parse(stdout) as Planned;
}

function journal(s: Stage): JournalLine[] {
  return journalLines(join(s.repository, '.heliostat/state/test/journal'));
}
