import type { Context } from '../context.js';
import { requestOf } from '../context.js';
import type { ExitCode, PlanView } from '../operations.js';
import { planJson } from '../render/plan-json.js';
import { isRejected, renderPlan } from '../render/plan.js';

export interface PlanOptions {
  readonly from?: string;
  readonly preview: boolean;
}

export async function plan(
  context: Context,
  revision: string | undefined,
  options: PlanOptions,
): Promise<ExitCode> {
  const operations = await context.loadOperations();
  const view = await operations.plan({
    ...requestOf(context),
    revision: revision ?? null,
    from: options.from ?? null,
    preview: options.preview,
  });
  const { terminal, paint, json } = context;
  terminal.out(json ? planJson(view) : renderPlan(view, paint));
  if (isRejected(view.plan)) return 3;
  if (view.plan.changes.length === 0) return 0;
  if (!json) terminal.out(`\n${nextStep(view)}\n`);
  return 2;
}

function nextStep({ plan, uncommitted }: PlanView): string {
  return plan.revision === 'worktree' && uncommitted?.length !== 0
    ? 'Commit it, then: heliostat apply'
    : `Carry out exactly this: heliostat apply --plan ${plan.digest}`;
}
