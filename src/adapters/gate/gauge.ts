import type { Gate } from '../../core/base/canary.js';
import { redactorOf, safe, type Redactor } from '../../core/base/safe-text.js';
import type { GateTarget, Gauge } from '../../ports/gate.js';
import { attempt, unmeasured, type Answer } from './attempt.js';
import { measureCommand } from './command.js';
import { measureHttp } from './http.js';
import { measurePrometheus } from './prometheus.js';

export interface GaugeOptions {
  /** In front of what a program or server says. */
  readonly redact?: Redactor;
  /** Where PATH, HOME, LANG and TMPDIR of a command are taken from. */
  readonly environment?: NodeJS.ProcessEnv;
}

export function createGauge(options: GaugeOptions = {}): Gauge {
  const redact = options.redact ?? redactorOf([]);
  const environment = options.environment ?? process.env;
  return {
    async measure(gate, target, cancel) {
      if (cancel.cancelled) return unmeasured(safe('interrupted'));
      try {
        return await attempt(gate.timeoutMs, cancel, (answer) =>
          begin(gate, target, { answer, redact, environment }),
        );
      } catch (error) {
        // What a foreign answer makes the platform throw is no measurement.
        return unmeasured(redact(String(error)));
      }
    },
  };
}

interface Surroundings {
  readonly answer: Answer;
  readonly redact: Redactor;
  readonly environment: NodeJS.ProcessEnv;
}

function begin(gate: Gate, target: GateTarget, surroundings: Surroundings): () => void {
  const { measure } = gate;
  const { answer, redact } = surroundings;
  switch (measure.kind) {
    case 'http':
      return measureHttp(measure, target, surroundings);
    case 'prometheus':
      return measurePrometheus(measure, gate, redact, answer);
    case 'command':
      return measureCommand(gate, measure.command, target, surroundings);
  }
}
