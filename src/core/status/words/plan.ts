import { hasErrors } from '../../base/diagnostic.js';
import type { Diagnostic } from '../../base/diagnostic.js';
import { splitElementKey } from '../../base/names.js';
import { printable } from '../../base/printable.js';
import { count, shortRevision } from '../../base/words.js';
import { actions, type Action, type Change, type Plan, type StayingElement } from '../../plan/types.js';
import { arrow, shapeText, transitionText } from './shape.js';

/** By action: how many elements. */
export type ActionCounts = { readonly [action in Action]: number };

/** Whether nothing of it would be done, because of mistakes. */
export function isRejected({ diagnostics }: Pick<Plan, 'diagnostics'>): boolean {
  return hasErrors(diagnostics);
}

/** `api 1.4.0 → 1.5.0 (3 instances)`. */
export function changeText(change: Change): string {
  return `${printable(splitElementKey(change.element).element)} ${shapesText(change)}`.trimEnd();
}

/** `1.4.0 → 1.5.0 (3 instances)`; empty where there is nothing before and after. */
export function shapesText({ before, after }: Pick<Change, 'before' | 'after'>): string {
  if (before === null) return after === null ? '' : shapeText(after);
  return after === null ? shapeText(before) : transitionText(before, after);
}

/** `component web → site`; null where it stays the same. */
export function componentText({ before, after }: Change): string | null {
  if (before === null || after === null || before.component === after.component) return null;
  return `component ${arrow(printable(before.component), printable(after.component))}`;
}

/** Instances that go without a successor. */
export function lostInstances({ before, after, destroysData }: Change): number {
  return destroysData ? Math.max(0, (before?.size ?? 0) - (after?.size ?? 0)) : 0;
}

/** `3 to create, 1 to update, 1 to retire`; empty: nothing changes. */
export function countsText(counts: ActionCounts): string {
  return actions
    .filter((action) => counts[action] > 0)
    .map((action) => `${counts[action]} to ${action}`)
    .join(', ');
}

export const nothingToDo = 'what runs is what the model asks for';
export const allKeptOut = 'what the model asks for beyond what runs is kept out';

/** `Plan: 3 to create, 1 to update, 1 to retire in 2 solutions.` */
export function rollup(plan: Plan): string {
  const counts = countsText(plan.summary);
  if (counts === '') return `No changes: ${plan.staying.length > 0 ? allKeptOut : nothingToDo}.`;
  return `Plan: ${counts} in ${count(solutionsOf(plan), 'solution')}.`;
}

/** How many solutions have changes. */
export function solutionsOf(plan: Plan): number {
  return new Set(plan.changes.map((change) => splitElementKey(change.element).solution)).size;
}

/** `shop/api stays at 1.0.0: 1.1.0 failed in a1b2c3d`. */
export function stayingText({ element, version, at, failed, revision }: StayingElement): string {
  const stays = at.length === 0 ? 'stays away' : `stays at ${at.join(' and ')}`;
  const own = failed.some((one) => one.element === element && one.version === version);
  const what = failed.map((one) => (own ? one.version : `${one.element} ${one.version}`)).join(' and ');
  const why = own ? '' : `${version} needs what stays out: `;
  return `${element} ${stays}: ${why}${what} failed in ${shortRevision(revision)}`;
}

/** `2 errors, 1 warning`; null if there are none. */
export function tally(diagnostics: readonly Diagnostic[]): string | null {
  const errors = diagnostics.filter((each) => each.severity === 'error').length;
  const warnings = diagnostics.length - errors;
  const parts = [
    ...(errors > 0 ? [count(errors, 'error')] : []),
    ...(warnings > 0 ? [count(warnings, 'warning')] : []),
  ];
  return parts.length > 0 ? parts.join(', ') : null;
}
