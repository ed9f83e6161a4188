import type { Context } from '../context.js';
import { requestOf, streamRequestOf } from '../context.js';
import { countOf, momentMsOf } from '../moments.js';
import type { ExitCode, TargetName } from '../operations.js';
import { eventJson, logLineJson, renderEvent, renderLogLine } from '../render/events.js';
import { graphJson, renderDot, renderMermaid } from '../render/graph.js';
import { historyJson, renderHistory } from '../render/history.js';
import { resolveTarget } from '../targets.js';

export async function history(
  context: Context,
  target: string | undefined,
  options: { readonly limit: string },
): Promise<ExitCode> {
  const limit = countOf(options.limit, '--limit');
  const operations = await context.loadOperations();
  const name = target === undefined ? null : await fullName(context, target, ['solution', 'element']);
  const view = await operations.history({ ...requestOf(context), target: name, limit });
  context.terminal.out(context.json ? historyJson(view) : renderHistory(view, context.paint));
  return 0;
}

export async function events(
  context: Context,
  target: string | undefined,
  options: { readonly follow?: boolean; readonly since?: string },
): Promise<ExitCode> {
  const sinceMs = momentMsOf(options.since, context.nowMs());
  const operations = await context.loadOperations();
  const name =
    target === undefined ? null : await fullName(context, target, ['solution', 'element', 'instance']);
  const request = { ...streamRequestOf(context), target: name, follow: options.follow === true, sinceMs };
  for await (const event of operations.events(request)) {
    context.terminal.out(context.json ? eventJson(event) : renderEvent(event, context.paint));
  }
  return 0;
}

export async function graph(
  context: Context,
  revision: string | undefined,
  options: { readonly format?: 'mermaid' | 'dot' | 'json' },
): Promise<ExitCode> {
  const operations = await context.loadOperations();
  const view = await operations.graph({ ...requestOf(context), revision: revision ?? null });
  const format = options.format ?? (context.json ? 'json' : 'mermaid');
  const render = { mermaid: renderMermaid, dot: renderDot, json: graphJson }[format];
  context.terminal.out(render(view));
  return 0;
}

export interface LogsOptions {
  readonly follow?: boolean;
  readonly since?: string;
  readonly previous?: boolean;
  readonly lines: string;
}

export async function logs(context: Context, target: string, options: LogsOptions): Promise<ExitCode> {
  const sinceMs = momentMsOf(options.since, context.nowMs());
  const lines = countOf(options.lines, '--lines');
  const operations = await context.loadOperations();
  const found = await find(context, target, ['solution', 'element', 'instance']);
  const request = {
    ...streamRequestOf(context),
    target: found.name,
    follow: options.follow === true,
    previous: options.previous === true,
    sinceMs,
    lines,
  };
  const named = found.kind !== 'instance';
  for await (const line of operations.logs(request)) {
    context.terminal.out(context.json ? logLineJson(line) : renderLogLine(line, context.paint, named));
  }
  return 0;
}

async function find(
  context: Context,
  text: string,
  kinds: readonly TargetName['kind'][],
): Promise<TargetName> {
  const operations = await context.loadOperations();
  return resolveTarget(text, await operations.targets(requestOf(context)), kinds);
}

export async function fullName(
  context: Context,
  text: string,
  kinds: readonly TargetName['kind'][],
): Promise<string> {
  return (await find(context, text, kinds)).name;
}
