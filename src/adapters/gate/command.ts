import type { Gate } from '../../core/base/canary.js';
import type { SafeText } from '../../core/base/safe-text.js';
import { safe, type Redactor } from '../../core/base/safe-text.js';
import type { GateAnswer } from '../../core/rollout/gate.js';
import type { GateTarget } from '../../ports/gate.js';
import { askCommand } from '../common/command.js';
import { failed, passed, unmeasured, type Answer } from './attempt.js';

export interface CommandSurroundings {
  readonly environment: NodeJS.ProcessEnv;
  readonly redact: Redactor;
}

/** What a command has printed is read within this time of its end, though something that it started goes on. */
const outputMs = 500;
/** Try again later (sysexits.h); and of a shell: cannot be run, and not found. */
const unmeasuredCodes: readonly number[] = [75, 126, 127];

/** Run without a shell. Whatever it started ends with the measurement. */
export function measureCommand(
  { name }: Pick<Gate, 'name'>,
  command: readonly string[],
  target: GateTarget,
  { environment, redact, answer }: CommandSurroundings & { readonly answer: Answer },
): () => void {
  const asked = askCommand(command, variablesOf(name, target), environment);
  const end = (code: number | null, signal: NodeJS.Signals | null): void =>
    answer(judge(code, endText(code, signal, asked.lastLine(redact))));
  let late: NodeJS.Timeout | undefined;
  asked.child.once('error', (error) => {
    const { code } = error as NodeJS.ErrnoException;
    const program = redact(command[0] ?? '');
    answer(unmeasured(safe(`${program} cannot be run${code === undefined ? '' : ` (${code})`}`)));
  });
  asked.child.once('exit', (code, signal) => {
    late = setTimeout(() => end(code, signal), outputMs);
  });
  asked.child.once('close', end);
  return () => {
    clearTimeout(late);
    asked.end();
  };
}

/** `exit 3: no route to host`. */
function endText(code: number | null, signal: NodeJS.Signals | null, said: string): SafeText {
  const how = signal === null ? `exit ${code ?? '?'}` : `ended by ${signal}`;
  return safe(said === '' ? how : `${how}: ${said}`);
}

function judge(code: number | null, detail: SafeText): GateAnswer {
  if (code === 0) return passed(detail);
  return code === null || unmeasuredCodes.includes(code) ? unmeasured(detail) : failed(detail);
}

function variablesOf(name: string, { instances, endpoint }: GateTarget): Record<string, string> {
  const places = instances.map(
    ({ address, port }) =>
      `${address.includes(':') ? `[${address}]` : address}${port === null ? '' : `:${port}`}`,
  );
  return {
    HELIOSTAT_GATE: name,
    HELIOSTAT_INSTANCES: places.join(' '),
    ...(endpoint === null ? {} : { HELIOSTAT_ENDPOINT: endpoint }),
  };
}
