import type { RevertPlan, RevertAnswer } from '../operations.js';
import { jsonDocument } from './json.js';
import type { Paint } from './paint.js';
import { planData } from './plan-json.js';
import { printable } from './printable.js';
import { shortRevision } from './words.js';

/** What the commit would do to files, before the plan says what follows from it. */
export function revertFiles({ reverted, subject, branch, files, stays }: RevertPlan, paint: Paint): string {
  const lines = [
    paint.bold(`Revert of ${shortRevision(reverted)} on ${printable(branch)}: ${printable(subject)}`),
    ...files.map(({ path, removed }) =>
      removed ? `  ${paint.red('-')} ${printable(path)}` : `  ${paint.yellow('~')} ${printable(path)}`,
    ),
    ...stays.map((path) => `    ${printable(path)}  ${paint.dim('stays: it is released')}`),
  ];
  return `${lines.join('\n')}\n`;
}

/** How it ended, and what to do next. */
export function renderRevert(view: RevertAnswer, refusal: string | null, paint: Paint): string {
  switch (view.ending) {
    case 'rejected':
      return `${paint.red('not reverted:')} the commit would be rejected; nothing was changed.\n`;
    case 'declined':
      return `${paint.yellow('not reverted:')} ${refusal ?? 'nothing was committed'}.\n`;
    case 'proposed':
      return proposedText(view, paint);
    case 'committed': {
      const what = `${shortRevision(view.reverted)} by ${shortRevision(view.commit ?? '')} on ${printable(view.branch)}`;
      const next = view.followed
        ? 'The daemon takes it up: heliostat status'
        : 'Carry it out: heliostat apply';
      return `${paint.green('reverted:')} ${what}\n${next}\n`;
    }
  }
}

function proposedText({ reverted, commit, branch, proposal }: RevertAnswer, paint: Paint): string {
  if (proposal === null) return '';
  const { pullRequest, compareUrl, reason, fix } = proposal;
  const what = `${shortRevision(reverted)} by ${shortRevision(commit ?? '')} on ${printable(proposal.branch)}`;
  const into = printable(branch);
  const lines =
    pullRequest === null
      ? [
          `no pull request was opened: ${printable(reason ?? '')}`,
          compareUrl === null ? `Merge it into ${into}.` : `Open one: ${printable(compareUrl)}`,
          ...(fix === null ? [] : [printable(fix)]),
        ]
      : [`Merge it into ${into}: #${pullRequest.number} ${printable(pullRequest.url)}`];
  return `${paint.green('proposed:')} ${what}\n${lines.join('\n')}\n`;
}

/** `schemas/output/revert.schema.json`. */
export function revertJson(view: RevertAnswer, refusal: string | null): string {
  return jsonDocument({
    ending: view.ending,
    revision: view.reverted,
    branch: view.branch,
    commit: view.commit,
    proposal: view.proposal,
    files: view.files.map(({ path, removed }) => ({ path, removed })),
    stays: view.stays,
    reason: refusal,
    plan: planData(view.planned),
  });
}
