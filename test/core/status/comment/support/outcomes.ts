import type { ElementName } from '../../../../../src/core/base/names.js';
import type { Digest } from '../../../../../src/core/base/digest.js';
import {
  commentLimit,
  emptyComment,
  type CommentDocument,
} from '../../../../../src/core/status/comment/document.js';
import { withOutcome } from '../../../../../src/core/status/comment/outcome-update.js';
import { withPlan } from '../../../../../src/core/status/comment/plan-update.js';
import { readComment } from '../../../../../src/core/status/comment/read.js';
import type { OutcomeReport, SolutionOutcome } from '../../../../../src/core/status/comment/types.js';
import { writeComment } from '../../../../../src/core/status/comment/write.js';
import type { Situation } from './planned.js';
import { upgrade } from './planned.js';
import {
  atMs,
  base,
  change,
  create,
  diagnostic,
  later,
  minute,
  outcome,
  plan,
  planned,
  retire,
  shape,
  solution,
  staging,
  update,
  web,
} from './reports.js';

const shown = plan([update('shop/api', '1.4.0', '1.5.0'), create('shop/mail')]);

/** Planned, merged, and told again, each time through the text of the comment. */
export function faring(...reports: readonly OutcomeReport[]): string {
  return told(withPlan(emptyComment(), planned(shown)), ...reports);
}

function told(document: CommentDocument, ...reports: readonly OutcomeReport[]): string {
  let body = writeComment(document, commentLimit);
  for (const report of reports)
    body = writeComment(withOutcome(readComment(body) ?? emptyComment(), report), commentLimit);
  return body;
}

const failed: Partial<SolutionOutcome> = {
  verdict: 'reverted',
  phase: 'reverted',
  steps: { done: 5, of: 14 },
  durationMs: 41_000,
  reason: 'api 1.5.0 #0: health check /health answered 503, 3 times in a row',
  evidence: [
    'listening on 0.0.0.0:20011',
    'error: cannot reach store: connection refused (password [redacted])',
    'exit code 1',
  ],
  quarantined: [{ element: 'api' as ElementName, version: '1.5.0', generation: '0a1b2c3d', inForce: true }],
};

export const outcomeSituations: readonly Situation[] = [
  {
    name: 'merged',
    why: 'from the merge on the first line says what became of it, and the plan is folded',
    body: () =>
      faring(
        outcome([solution('shop', { verdict: 'pending', phase: 'pending', steps: null, durationMs: null })]),
      ),
  },
  {
    name: 'progressing',
    why: 'a rollout under way says how far it is, and where to look',
    body: () =>
      faring(
        outcome([
          solution('shop', {
            verdict: 'progressing',
            phase: 'draining',
            steps: { done: 9, of: 14 },
            durationMs: 21_000,
          }),
          solution('front', { durationMs: 12_000 }),
        ]),
      ),
  },
  {
    name: 'awaiting-promotion',
    why: 'a canary that waits for a person says so, with the command',
    body: () =>
      faring(
        outcome([
          solution('shop', {
            verdict: 'progressing',
            phase: 'promoting',
            steps: { done: 6, of: 18 },
            durationMs: 5 * minute,
            inSteps: [
              {
                element: 'api' as ElementName,
                step: {
                  number: 2,
                  of: 2,
                  share: '50 % of the instances',
                  state: 'awaited',
                  pauseUntilMs: null,
                  gates: [
                    {
                      name: 'errors',
                      state: 'passed',
                      good: 5,
                      count: 5,
                      bad: 0,
                      failureLimit: 0,
                      lastAnswer: '0.2 % errors',
                    },
                  ],
                  promotion: 'manual',
                  command: 'heliostat promote prod/shop/api --reason TEXT',
                },
              },
            ],
          }),
        ]),
      ),
  },
  {
    name: 'applied',
    why: 'in the end one line a solution is enough',
    body: () =>
      faring(
        outcome([
          solution('shop', {}),
          solution('front', {
            durationMs: 95_000,
            steps: { done: 30, of: 30 },
            changes: [
              { element: 'web' as ElementName, action: 'create', before: null, after: '2.0.0' },
              { element: 'old' as ElementName, action: 'retire', before: '0.9.0', after: null },
            ],
          }),
        ]),
      ),
  },
  {
    name: 'applied-with-simulation',
    why: 'the plan with its simulation stays as it was shown, in a fold',
    body: () => {
      const { plan: made, preview } = upgrade();
      return told(withPlan(emptyComment(), planned(made, { preview })), outcome([solution('shop', {})]));
    },
  },
  {
    name: 'applied-differing',
    why: 'what was done without having been shown is shown now',
    body: () =>
      faring(
        outcome([solution('shop', {})], {
          differing: {
            made: plan(
              [
                change('shop/api', 'update', {
                  before: shape('api', '1.4.1', 3),
                  after: shape('api', '1.5.0', 3),
                }),
                create('shop/mail'),
                retire('front/old'),
              ],
              { digest: '1:77aa12d4e5f607182930' as Digest },
            ),
            digest: '1:77aa12d4e5f607182930' as Digest,
            then: 'wentOn',
            command: null,
          },
        }),
      ),
  },
  {
    name: 'held-differing',
    why: 'where a differing plan is held, the command that lets it go on stands there',
    body: () =>
      faring(
        outcome(
          [solution('shop', { verdict: 'held', phase: null, steps: null, durationMs: null, changes: [] })],
          {
            differing: {
              made: plan([update('shop/api', '1.4.1', '1.5.0'), create('shop/mail')], {
                digest: '1:77aa12d4e5f607182930' as Digest,
              }),
              digest: '1:77aa12d4e5f607182930' as Digest,
              then: 'held',
              command: 'heliostat approve plan.other --domain prod --reason TEXT',
            },
          },
        ),
      ),
  },
  {
    name: 'failed',
    why: 'without anything stable to go back to, the evidence and the way on are there',
    body: () =>
      faring(
        outcome([
          solution('shop', {
            ...failed,
            verdict: 'failed',
            phase: 'failed',
            lastStable: null,
            quarantined: [],
            conditions: [
              {
                type: 'failed',
                reason: 'failed',
                message: 'd4e5f60: api 1.5.0 #0 is not healthy',
                sinceMs: atMs + 2 * minute,
                command: 'heliostat retry prod/shop --reason TEXT',
              },
            ],
          }),
        ]),
      ),
  },
  {
    name: 'reverted',
    why: 'the pull request of the revert is linked, and what has to be done with it is said',
    body: () =>
      faring(
        outcome([solution('shop', failed), solution('front', {})], {
          revert: { kind: 'proposed', number: 125, url: `${web}/pull/125`, state: 'open' },
        }),
      ),
  },
  {
    name: 'reverted-not-proposed',
    why: 'where no pull request may be opened, the link and the one setting that mends it are there',
    body: () =>
      faring(
        outcome([solution('shop', failed)], {
          revert: {
            kind: 'pushed',
            branch: 'heliostat/revert-d4e5f60',
            compareUrl: `${web}/compare/main...heliostat/revert-d4e5f60?expand=1`,
            reason: 'GitHub Actions is not permitted to create pull requests',
            fix: 'Settings → Actions → General → allow GitHub Actions to create and approve pull requests.',
          },
        }),
      ),
  },
  {
    name: 'superseded',
    why: 'a commit that was overtaken says by which one',
    body: () =>
      faring(
        outcome(
          [solution('shop', { verdict: 'superseded', phase: 'superseded', steps: { done: 3, of: 14 } })],
          {
            supersededBy: later,
          },
        ),
      ),
  },
  {
    name: 'rejected-after-merge',
    why: 'what was sound in the pull request may be no more on top of what was merged meanwhile',
    body: () =>
      faring(
        outcome([], {
          verdict: 'rejected',
          reason: `what runs stays as ${base.slice(0, 7)} has it`,
          diagnostics: [],
          conditions: [
            {
              type: 'rejected',
              reason: 'component.version',
              message: 'd4e5f60 was rejected with 1 error; a1b2c3d goes on',
              sinceMs: atMs + minute,
              command: 'heliostat validate d4e5f6071829 --domain prod',
            },
          ],
        }),
      ),
  },
  {
    name: 'two-domains-apart',
    why: 'one domain may be there while another one has failed: the first line tells both',
    body: () => {
      const two = withPlan(
        withPlan(emptyComment(), planned(shown)),
        planned({ ...shown, domain: staging }, { folder: 'envs/staging' }),
      );
      return told(
        two,
        outcome([solution('shop', {})], { domain: staging }),
        outcome([solution('shop', failed)], { revert: { kind: 'open' } }),
      );
    },
  },
];

export function hostileOutcome(text: string): OutcomeReport {
  const condition = { type: text, reason: text, message: text, sinceMs: atMs, command: text };
  return outcome(
    [
      solution(text, {
        ...failed,
        reason: text,
        evidence: [text, `a\n${text}`],
        conditions: [condition],
        quarantined: [{ element: text as ElementName, version: text, generation: text, inForce: true }],
        changes: [{ element: text as ElementName, action: 'update', before: text, after: text }],
      }),
      solution(text, { reason: text }),
    ],
    {
      reason: text,
      conditions: [condition],
      holds: [{ id: text, code: text, reason: text, releasedBy: text, command: text }],
      diagnostics: [diagnostic({ message: text, file: text, fix: text, code: text })],
      revert: { kind: 'pushed', branch: text, compareUrl: text, reason: text, fix: text },
      differing: {
        made: plan([update(`${text}/x`, text, text), retire(`shop/${text}`)]),
        digest: text as Digest,
        then: 'held',
        command: text,
      },
    },
  );
}
