import packageFile from '../../package.json' with { type: 'json' };
import type { ExitCode } from './cli/operations.js';
import { processTerminal } from './cli/terminal.js';

const { version } = packageFile;

/** The command `heliostat`. Whatever a verb needs is loaded when it is needed, so that it starts at once. */
async function main(argv: readonly string[]): Promise<ExitCode> {
  const terminal = processTerminal();
  const { runProgram } = await import('./cli/program.js');
  const code = await runProgram(argv, {
    terminal,
    env: process.env,
    cwd: process.cwd(),
    version,
    signal: interruption(),
    nowMs: Date.now,
    loadOperations: async () => (await import('./compose.js')).composeOperations({ version }),
  });
  await terminal.flush();
  return code;
}

/** The first Ctrl-C asks for an orderly end; the second does not wait for it. */
function interruption(): AbortSignal {
  const interrupt = new AbortController();
  const stop = (name: NodeJS.Signals) => {
    if (interrupt.signal.aborted) process.exit(130);
    interrupt.abort(name);
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  return interrupt.signal;
}

process.exit(await main(process.argv.slice(2)));
