import { spawn, type ChildProcess } from 'node:child_process';
import type { Gate } from '../../core/base/canary.js';
import { plainText } from '../../core/base/plain-text.js';
import { safe, type Redactor } from '../../core/base/safe-text.js';
import type { GateAnswer } from '../../core/rollout/gate.js';
import type { GateTarget } from '../../ports/gate.js';
import { failed, passed, unmeasured, type Answer } from './attempt.js';

export interface CommandSurroundings {
  readonly environment: NodeJS.ProcessEnv;
  readonly redact: Redactor;
}

/** Of what the command prints, the end is kept. */
const keptBytes = 4_096;
const shownCharacters = 300;
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
  const [program = '', ...args] = command;
  const child = spawn(program, args, {
    cwd: '/',
    env: environmentFor(name, target, environment),
    // A session of its own can be ended as a whole, and does not hear Ctrl-C.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = endOf(child);
  const end = (code: number | null, signal: NodeJS.Signals | null): void =>
    answer(judge(code, signal, lastLine(redact(plainText(output())))));
  let late: NodeJS.Timeout | undefined;
  child.once('error', (error) => {
    const { code } = error as NodeJS.ErrnoException;
    answer(unmeasured(safe(`${redact(program)} cannot be run${code === undefined ? '' : ` (${code})`}`)));
  });
  child.once('exit', (code, signal) => {
    late = setTimeout(() => end(code, signal), outputMs);
  });
  child.once('close', end);
  return () => {
    clearTimeout(late);
    endGroup(child);
  };
}

function judge(code: number | null, signal: NodeJS.Signals | null, said: string): GateAnswer {
  const detail = safe(
    `${signal === null ? `exit ${code ?? '?'}` : `ended by ${signal}`}${said === '' ? '' : `: ${said}`}`,
  );
  if (code === 0) return passed(detail);
  return code === null || unmeasuredCodes.includes(code) ? unmeasured(detail) : failed(detail);
}

function environmentFor(name: string, target: GateTarget, from: NodeJS.ProcessEnv): Record<string, string> {
  const env: Record<string, string> = {
    HELIOSTAT_GATE: name,
    HELIOSTAT_INSTANCES: target.instances
      .map(
        ({ address, port }) =>
          `${address.includes(':') ? `[${address}]` : address}${port === null ? '' : `:${port}`}`,
      )
      .join(' '),
  };
  if (target.endpoint !== null) env['HELIOSTAT_ENDPOINT'] = target.endpoint;
  for (const key of ['PATH', 'HOME', 'LANG', 'TMPDIR']) {
    const value = from[key];
    if (value !== undefined) env[key] = value;
  }
  return env;
}

function endOf(child: ChildProcess): () => string {
  let kept = Buffer.alloc(0);
  let isCut = false;
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      const all = Buffer.concat([kept, chunk]);
      isCut ||= all.length > keptBytes;
      kept = all.subarray(-keptBytes);
    });
  }
  // The rest of a line that was cut could be the rest of a secret, which no redactor knows.
  return () => (isCut ? kept.subarray(kept.indexOf('\n') + 1 || kept.length) : kept).toString('utf8');
}

function lastLine(text: string): string {
  return (text.trimEnd().split('\n').at(-1) ?? '').trim().slice(0, shownCharacters);
}

function endGroup(child: ChildProcess): void {
  child.stdout?.destroy();
  child.stderr?.destroy();
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It is gone already, with all that it started.
  }
}
