import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  deploymentWords,
  mostCharacters,
  outcomeStatus,
  plannedStatus,
} from '../../../../src/core/status/comment/sentences.js';
import type { OutcomeReport, PlannedReport } from '../../../../src/core/status/comment/types.js';
import type { Verdict } from '../../../../src/core/status/view.js';
import { hostileText } from './support/hostile-text.js';
import { hostileOutcome } from './support/outcomes.js';
import { hostileReport } from './support/planned.js';
import {
  create,
  diagnostic,
  later,
  merged,
  outcome,
  plan,
  planned,
  retire,
  solution,
  update,
} from './support/reports.js';

const hold = { id: 'x', code: 'x', reason: 'nobody has approved it', releasedBy: 'ada', command: '' };
const failure = { verdict: 'reverted' as const, reason: 'api 1.4.0 failed its health check.' };

interface Row<T> {
  readonly why: string;
  readonly report: T;
  readonly state: string;
  readonly text: string;
}

const plannedRows: readonly Row<PlannedReport>[] = [
  {
    why: 'says how much changes',
    report: planned(plan([update('shop/api', '1.4.0', '1.5.0'), create('front/web')])),
    state: 'success',
    text: 'planned: 1 to create, 1 to update in 2 solutions',
  },
  {
    why: 'never leaves out what is destroyed',
    report: planned(plan([retire('front/old')])),
    state: 'success',
    text: 'planned: 1 to retire in 1 solution, destroys 2 instances for good',
  },
  {
    why: 'says what it will wait for, since the merge itself waits for nothing',
    report: planned(plan([update('shop/api', '1.4.0', '1.5.0')], { holds: [hold] })),
    state: 'success',
    text: 'planned, will be held: nobody has approved it; 1 to update in 1 solution',
  },
  {
    why: 'says that there is nothing to do',
    report: planned(plan([])),
    state: 'success',
    text: 'no changes: what runs is what the model asks for',
  },
  {
    why: 'names the first mistake',
    report: planned(null, { diagnostics: [diagnostic({ severity: 'warning' }), diagnostic({ line: 14 })] }),
    state: 'failure',
    text: 'rejected: 1 error, 1 warning; solutions/shop.yaml:14: there is no field "sise"',
  },
];

const outcomeRows: readonly Row<OutcomeReport>[] = [
  {
    why: 'says what runs now',
    report: outcome([solution('shop', {})]),
    state: 'success',
    text: 'applied: shop/api 1.5.0 in 32 s',
  },
  {
    why: 'counts solutions where there are several, and takes the longest: they go side by side',
    report: outcome([solution('shop', {}), solution('front', { durationMs: 95_000 })]),
    state: 'success',
    text: 'applied: 2 solutions in 1 min 35 s',
  },
  {
    why: 'says that nothing was to be done',
    report: outcome([]),
    state: 'success',
    text: 'applied: nothing changes here',
  },
  {
    why: 'says how far it is',
    report: outcome([solution('shop', { verdict: 'progressing', steps: { done: 9, of: 14 } })]),
    state: 'pending',
    text: 'progressing: shop/api 1.5.0, 9 of 14 steps',
  },
  {
    why: 'says what it waits for',
    report: outcome([solution('shop', { verdict: 'held' })], { holds: [hold] }),
    state: 'pending',
    text: 'held: nobody has approved it',
  },
  {
    why: 'leads to the pull request of the revert',
    report: outcome([solution('shop', failure)], {
      revert: { kind: 'proposed', number: 124, url: 'https://e.example', state: 'open' },
    }),
    state: 'failure',
    text: 'reverted: api 1.4.0 failed its health check, see #124',
  },
  {
    why: 'leads to the branch where there could be no pull request',
    report: outcome([solution('shop', failure)], {
      revert: { kind: 'pushed', branch: 'heliostat/revert-d4e5f60', compareUrl: '', reason: '', fix: '' },
    }),
    state: 'failure',
    text: 'reverted: api 1.4.0 failed its health check, see branch heliostat/revert-d4e5f60',
  },
  {
    why: 'leads to the commit of the revert',
    report: outcome([solution('shop', failure)], {
      revert: { kind: 'committed', commit: merged, url: null },
    }),
    state: 'failure',
    text: 'reverted: api 1.4.0 failed its health check, see d4e5f60',
  },
  {
    why: 'is no failure where a newer commit took over',
    report: outcome([solution('shop', { verdict: 'superseded' })], { supersededBy: later }),
    state: 'success',
    text: 'superseded by e5f6071',
  },
];

describe('the sentence beside a commit', () => {
  it.each(plannedRows)('of a plan $why', ({ report, state, text }) => {
    expect(plannedStatus(report)).toEqual({ state, description: text });
  });

  it.each(outcomeRows)('of an outcome $why', ({ report, state, text }) => {
    expect(outcomeStatus(report)).toEqual({ state, description: text });
  });

  it('has one line that fits, whatever it tells of', () => {
    const verdicts: readonly Verdict[] = [
      'applied',
      'rejected',
      'superseded',
      'failed',
      'reverted',
      'pending',
      'held',
    ];
    const text = fc.oneof(hostileText, fc.constant('word '.repeat(200)));
    fc.assert(
      fc.property(text, fc.constantFrom(...verdicts), (foreign, verdict) => {
        const report = { ...hostileOutcome(foreign), verdict };
        const [first] = report.solutions;
        const told = [
          plannedStatus(hostileReport(foreign)),
          outcomeStatus(report),
          ...(first === undefined ? [] : [deploymentWords({ ...first, verdict }, report.revert)]),
        ];
        for (const { description } of told) {
          expect(description.length).toBeLessThanOrEqual(mostCharacters);
          expect(description).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('keeps the way to the revert where the reason is long', () => {
    const report = outcome([solution('shop', { ...failure, reason: 'because '.repeat(60) })], {
      revert: { kind: 'proposed', number: 124, url: '', state: 'open' },
    });
    expect(outcomeStatus(report).description).toMatch(/^reverted: because .*…, see #124$/);
  });
});

describe('the words of a deployment', () => {
  it('tell of one solution what its own verdict is', () => {
    expect(deploymentWords(solution('shop', {}), null)).toEqual({
      state: 'success',
      description: 'applied: shop/api 1.5.0 in 32 s',
    });
    expect(deploymentWords(solution('shop', { verdict: 'pending', changes: [] }), null)).toEqual({
      state: 'queued',
      description: 'waits for its turn: shop',
    });
    expect(deploymentWords(solution('shop', { verdict: 'superseded' }), null).state).toBe('inactive');
    expect(deploymentWords(solution('shop', failure), null).state).toBe('failure');
    expect(deploymentWords(solution('shop', { verdict: 'progressing' }), null).state).toBe('inProgress');
  });
});
