import { describe, expect, it } from 'vitest';
import type { ClusterKey, ElementKey } from '../../../../src/core/base/names.js';
import type { Version } from '../../../../src/core/base/version.js';
import type { Preview, PreviewRow, StayingElement } from '../../../../src/core/plan/types.js';
import { paintOf } from '../../../../src/entry/cli/render/paint.js';
import { planJson } from '../../../../src/entry/cli/render/plan-json.js';
import { renderPlan, rollup } from '../../../../src/entry/cli/render/plan.js';
import {
  change,
  commitA,
  diagnostic,
  instance,
  plan,
  planView,
  shape,
  threeChanges,
} from '../support/fixtures.js';
import { expectDocument } from '../support/schema.js';

const paint = paintOf(false);
const preview: Preview = {
  stages: [],
  steps: [
    { atMs: 0, transition: 'create', instance: instance('shop/api', '1.5.0', 0) },
    { atMs: 1000, transition: 'start', instance: instance('shop/api', '1.5.0', 0) },
    { atMs: 9000, transition: 'stop', instance: instance('shop/api', '1.4.0', 0) },
    { atMs: 9500, transition: 'destroy', instance: instance('shop/api', '1.4.0', 0) },
  ],
  rows: [
    {
      element: 'shop/api' as ElementKey,
      cluster: '1.4.0~0a1b2c3d' as ClusterKey,
      spans: [
        { fromMs: 0, toMs: 8000, instances: { serving: 2 } },
        { fromMs: 8000, toMs: 9000, instances: { serving: 1, draining: 1 } },
        { fromMs: 9000, toMs: 9500, instances: { stopping: 1 } },
        { fromMs: 9500, toMs: 9600, instances: { destroying: 1 } },
      ],
    },
    {
      element: 'shop/api' as ElementKey,
      cluster: '1.5.0~0a1b2c3d' as ClusterKey,
      spans: [
        { fromMs: 0, toMs: 100, instances: { creating: 1 } },
        { fromMs: 100, toMs: 1000, instances: { waiting: 1 } },
        { fromMs: 1000, toMs: 1400, instances: { starting: 1 } },
        { fromMs: 1400, toMs: 3000, instances: { turningHealthy: 1 } },
        { fromMs: 3000, toMs: 10_000, instances: { serving: 1 } },
      ],
    },
  ],
  minHealthy: { ['shop/api' as ElementKey]: 1 },
  peak: { ['shop/api' as ElementKey]: 2 },
  durationMs: 10_000,
  basis: { rollouts: 0, assumedSteps: 4 },
};

describe('a plan for people', () => {
  const text = renderPlan(planView(threeChanges, { preview, folder: 'envs/prod' }), paint);

  it('says what it was made of, since a plan of the work tree is not one of a commit', () => {
    expect(text).toContain('Plan for domain prod (envs/prod)');
    expect(text).toContain('revision b1b2c3d, from a1b2c3d, compared with what runs at 2026-05-03 10:00:12Z');
    const worktree = { ...planView([]), plan: plan([], { revision: 'worktree' }), uncommitted: ['a', 'b'] };
    expect(renderPlan(worktree, paint)).toContain('work tree, 2 files not committed');
  });

  it('shows before and after once each, and in words that mean nothing else elsewhere', () => {
    expect(text).toContain('~ api 1.4.0 → 1.5.0 (2 → 3 instances)  update');
    expect(text).toContain('+ cache 2.0.0 (1 instance)  create');
    expect(text).toContain('~ logLevel: "warn" → "info"');
    expect(text).toContain('~ uses store >=1.2 <3 → store >=2 <3');
    expect(text).toContain('+ uses platform/mail ^1');
    expect(text).toContain('version 1.4.0 becomes 1.5.0');
    expect(text).toContain('solutions/shop.yaml:9:5');
  });

  it('leaves out what stays the same', () => {
    const same = shape('api', '1.4.0', 2, { 'shop/store': '^1' });
    const quiet = renderPlan(
      planView([change('shop/api', 'reconfigure', { before: same, after: same })]),
      paint,
    );
    expect(quiet).toContain('~ api 1.4.0 (2 instances)  reconfigure');
    expect(quiet).not.toContain('→');
    expect(quiet).not.toContain('uses');
  });

  it('names what is destroyed for good in its place and once more last, where it cannot drown', () => {
    expect(text).toContain('- old 0.9.0 (2 instances)  retire DESTROYS 2 instances FOR GOOD');
    const last = text.slice(text.indexOf('Destroyed for good, without a successor:'));
    expect(last).toContain('- front/old 0.9.0 (2 instances)');
    expect(last).toContain('Plan: 1 to create, 1 to update, 1 to retire in 2 solutions.');
    expect(last.split('\n').length).toBeLessThan(8);
  });

  it('draws when each version comes and goes, and how few are ever healthy', () => {
    expect(text).toContain('How it will go: 4 steps in about 10 s (assumed)');
    expect(text).toMatch(/shop\/api 1\.5\.0 {2}c·+s+~+━+\n/);
    expect(text).toMatch(/shop\/api 1\.4\.0 {2}━+v+x+d\n/);
    expect(text).toContain('never fewer than 1 healthy, at most 2 at once');
    expect(text).toContain('v draining  x stopping  s starting  c creating');
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
  });

  it('says which durations were measured before, and which are assumed', () => {
    const told = (rollouts: number, assumedSteps: number): string =>
      renderPlan(
        planView(threeChanges, { preview: { ...preview, basis: { rollouts, assumedSteps } } }),
        paint,
      );
    expect(told(3, 0)).toContain('4 steps in about 10 s (from 3 earlier rollouts)');
    expect(told(1, 2)).toContain('4 steps in about 10 s (from 1 earlier rollout, 2 steps assumed)');
  });

  it('says what quarantine keeps out, and why what needs it stays too', () => {
    const kept = (element: string, failed: StayingElement['failed'][number]): StayingElement => ({
      element: element as ElementKey,
      version: '1.1.0' as Version,
      at: ['1.0.0' as Version],
      failed: [failed],
      revision: commitA,
      reason: 'api 1.1.0 did not turn healthy within 5 min',
    });
    const api = { element: 'shop/api' as ElementKey, version: '1.1.0' as Version };
    const staying = [kept('shop/api', api), kept('shop/web', api)];
    const shown = renderPlan({ ...planView([]), plan: plan([], { staying }) }, paint);
    expect(shown).toContain('! shop/api stays at 1.0.0: 1.1.0 failed in a1b2c3d\n');
    expect(shown).toContain(
      '! shop/web stays at 1.0.0: 1.1.0 needs what stays out: shop/api 1.1.0 failed in a1b2c3d\n',
    );
    expect(shown).toContain('No changes: what the model asks for beyond what runs is kept out.');
    expect(shown).not.toContain('what runs is what the model asks for');
    const data = expectDocument('plan', planJson({ plan: plan([], { staying }), preview: null }));
    expect(data['staying']).toMatchObject([
      { element: 'prod/shop/api', version: '1.1.0', at: ['1.0.0'] },
      { element: 'prod/shop/web' },
    ]);
  });

  it('shows a step to a lower version loudly', () => {
    const down = change('shop/api', 'update', {
      before: shape('api', '1.10.0', 1),
      after: shape('api', '1.9.0', 1),
    });
    expect(renderPlan(planView([down]), paint)).toContain('DOWNGRADE');
    expect(text).not.toContain('DOWNGRADE');
  });

  it('says who releases a hold, and with which command', () => {
    const holds = [
      {
        id: 'h-1',
        code: 'ceiling',
        reason: '4 of 10 go',
        releasedBy: 'an operator',
        command: 'heliostat approve h-1',
      },
    ];
    const held = renderPlan({ ...planView([]), plan: plan(threeChanges, { holds }) }, paint);
    expect(held).toContain('! 4 of 10 go (ceiling)');
    expect(held).toContain('released by an operator: heliostat approve h-1');
  });

  it('shows a rejected revision by its mistakes alone', () => {
    const view = { ...planView([]), plan: plan([], { diagnostics: [diagnostic()] }) };
    const rejected = renderPlan(view, paint);
    expect(rejected).toContain('error model.unknownKey');
    expect(rejected).toContain('Rejected: 1 error. Nothing would be done.');
    expect(rejected).not.toContain('No changes');
  });

  it('says in one line that there is nothing to do', () => {
    expect(rollup(plan([]))).toBe('No changes: what runs is what the model asks for.');
  });

  it('compares texts of several lines line by line', () => {
    const before = 'a\nold\nz';
    const values = [{ path: 'file', before, after: 'a\nnew\nz' }];
    const same = shape('api', '1.4.0', 1);
    const view = renderPlan(
      planView([change('shop/api', 'replace', { before: same, after: same, values })]),
      paint,
    );
    expect(view).toContain('± api');
    expect(view).toMatch(/~ file:\n +- old\n +\+ new\n/);
  });

  it('draws a line a solution where elements would fill the screen, and sums up what is more still', () => {
    const [row] = preview.rows;
    const rows = (name: (i: number) => string): PreviewRow[] =>
      Array.from({ length: 41 }, (_, i) => ({ ...(row as PreviewRow), element: name(i) as ElementKey }));
    const drawn = (name: (i: number) => string): string =>
      renderPlan(planView(threeChanges, { preview: { ...preview, rows: rows(name) } }), paint);
    expect(drawn((i) => `shop/e${i}`)).toMatch(/\n {2}shop {2}━+v+x+d\n/);
    expect(drawn((i) => `shop/e${i}`)).not.toContain('shop/e7');
    expect(drawn((i) => `s${i}/api`)).toContain(
      'shop  1 create, 1 start, 1 stop, 1 destroy; from 0 s to 9.5 s',
    );
  });

  it('lets no text of a model steer the terminal', () => {
    const evil = change('shop/api', 'create', {
      after: shape('api', '1.4.0', 1),
      reason: '\u001b[2Jgone\u202e\r\nPlan: nothing',
      values: [{ path: 'a\u0007b', before: undefined, after: '\u009b31m' }],
    });
    const shown = renderPlan(planView([evil]), paint);
    expect(shown).toContain('\\u{1b}[2Jgone\\u{202e}\\r\\nPlan: nothing');
    expect([...shown].filter((character) => character !== '\n' && /[\p{Cc}\p{Cf}]/u.test(character))).toEqual(
      [],
    );
  });
});

describe('a plan for programs', () => {
  it('has the keys of its schema, with elements named in full', () => {
    const data = expectDocument(
      'plan',
      planJson({ plan: plan(threeChanges, { diagnostics: [diagnostic()] }), preview }),
    );
    expect(Object.keys(data).sort()).toEqual([
      'basis',
      'changes',
      'diagnostics',
      'digest',
      'edges',
      'from',
      'holds',
      'order',
      'revision',
      'rollout',
      'schemaVersion',
      'staying',
      'summary',
    ]);
    expect(data).toMatchObject({
      basis: { kind: 'live', at: '2026-05-03T10:00:12.000Z' },
      summary: { create: 1, update: 1, retire: 1, scale: 0 },
      rollout: { minHealthy: { 'prod/shop/api': 1 }, peak: { 'prod/shop/api': 2 }, durationMs: 10_000 },
    });
    expect((data['changes'] as object[])[2]).toMatchObject({
      element: 'prod/front/old',
      action: 'retire',
      after: null,
      file: 'solutions/front.yaml',
      line: 9,
      destroysData: true,
    });
  });

  it('says null where there is no preview', () => {
    expect(expectDocument('plan', planJson({ plan: plan([]), preview: null }))['rollout']).toBeNull();
  });
});
