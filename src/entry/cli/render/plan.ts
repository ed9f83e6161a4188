import { splitElementKey } from '../../../core/base/names.js';
import type { Action, Change, Hold, Plan, StayingElement } from '../../../core/plan/types.js';
import {
  changeText,
  componentText,
  isRejected,
  lostInstances,
  rollup,
  stayingText,
  tally,
} from '../../../core/status/words/plan.js';
import { bondLines, isDowngrade } from '../../../core/status/words/shape.js';
import type { PlanView } from '../operations.js';
import { placeText, renderDiagnostics } from './diagnostics.js';
import type { Paint } from './paint.js';
import { renderPreview } from './preview.js';
import { printable } from './printable.js';
import { valueLines } from './values.js';
import { count, groupBy, shortRevision, timeText } from './words.js';

export { isRejected, rollup };

const symbols: Readonly<Record<Action, string>> = {
  create: '+',
  update: '~',
  replace: '±',
  reconfigure: '~',
  scale: '~',
  move: '~',
  retire: '-',
  retain: '-',
  repair: '~',
};

/** The plan as people read it: what changes, what goes for good, how it will go, and what it waits for. */
export function renderPlan(view: PlanView, paint: Paint): string {
  const { plan, preview } = view;
  const blocks = [header(view, paint)];
  if (plan.diagnostics.length > 0) blocks.push(renderDiagnostics(plan.diagnostics, view.sourceLine, paint));
  if (!isRejected(plan)) {
    const solutions = groupBy(plan.changes, (change) => splitElementKey(change.element).solution);
    for (const [name, changes] of solutions) blocks.push(solutionBlock(name, changes, paint));
    if (preview !== null && preview.steps.length > 0) blocks.push(renderPreview(preview, plan.edges, paint));
    if (plan.staying.length > 0) blocks.push(stayingBlock(plan.staying, paint));
    if (plan.holds.length > 0) blocks.push(holdBlock(plan.holds, paint));
    const lost = plan.changes.filter((change) => change.destroysData);
    if (lost.length > 0) blocks.push(destroyBlock(lost, paint));
  }
  blocks.push(footer(plan, paint));
  return blocks.join('\n');
}

function header(view: PlanView, paint: Paint): string {
  const { plan, folder } = view;
  const where = folder === '' ? '' : ` (${printable(folder)})`;
  const from = plan.from === null ? 'from nothing' : `from ${shortRevision(plan.from)}`;
  const basis = plan.basis.kind === 'live' ? 'what runs' : 'the recorded status';
  return (
    `${paint.bold(`Plan for domain ${printable(plan.domain)}${where}`)}\n` +
    `  ${revisionText(view)}, ${from}, compared with ${basis} at ${timeText(plan.basis.atMs)}\n`
  );
}

/** `work tree, 2 files not committed`, so that nobody takes it for a commit. */
export function revisionText(view: { plan: Plan; uncommitted: readonly string[] | null }): string {
  if (view.plan.revision !== 'worktree') return `revision ${shortRevision(view.plan.revision)}`;
  return worktreeText(view.uncommitted);
}

export function worktreeText(uncommitted: readonly string[] | null): string {
  const files = uncommitted?.length ?? 0;
  return files === 0 ? 'work tree, all committed' : `work tree, ${count(files, 'file')} not committed`;
}

function solutionBlock(name: string, changes: readonly Change[], paint: Paint): string {
  const lines = [paint.bold(`Solution ${printable(name)}`)];
  for (const change of changes) lines.push('', ...changeLines(change, paint));
  return `${lines.join('\n')}\n`;
}

function changeLines(change: Change, paint: Paint): string[] {
  const loud = change.destroysData ? ` ${paint.red(paint.bold(lossText(change)))}` : '';
  const down = isDowngrade(change) ? ` ${paint.yellow(paint.bold('DOWNGRADE'))}` : '';
  const head = `  ${symbol(change, paint)} ${paint.bold(changeText(change))}  ${change.action}${loud}${down}`;
  const component = componentText(change);
  const details = [
    ...(change.reason === '' ? [] : [printable(change.reason)]),
    ...(component === null ? [] : [component]),
    ...(change.after === null ? [] : bondLines(change)),
    ...(change.after === null ? [] : change.values.flatMap((value) => valueLines(value, paint))),
  ];
  return [head, ...details.map((line) => `      ${line}`), `      ${paint.dim(placeText(change.position))}`];
}

function lossText(change: Change): string {
  const lost = lostInstances(change);
  return lost > 0 ? `DESTROYS ${count(lost, 'instance')} FOR GOOD` : 'DESTROYS FOR GOOD';
}

function symbol(change: Change, paint: Paint): string {
  const text = symbols[change.action];
  if (change.destroysData || change.action === 'retire') return paint.red(text);
  return change.action === 'create' ? paint.green(text) : paint.yellow(text);
}

function stayingBlock(staying: readonly StayingElement[], paint: Paint): string {
  const lines = [paint.yellow(paint.bold('Kept out, because it failed before:'))];
  for (const one of staying) {
    lines.push(`  ! ${printable(stayingText(one))}`);
    lines.push(`      ${paint.dim(printable(one.reason))}`);
  }
  const [first] = staying;
  if (first !== undefined)
    lines.push(
      `  It ends when the model asks for something else, or by ${paint.cyan(`heliostat retry ${printable(first.element)}`)}`,
    );
  return `${lines.join('\n')}\n`;
}

function holdBlock(holds: readonly Hold[], paint: Paint): string {
  const lines = [
    paint.yellow(
      paint.bold(
        `Held: nothing of it starts before ${holds.length === 1 ? 'this is' : 'these are'} released`,
      ),
    ),
  ];
  for (const hold of holds) {
    lines.push(`  ! ${printable(hold.reason)} (${printable(hold.code)})`);
    lines.push(`      released by ${printable(hold.releasedBy)}: ${paint.cyan(printable(hold.command))}`);
  }
  return `${lines.join('\n')}\n`;
}

/** Said a second time, last, and never folded: a destroy must not drown in a long plan. */
function destroyBlock(lost: readonly Change[], paint: Paint): string {
  const lines = [paint.red(paint.bold('Destroyed for good, without a successor:'))];
  for (const change of lost) {
    const where = paint.dim(placeText(change.position));
    lines.push(
      paint.red(`  - ${printable(splitElementKey(change.element).solution)}/${changeText(change)}`) +
        `  ${where}`,
    );
  }
  return `${lines.join('\n')}\n`;
}

function footer(plan: Plan, paint: Paint): string {
  if (isRejected(plan))
    return `${paint.red(paint.bold(`Rejected: ${tally(plan.diagnostics) ?? ''}.`))} Nothing would be done.\n`;
  return `${paint.bold(rollup(plan))}\n${plan.changes.length > 0 ? paint.dim(`Digest ${plan.digest}`) + '\n' : ''}`;
}
