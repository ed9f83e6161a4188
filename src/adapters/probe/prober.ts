import { redactorOf, safe, type Redactor } from '../../core/base/safe-text.js';
import type { Cancel } from '../../ports/clock.js';
import type { ProbeAnswer, Prober, ProbeTask } from '../../ports/probe.js';
import { probeCommand } from './command.js';
import { probeHttp } from './http.js';
import { probeTcp } from './tcp.js';

export interface ProberOptions {
  /** In front of what a probed program or server says. */
  readonly redact?: Redactor;
  /** Where PATH, HOME, LANG and TMPDIR of a probe's command are taken from. */
  readonly environment?: NodeJS.ProcessEnv;
}

export function createProber(options: ProberOptions = {}): Prober {
  const redact = options.redact ?? redactorOf([]);
  const environment = options.environment ?? process.env;
  return {
    async probe(task, cancel) {
      if (cancel.cancelled) return { good: false, detail: safe('interrupted') };
      try {
        return await ask(task, cancel, environment, redact);
      } catch (error) {
        // What a foreign answer makes the platform throw is an answer as well.
        return { good: false, detail: redact(String(error)) };
      }
    },
  };
}

function ask(
  task: ProbeTask,
  cancel: Cancel,
  environment: NodeJS.ProcessEnv,
  redact: Redactor,
): Promise<ProbeAnswer> {
  const { probe } = task;
  if (probe.kind === 'command') return probeCommand(task, probe.command, { cancel, environment, redact });
  const port = probe.port ?? task.port;
  if (port === null) return Promise.resolve({ good: false, detail: safe('there is no port to probe') });
  const target = { address: task.address, port, timeoutMs: task.timeoutMs };
  return probe.kind === 'http' ? probeHttp(target, probe, cancel) : probeTcp(target, cancel);
}
