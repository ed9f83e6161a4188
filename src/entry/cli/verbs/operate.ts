import type { Context } from '../context.js';
import { requestOf } from '../context.js';
import { askToDestroy } from '../consent.js';
import { durationMsOf } from '../moments.js';
import type { ActView, ExitCode, TargetName } from '../operations.js';
import { progressLine } from '../progress.js';
import { jsonDocument } from '../render/json.js';
import { printable } from '../render/printable.js';
import { count } from '../render/words.js';
import { fullName } from './look.js';

export type OperatorVerb = 'resume' | 'retry' | 'approve' | 'detach';

const targetsOf: Readonly<Record<OperatorVerb, readonly TargetName['kind'][]>> = {
  resume: ['solution', 'element'],
  retry: ['solution', 'element'],
  approve: ['hold'],
  detach: ['solution'],
};

/** Asks the controller for something that it notes with who and why. */
export async function operate(
  context: Context,
  verb: OperatorVerb,
  target: string,
  options: { readonly reason: string },
): Promise<ExitCode> {
  const operations = await context.loadOperations();
  const name = await fullName(context, target, targetsOf[verb]);
  return answer(
    context,
    await operations[verb]({ ...requestOf(context), target: name, reason: options.reason }),
  );
}

export interface DownOptions {
  readonly yes?: boolean;
  readonly reason: string;
  readonly timeout?: string;
}

export async function down(context: Context, options: DownOptions): Promise<ExitCode> {
  const timeoutMs = durationMsOf(options.timeout, '--timeout');
  const operations = await context.loadOperations();
  const line = progressLine(context.terminal);
  const consent = { refused: false };
  try {
    const view = await operations.down(
      { ...requestOf(context), reason: options.reason, timeoutMs },
      {
        approve: async (instances) => {
          line.clear();
          const refusal = options.yes === true ? null : await askAll(context, instances);
          consent.refused = refusal !== null;
          if (refusal !== null && !context.json) context.terminal.err(`${refusal}\n`);
          return refusal === null;
        },
        progress: (progress) => line.update(progress),
      },
    );
    line.clear();
    const code = answer(context, view);
    return consent.refused ? 5 : code;
  } finally {
    line.clear();
  }
}

async function askAll(context: Context, instances: readonly string[]): Promise<string | null> {
  if (instances.length === 0) return null;
  for (const id of instances) context.terminal.err(`  ${context.errPaint.red('-')} ${printable(id)}\n`);
  const what = count(instances.length, 'instance');
  return askToDestroy(context, `Take down ${what} for good?`, `${what} would be destroyed for good`);
}

function answer({ terminal, json }: Context, view: ActView): ExitCode {
  const { done, message } = view;
  terminal.out(json ? jsonDocument({ done, message }) : `${printable(message)}\n`);
  return done ? 0 : 2;
}
