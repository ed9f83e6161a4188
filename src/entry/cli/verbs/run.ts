import type { Context } from '../context.js';
import { requestOf } from '../context.js';
import type { ExitCode, RunHooks } from '../operations.js';
import { eventJson, renderEvent } from '../render/events.js';
import { printable } from '../render/printable.js';
import { count } from '../render/words.js';

export interface RunOptions {
  readonly takeover?: boolean;
  readonly healthListen?: string;
}

export async function run(context: Context, options: RunOptions): Promise<ExitCode> {
  const operations = await context.loadOperations();
  await operations.run(
    {
      ...requestOf(context),
      takeover: options.takeover === true,
      healthListen: options.healthListen ?? null,
    },
    hooks(context),
  );
  return 0;
}

function hooks({ terminal, paint, errPaint, json }: Context): RunHooks {
  return {
    ready: ({ domain, branch, controller, dashboard }) => {
      const follows = `${printable(controller)} follows ${printable(branch)} for domain ${printable(domain)}`;
      terminal.err(`${errPaint.green('ready')} ${follows}\n`);
      if (dashboard !== null) terminal.err(`  dashboard ${printable(dashboard)}\n`);
      terminal.err('  Ctrl-C ends it; what runs goes on running.\n');
    },
    hearing: (url) => terminal.err(`webhooks are heard at ${url}\n`),
    listening: (url) => terminal.err(`health at ${url}/healthz and ${url}/readyz\n`),
    waits: ({ message, command }) => {
      terminal.err(
        `${errPaint.yellow('waits')} nothing is done, and what runs goes on: ${printable(message)}\n`,
      );
      if (command !== null) terminal.err(`  ${errPaint.cyan(printable(command))}\n`);
    },
    goesOn: () => terminal.err(`${errPaint.green('ready')} it goes on\n`),
    ended: (running) => {
      if (running > 0)
        terminal.err(
          `ended; ${count(running, 'instance')} ${running === 1 ? 'runs' : 'run'} on. Go on: heliostat run. Take everything down: heliostat down\n`,
        );
    },
    event: (event) => terminal.out(json ? eventJson(event) : renderEvent(event, paint)),
  };
}
