import type { Context } from '../context.js';
import { requestOf } from '../context.js';
import { askToDestroy } from '../consent.js';
import { durationMsOf } from '../moments.js';
import type { ActView, ExitCode, TargetName } from '../operations.js';
import { Failure } from '../operations.js';
import { progressLine } from '../progress.js';
import { jsonDocument } from '../render/json.js';
import { printable } from '../render/printable.js';
import { count } from '../render/words.js';
import { fullName } from './look.js';

export type OperatorVerb =
  'pause' | 'promote' | 'abort' | 'restart' | 'resume' | 'retry' | 'approve' | 'detach';

const targetsOf: Readonly<Record<OperatorVerb, readonly TargetName['kind'][]>> = {
  pause: ['domain', 'solution', 'element'],
  abort: ['domain', 'solution', 'element'],
  promote: ['solution', 'element'],
  restart: ['solution', 'element'],
  resume: ['domain', 'solution', 'element'],
  retry: ['solution', 'element'],
  approve: ['hold'],
  detach: ['solution'],
};

export interface OperateOptions {
  readonly reason: string;
  /** Of `pause`. */
  readonly for?: string;
  /** Of `abort`. */
  readonly revert?: boolean;
}

/** Asks the controller for something that it notes with who and why. */
export async function operate(
  context: Context,
  verb: OperatorVerb,
  target: string,
  options: OperateOptions,
): Promise<ExitCode> {
  const forMs = durationMsOf(options.for, '--for');
  if (forMs === 0)
    throw new Failure('cli.badDuration', '--for 0s is no time at all', 'Write it like 90s, 10m or 1h30m.');
  const operations = await context.loadOperations();
  const name = await fullName(context, target, targetsOf[verb]);
  const request = { ...requestOf(context), target: name, reason: options.reason };
  const { revert = false } = options;
  return answer(context, await operations[verb]({ ...request, forMs, revert }));
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
