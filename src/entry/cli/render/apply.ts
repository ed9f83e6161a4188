import type { ApplyView, Progress, RolloutView } from '../operations.js';
import { diagnosticJson, renderDiagnostics } from './diagnostics.js';
import { verdictText } from './history.js';
import { jsonDocument } from './json.js';
import type { Paint } from './paint.js';
import { printable } from './printable.js';
import { count, durationText, padded, shortRevision, widest } from './words.js';

/** How it ended, what was done, and what to do next. */
export function renderApply(view: ApplyView, paint: Paint): string {
  const blocks: string[] = [];
  if (view.diagnostics.length > 0) blocks.push(renderDiagnostics(view.diagnostics, view.sourceLine, paint));
  const names = widest(view.rollouts.map((rollout) => printable(rollout.solution)));
  const lines = view.rollouts.map((rollout) => rolloutLine(rollout, names));
  lines.push(...failedSteps(view), ...consequences(view), endingText(view, paint));
  blocks.push(`${lines.join('\n')}\n`);
  return blocks.join('\n');
}

function rolloutLine(rollout: RolloutView, names: number): string {
  const { solution, phase, steps, durationMs } = rollout;
  return `  ${padded(printable(solution), names)}  ${phase}, ${count(steps.length, 'step')} in ${durationText(durationMs)}`;
}

function failedSteps(view: ApplyView): string[] {
  return view.rollouts.flatMap((rollout) =>
    rollout.steps
      .filter((step) => step.outcome === 'failed')
      .map((step) => `    ${printable(step.transition)} of ${printable(step.instance)} failed`),
  );
}

function consequences(view: ApplyView): string[] {
  return [
    ...(view.reason === null ? [] : [`  ${printable(view.reason)}`]),
    ...(view.command == null ? [] : [`  next: ${printable(view.command)}`]),
    ...(view.revertCommit === null ? [] : [`  reverted by commit ${shortRevision(view.revertCommit)}`]),
    ...(view.pullRequest === null ? [] : [`  see ${printable(view.pullRequest)}`]),
  ];
}

function endingText(view: ApplyView, paint: Paint): string {
  const revision = shortRevision(view.revision);
  switch (view.ending) {
    case 'verdict':
      return `${verdictText(view.verdict, paint)} ${revision}`;
    case 'timeout':
      return `${paint.yellow('not there yet:')} ${revision} is ${view.verdict}. It goes on; look: heliostat status`;
    case 'declined':
      return `${paint.yellow('not applied:')} nothing was done.`;
    case 'notTip':
      return `${paint.yellow('not applied:')} ${revision} is not the tip of the branch, nothing was done.`;
  }
}

/** `schemas/output/apply.schema.json`. */
export function applyJson(view: ApplyView): string {
  return jsonDocument({
    revision: view.revision,
    ending: view.ending,
    verdict: view.verdict,
    rollouts: view.rollouts.map(({ id, solution, phase, durationMs, steps }) => ({
      id,
      solution,
      phase,
      durationMs,
      steps: steps.map(({ transition, instance, outcome }) => ({ transition, instance, outcome })),
    })),
    revertCommit: view.revertCommit,
    pullRequest: view.pullRequest,
    reason: view.reason,
    command: view.command ?? null,
    diagnostics: view.diagnostics.map(diagnosticJson),
  });
}

/** `shop 3/14 start api 1.5.0 #0`. */
export function progressText({ solution, phase, done, total, message }: Progress): string {
  const parts = [
    ...(solution === null ? [] : [printable(solution)]),
    ...(phase === null ? [] : [phase]),
    ...(total > 0 ? [`${done}/${total}`] : []),
    ...(message === '' ? [] : [printable(message)]),
  ];
  return parts.join(' ');
}
