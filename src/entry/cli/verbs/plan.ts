import type { Context } from '../context.js';
import { requestOf } from '../context.js';
import { Failure, type ExitCode, type PlanView } from '../operations.js';
import { planJson } from '../render/plan-json.js';
import { planMermaid } from '../render/plan-mermaid.js';
import { isRejected, renderPlan } from '../render/plan.js';

type Format = 'text' | 'mermaid' | 'json';

export interface PlanOptions {
  readonly from?: string;
  readonly preview: boolean;
  readonly format?: Format;
}

export async function plan(
  context: Context,
  revision: string | undefined,
  options: PlanOptions,
): Promise<ExitCode> {
  const format = options.format ?? (context.json ? 'json' : 'text');
  if (format === 'mermaid' && !options.preview)
    throw new Failure('cli.usage', 'the diagram is the preview', 'Leave out --no-preview.');
  const operations = await context.loadOperations();
  const view = await operations.plan({
    ...requestOf(context),
    revision: revision ?? null,
    from: options.from ?? null,
    preview: options.preview,
  });
  const { terminal } = context;
  show(context, view, format);
  if (isRejected(view.plan)) return 3;
  if (view.plan.changes.length === 0) return 0;
  if (format === 'text') terminal.out(`\n${nextStep(view)}\n`);
  return 2;
}

function show({ terminal, paint, errPaint }: Context, view: PlanView, format: Format): void {
  if (format === 'json') return terminal.out(planJson(view));
  if (format === 'text') return terminal.out(renderPlan(view, paint));
  // What is not to be done cannot be drawn; why stands where it does not get into the picture.
  if (isRejected(view.plan)) terminal.err(renderPlan(view, errPaint));
  else terminal.out(planMermaid(view));
}

function nextStep({ plan, uncommitted }: PlanView): string {
  return plan.revision === 'worktree' && uncommitted?.length !== 0
    ? 'Commit it, then: heliostat apply'
    : `Carry out exactly this: heliostat apply --plan ${plan.digest}`;
}
