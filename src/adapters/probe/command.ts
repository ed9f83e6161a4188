import type { Redactor } from '../../core/base/safe-text.js';
import type { Cancel } from '../../ports/clock.js';
import type { ProbeAnswer, ProbeTask } from '../../ports/probe.js';
import { askCommand } from '../common/command.js';
import { once } from './once.js';

export interface CommandSurroundings {
  readonly cancel: Cancel;
  readonly environment: NodeJS.ProcessEnv;
  readonly redact: Redactor;
}

/** Good if the command, run without a shell, ends with 0. Whatever it started ends with the probe. */
export function probeCommand(
  task: ProbeTask,
  command: readonly string[],
  { cancel, environment, redact }: CommandSurroundings,
): Promise<ProbeAnswer> {
  const [program] = command;
  return once(task.timeoutMs, cancel, ({ answer, sinceMs }) => {
    if (program === undefined) {
      answer(false, 'the probe has no command');
      return () => undefined;
    }
    const asked = askCommand(command, variablesOf(task), environment);
    asked.child.once('error', (error) => {
      answer(false, `${redact(program)}: ${(error as NodeJS.ErrnoException).code ?? 'cannot be run'}`);
    });
    asked.child.once('close', (code, signal) => {
      const how = signal === null ? `exit ${code ?? '?'}` : `ended by ${signal}`;
      const last = asked.lastLine(redact);
      answer(code === 0, `${how} in ${sinceMs()} ms${last === '' ? '' : `: ${last}`}`);
    });
    return () => asked.end();
  });
}

function variablesOf({ address, port }: ProbeTask): Record<string, string> {
  return { HELIOSTAT_ADDRESS: address, ...(port === null ? {} : { HELIOSTAT_PORT: String(port) }) };
}
