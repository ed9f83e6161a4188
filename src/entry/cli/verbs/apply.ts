import type { Context } from '../context.js';
import { requestOf } from '../context.js';
import { askToDestroy } from '../consent.js';
import { durationMsOf } from '../moments.js';
import {
  codeOfVerdict,
  Failure,
  type ApplyHooks,
  type ApplyView,
  type ExitCode,
  type PlanView,
} from '../operations.js';
import { progressLine, type ProgressLine } from '../progress.js';
import { applyJson, renderApply } from '../render/apply.js';
import { renderPlan } from '../render/plan.js';
import { printable } from '../render/printable.js';
import { shellWord } from '../render/shell.js';
import { count } from '../render/words.js';

export interface ApplyOptions {
  readonly yes?: boolean;
  readonly plan?: string;
  readonly timeout?: string;
  readonly takeover?: boolean;
}

export async function apply(
  context: Context,
  revision: string | undefined,
  options: ApplyOptions,
): Promise<ExitCode> {
  const timeoutMs = durationMsOf(options.timeout, '--timeout');
  const operations = await context.loadOperations();
  const line = progressLine(context.terminal);
  const consent: Consent = { refusal: null };
  const request = {
    ...requestOf(context),
    revision: revision ?? null,
    timeoutMs,
    takeover: options.takeover === true,
  };
  try {
    const answer = await operations.apply(request, hooks(context, options, line, consent));
    const view = consent.refusal === null ? answer : { ...answer, reason: consent.refusal };
    line.clear();
    context.terminal.out(context.json ? applyJson(view) : `\n${renderApply(view, context.paint)}`);
    return exitCodeOf(view);
  } finally {
    line.clear();
  }
}

/** Why the user, or the want of a user, said no. */
interface Consent {
  refusal: string | null;
}

function hooks(context: Context, options: ApplyOptions, line: ProgressLine, consent: Consent): ApplyHooks {
  const { terminal, errPaint } = context;
  const warn = (text: string) => {
    line.clear();
    terminal.err(`${errPaint.yellow('warning')} ${text}\n`);
  };
  return {
    approve: async (planned) => {
      line.clear();
      if (!context.json) terminal.out(renderPlan(planned, context.paint));
      refuseAnotherPlan(planned, options.plan);
      consent.refusal = await refusal(context, planned, options.yes === true);
      return consent.refusal === null;
    },
    following: (controller) => {
      line.clear();
      terminal.err(`${printable(controller)} runs this domain and is under way; following it.\n`);
    },
    uncommitted: (files) => warn(uncommittedText(files)),
    progress: (progress) => line.update(progress),
  };
}

function refuseAnotherPlan(planned: PlanView, digest: string | undefined): void {
  if (digest === undefined || planned.plan.digest === digest) return;
  throw new Failure(
    'plan.changed',
    `the plan is another one by now: ${planned.plan.digest}`,
    `Read it (heliostat plan), and carry it out: heliostat apply --plan ${planned.plan.digest}`,
  );
}

async function refusal(context: Context, { plan }: PlanView, yes: boolean): Promise<string | null> {
  const lost = plan.changes.filter((change) => change.destroysData);
  if (lost.length === 0 || yes) return null;
  const what = `instances of ${count(lost.length, 'element')}`;
  return askToDestroy(context, `Destroy ${what} for good?`, `${what} would be destroyed for good`);
}

function uncommittedText(files: readonly string[]): string {
  const names = files.map(printable);
  const shown = names.slice(0, 10).join(', ') + (names.length > 10 ? ', …' : '');
  return (
    `${count(files.length, 'model file')} not committed, and so no part of this: ${shown}\n` +
    `  git add ${names.length > 10 ? '.' : names.map(shellWord).join(' ')} && git commit -m "…"`
  );
}

export function exitCodeOf(view: ApplyView): ExitCode {
  switch (view.ending) {
    case 'timeout':
      return 2;
    case 'declined':
      return 5;
    case 'notTip':
      return 6;
    case 'verdict':
      return verdictCode(view);
  }
}

function verdictCode({ verdict, rollouts }: ApplyView): ExitCode {
  return codeOfVerdict(verdict) ?? (rollouts.some(({ phase }) => phase === 'paused') ? 5 : 2);
}
