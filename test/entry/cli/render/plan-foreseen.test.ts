import { describe, expect, it } from 'vitest';
import type { ElementKey } from '../../../../src/core/base/names.js';
import type { Preview, PreviewRow } from '../../../../src/core/plan/types.js';
import { edgeText } from '../../../../src/core/status/words/preview.js';
import type { PlanView } from '../../../../src/entry/cli/operations.js';
import { paintOf } from '../../../../src/entry/cli/render/paint.js';
import { planJson } from '../../../../src/entry/cli/render/plan-json.js';
import { planMermaid } from '../../../../src/entry/cli/render/plan-mermaid.js';
import { renderPlan } from '../../../../src/entry/cli/render/plan.js';
import { deployed, modelOf } from '../../../support/deployed.js';
import type { ElementSpec } from '../../../support/desired.js';
import { commitA, commitB, planView } from '../support/fixtures.js';
import { expectDocument } from '../support/schema.js';

const before: readonly ElementSpec[] = [
  { name: 'api', size: 2 },
  { name: 'web', size: 2, needs: [{ element: 'api', range: '>=1 <2' }] },
];
const api2: ElementSpec = { name: 'api', version: '2.0.0', size: 2 };

function foreseen(after: readonly ElementSpec[]): PlanView & { readonly preview: Preview } {
  const world = deployed(before);
  const plan = world.plan(modelOf(after));
  if (plan === null) throw new Error('the plan refuses it');
  const { preview } = world.preview(modelOf(after));
  return { ...planView([]), plan: { ...plan, revision: commitB, from: commitA }, preview };
}

/** The new api serves the old web no more: web has to take up a version that both serve. */
const consumerFirst = foreseen([
  api2,
  { name: 'web', version: '2.0.0', size: 2, needs: [{ element: 'api', range: '>=1 <3' }] },
]);

describe('a rollout of two coordinated elements', () => {
  it('is drawn for people with its order and the reason of it', async () => {
    const text = renderPlan(consumerFirst, paintOf(false));
    await expect(text).toMatchFileSnapshot('golden/coordinated.txt');
    expect(text).toContain('web before api: api 2.0.0 does not serve web 1.0.0 (>=1 <2)');
  });

  it('is drawn as a Mermaid diagram', async () => {
    await expect(planMermaid(consumerFirst)).toMatchFileSnapshot('golden/coordinated.mmd');
  });

  it('is drawn with the steps of its canaries, and where a person has to let one go on', () => {
    const element = 'shop/api' as ElementKey;
    const step = { element, of: 2, pauseMs: 0, gates: [] };
    const stages = [
      { ...step, number: 1, atMs: 120, share: { kind: 'count', value: 1 }, awaitsPerson: false },
      { ...step, number: 2, atMs: 60_120, share: { kind: 'percent', value: 50 }, awaitsPerson: true },
    ] as const;
    const drawn = planMermaid({ ...consumerFirst, preview: { ...consumerFirst.preview, stages } });
    expect(drawn.split('\n').filter((line) => line.includes('milestone'))).toEqual([
      '  shop/api, step 1 of 2 (1 instance) :milestone, 120, 0ms',
      '  shop/api, step 2 of 2 (50 #37; of the instances), waits for a person :milestone, 60120, 0ms',
    ]);
  });

  it('tells programs the same', () => {
    const data = expectDocument('plan', planJson(consumerFirst));
    expect(data).toMatchObject({
      edges: [{ first: 'test/shop/web', then: 'test/shop/api', sideBySide: false }],
      rollout: { basis: { rollouts: 0, assumedSteps: consumerFirst.preview.steps.length } },
    });
    const { rows } = data['rollout'] as { rows: readonly { element: string; version: string }[] };
    expect(rows.map(({ element, version }) => `${element} ${version}`)).toEqual([
      'test/shop/api 1.0.0',
      'test/shop/api 2.0.0',
      'test/shop/web 1.0.0',
      'test/shop/web 2.0.0',
    ]);
  });

  it('names the provider first where its old version does not serve the new consumer', () => {
    const { plan } = foreseenFrom(
      [{ name: 'api' }, { name: 'web', needs: [{ element: 'api', range: '>=1 <3' }] }],
      [
        { name: 'api', version: '2.0.0' },
        { name: 'web', version: '2.0.0', needs: [{ element: 'api', range: '>=2 <3' }] },
      ],
    );
    expect(plan.edges).toEqual([
      {
        first: 'shop/api',
        then: 'shop/web',
        sideBySide: false,
        reason: 'api 1.0.0 does not serve web 2.0.0 (>=2 <3)',
      },
    ]);
  });

  it('names both reasons where neither can go first', () => {
    const { plan } = foreseenFrom(
      [{ name: 'api' }, { name: 'web', needs: [{ element: 'api', range: '>=1 <2' }] }],
      [
        { name: 'api', version: '2.0.0' },
        { name: 'web', version: '2.0.0', needs: [{ element: 'api', range: '>=2 <3' }] },
      ],
    );
    expect(plan.edges.map(edgeText)).toEqual([
      'api and web side by side: api 2.0.0 does not serve web 1.0.0 (>=1 <2), and api 1.0.0 does not serve web 2.0.0 (>=2 <3)',
    ]);
  });

  it('puts nothing in order where each serves the other before and after', () => {
    const { plan } = foreseenFrom(
      [{ name: 'api' }, { name: 'web', needs: [{ element: 'api' }] }],
      [
        { name: 'api', version: '2.0.0' },
        { name: 'web', version: '2.0.0', needs: [{ element: 'api' }] },
      ],
    );
    expect(plan.edges).toEqual([]);
  });
});

function foreseenFrom(from: readonly ElementSpec[], to: readonly ElementSpec[]): Pick<PlanView, 'plan'> {
  const plan = deployed(from).plan(modelOf(to));
  if (plan === null) throw new Error('the plan refuses it');
  return { plan };
}

describe('a Mermaid diagram', () => {
  const evil = 'a:b;c#d%%{init}\n  section x <script> "y" done';

  it('takes nothing of a model for its own language', () => {
    const rows: PreviewRow[] = consumerFirst.preview.rows.map((row) => ({
      ...row,
      element: `shop/${evil}` as ElementKey,
    }));
    const drawn = planMermaid({ ...consumerFirst, preview: { ...consumerFirst.preview, rows } });
    const usual = planMermaid(consumerFirst);
    expect(drawn.split('\n')).toHaveLength(usual.split('\n').length);
    for (const line of drawn.split('\n').filter((one) => one.includes('section'))) {
      expect(line.replaceAll(/#[0-9]+;/g, '')).toMatch(/^ {2}section [A-Za-z0-9 ()+.,/~^-]*$/);
    }
  });

  it('has a bar where there is nothing to do, since the renderer fails on none', () => {
    expect(planMermaid(planView([]))).toContain(':milestone, 0, 0ms');
  });

  it('stays below what GitHub draws, whatever the size of the rollout', () => {
    const rows = Array.from({ length: 900 }, (_, i) =>
      consumerFirst.preview.rows.map((row) => ({ ...row, element: `s${i}/api` as ElementKey })),
    ).flat();
    const drawn = planMermaid({ ...consumerFirst, preview: { ...consumerFirst.preview, rows } });
    expect(drawn.length).toBeLessThan(50_000);
    expect(drawn).toMatch(/section and \d+ more/);
  });
});
