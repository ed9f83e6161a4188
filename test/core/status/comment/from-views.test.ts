import { describe, expect, it } from 'vitest';
import type { ElementName, RolloutId, SolutionName } from '../../../../src/core/base/names.js';
import { revertReport, solutionOutcome } from '../../../../src/core/status/comment/from-views.js';
import type { HistoryRollout, RevertView, SolutionView, StepView } from '../../../../src/core/status/view.js';
import { atMs, base, merged, web } from './support/reports.js';

const rollout: HistoryRollout = {
  id: 'r1' as RolloutId,
  solution: 'shop' as SolutionName,
  revision: merged,
  author: 'Ada',
  subject: 'Raise api',
  verdict: 'progressing',
  reason: null,
  startedAtMs: atMs,
  durationMs: null,
  reverts: null,
  revertMadeBy: null,
  revert: null,
  quarantined: [],
  changes: [],
};
const step: StepView = {
  number: 1,
  of: 2,
  share: '1 instance',
  state: 'held',
  pauseUntilMs: null,
  gates: [],
  promotion: 'manual',
  command: null,
};
const drift = { type: 'drift', reason: 'drift', message: 'gone', sinceMs: atMs, command: null };
const now = {
  name: 'shop',
  revision: merged,
  lastStable: base,
  healthy: false,
  phase: 'progressing',
  quarantined: [],
  conditions: [drift],
  elements: [{ name: 'api', step }, { name: 'web' }],
} as unknown as SolutionView;
const evidence = { steps: { done: 1, of: 2 }, evidence: ['exit code 1'] };

describe('how a rollout fares', () => {
  it('is what history and status show of it', () => {
    expect(solutionOutcome(rollout, now, evidence)).toMatchObject({
      name: 'shop',
      phase: 'progressing',
      lastStable: base,
      inSteps: [{ element: 'api' as ElementName, step }],
      conditions: [drift],
      evidence: ['exit code 1'],
    });
  });

  it('has nothing to do any more with what is wrong after it was applied', () => {
    const applied = solutionOutcome({ ...rollout, verdict: 'applied' }, now, evidence);
    expect(applied).toMatchObject({ phase: null, conditions: [], inSteps: [], evidence: [] });
  });
});

describe('a revert', () => {
  const known = {
    commitUrl: (revision: string) => `${web}/commit/${revision}`,
    compareUrl: (branch: string) => `${web}/compare/main...${branch}`,
    proposal: null,
    reason: 'not permitted',
    fix: 'Permit it.',
  };
  const view: RevertView = { outcome: 'made', commit: merged, branch: null, reason: null };

  it('is the pull request where there is one, whatever was recorded', () => {
    const proposal = { number: 7, url: web, state: 'open' as const };
    expect(revertReport(view, { ...known, proposal })).toEqual({ kind: 'proposed', ...proposal });
  });

  it('is a commit, a branch with a link, none with the reason, or still to come', () => {
    expect(revertReport(view, known)).toEqual({
      kind: 'committed',
      commit: merged,
      url: `${web}/commit/${merged}`,
    });
    expect(revertReport({ ...view, outcome: 'branch', branch: 'heliostat/revert-1' }, known)).toEqual({
      kind: 'pushed',
      branch: 'heliostat/revert-1',
      compareUrl: `${web}/compare/main...heliostat/revert-1`,
      reason: 'not permitted',
      fix: 'Permit it.',
    });
    expect(revertReport({ ...view, outcome: 'none', reason: 'the tip was rejected' }, known)).toEqual({
      kind: 'none',
      reason: 'the tip was rejected',
    });
    expect(revertReport({ ...view, outcome: 'open', commit: null }, known)).toEqual({ kind: 'open' });
  });
});
