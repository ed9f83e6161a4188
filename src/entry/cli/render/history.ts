import type {
  HistoryChange,
  HistoryRollout,
  HistoryView,
  QuarantinedView,
  RevertView,
  Verdict,
} from '../../../core/status/view.js';
import { jsonDocument } from './json.js';
import type { Paint } from './paint.js';
import { printable } from './printable.js';
import { pullRequestLines } from './pull-request.js';
import { arrow } from '../../../core/status/words/shape.js';
import { durationText, isoTime, padded, shortRevision, timeText, widest } from './words.js';

export function renderHistory(view: HistoryView, paint: Paint): string {
  if (view.rollouts.length === 0) return 'No rollout yet.\n';
  const solutions = widest(view.rollouts.map((rollout) => printable(rollout.solution)));
  return `${view.rollouts.flatMap((rollout) => rolloutLines(rollout, solutions, paint)).join('\n')}\n`;
}

function rolloutLines(rollout: HistoryRollout, solutions: number, paint: Paint): string[] {
  const { startedAtMs, durationMs, verdict, solution, revision, subject, author, reverts, reason } = rollout;
  const by = rollout.revertMadeBy === 'heliostat' ? 'Heliostat' : printable(author);
  const lasted = durationMs === null ? 'under way' : durationText(durationMs);
  const head = [
    paint.dim(timeText(startedAtMs)),
    verdictText(verdict, paint, 11),
    padded(printable(solution), solutions),
    shortRevision(revision),
    `${printable(subject)} (${printable(author)})`,
    paint.dim(lasted),
  ].join('  ');
  return [
    head,
    ...pullRequestLines(rollout.pullRequest).map((line) => `    ${line}`),
    ...(reverts === null ? [] : [`    revert of ${shortRevision(reverts)}, by ${by}`]),
    ...(reason === null ? [] : [`    ${printable(reason)}`]),
    ...revertLines(rollout.revert).map((line) => `    ${line}`),
    ...rollout.quarantined.map((cluster) => `    ${quarantineText(cluster)}`),
    ...rollout.changes.map((change) => `    ${changeText(change)}`),
  ];
}

/** What became of the commit that was to say it in Git. */
export function revertLines(revert: RevertView | null): string[] {
  if (revert === null) return [];
  const commit = shortRevision(revert.commit ?? '');
  const why = revert.reason === null ? '' : `: ${printable(revert.reason)}`;
  switch (revert.outcome) {
    case 'made':
      return [`taken back in Git by ${commit}`];
    case 'branch':
      if (revert.pullRequest !== null)
        return [`its revert waits to be merged: ${printable(revert.pullRequest)}`];
      return [`its revert ${commit} waits on ${printable(revert.branch ?? '')}${why}`];
    case 'none':
      return [`no revert was made${why}`];
    case 'open':
      return ['its revert is being made'];
  }
}

export function quarantineText({ element, version, inForce }: QuarantinedView): string {
  return `${printable(element)} ${printable(version)} ${inForce ? 'stays out' : 'was kept out, and is not any more'}`;
}

export function changeText({ element, action, before, after }: HistoryChange): string {
  const name = printable(element);
  if (before === null) return `+ ${name} ${printable(after ?? '')} ${action}`;
  if (after === null) return `- ${name} ${printable(before)} ${action}`;
  return `~ ${name} ${arrow(printable(before), printable(after))} ${action}`;
}

export function verdictText(verdict: Verdict, paint: Paint, width = 0): string {
  const text = padded(verdict, width);
  switch (verdict) {
    case 'applied':
      return paint.green(text);
    case 'failed':
    case 'rejected':
    case 'reverted':
      return paint.red(text);
    case 'superseded':
      return paint.dim(text);
    case 'held':
    case 'pending':
    case 'progressing':
      return paint.yellow(text);
  }
}

/** `schemas/output/history.schema.json`. */
export function historyJson(view: HistoryView): string {
  return jsonDocument({
    rollouts: view.rollouts.map((rollout) => ({
      id: rollout.id,
      solution: rollout.solution,
      revision: rollout.revision,
      author: rollout.author,
      subject: rollout.subject,
      pullRequest: rollout.pullRequest,
      verdict: rollout.verdict,
      reason: rollout.reason,
      startedAt: isoTime(rollout.startedAtMs),
      durationMs: rollout.durationMs,
      reverts: rollout.reverts,
      revertMadeBy: rollout.revertMadeBy,
      revert: rollout.revert,
      quarantined: rollout.quarantined,
      changes: rollout.changes.map(({ element, action, before, after }) => ({
        element,
        action,
        before,
        after,
      })),
    })),
  });
}
