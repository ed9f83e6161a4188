import type { StatusView } from '../../../core/status/view.js';
import type { Context } from '../context.js';
import { requestOf, streamRequestOf } from '../context.js';
import type { ExitCode } from '../operations.js';
import { statusJson, statusJsonLine } from '../render/status-json.js';
import { renderStatus } from '../render/status.js';
import { isThere, selectTarget } from '../status-target.js';

export interface StatusOptions {
  readonly at?: string;
  readonly watch?: boolean;
  readonly instances?: boolean;
}

export async function status(
  context: Context,
  target: string | undefined,
  options: StatusOptions,
): Promise<ExitCode> {
  const operations = await context.loadOperations();
  const choice = { instances: options.instances === true || target !== undefined };
  const select = (view: StatusView) => (target === undefined ? view : selectTarget(view, target));
  if (options.watch === true && options.at === undefined) return watch(context, select, choice);
  const view = select(await operations.status({ ...requestOf(context), at: options.at ?? null }));
  context.terminal.out(context.json ? statusJson(view) : renderStatus(view, context.paint, choice));
  return isThere(view) ? 0 : 2;
}

/** On a terminal the picture is drawn again in place; elsewhere one after the other. */
async function watch(
  context: Context,
  select: (view: StatusView) => StatusView,
  choice: { readonly instances: boolean },
): Promise<ExitCode> {
  const { terminal, paint, json } = context;
  const operations = await context.loadOperations();
  const home = terminal.outIsTerminal && !json ? '\u001b[H\u001b[2J' : '';
  let there = false;
  for await (const each of operations.watchStatus({ ...streamRequestOf(context), at: null })) {
    const view = select(each);
    there = isThere(view);
    terminal.out(json ? statusJsonLine(view) : `${home}${renderStatus(view, paint, choice)}`);
  }
  return there ? 0 : 2;
}
