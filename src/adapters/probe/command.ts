import { spawn, type ChildProcess } from 'node:child_process';
import { plainText } from '../../core/base/plain-text.js';
import type { Redactor } from '../../core/base/safe-text.js';
import type { Cancel } from '../../ports/clock.js';
import type { ProbeAnswer, ProbeTask } from '../../ports/probe.js';
import { once } from './once.js';

export interface CommandSurroundings {
  readonly cancel: Cancel;
  readonly environment: NodeJS.ProcessEnv;
  readonly redact: Redactor;
}

/** Of what the command prints, the end is kept. */
const keptBytes = 4_096;
const shownCharacters = 300;

/** Good if the command, run without a shell, ends with 0. Whatever it started ends with the probe. */
export function probeCommand(
  task: ProbeTask,
  command: readonly string[],
  { cancel, environment, redact }: CommandSurroundings,
): Promise<ProbeAnswer> {
  const [program, ...args] = command;
  return once(task.timeoutMs, cancel, ({ answer, sinceMs }) => {
    if (program === undefined) {
      answer(false, 'the probe has no command');
      return () => undefined;
    }
    const child = spawn(program, args, {
      cwd: '/',
      env: environmentFor(task, environment),
      // A session of its own can be ended as a whole, and does not hear Ctrl-C.
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const said = endOf(child);
    child.once('error', (error) => {
      answer(false, `${program}: ${(error as NodeJS.ErrnoException).code ?? 'cannot be run'}`);
    });
    child.once('close', (code, signal) => {
      const how = signal === null ? `exit ${code ?? '?'}` : `ended by ${signal}`;
      const last = lastLine(redact(said()));
      answer(code === 0, `${how} in ${sinceMs()} ms${last === '' ? '' : `: ${last}`}`);
    });
    return () => endGroup(child);
  });
}

function environmentFor(task: ProbeTask, from: NodeJS.ProcessEnv): Record<string, string> {
  const env: Record<string, string> = { HELIOSTAT_ADDRESS: task.address };
  if (task.port !== null) env['HELIOSTAT_PORT'] = String(task.port);
  for (const name of ['PATH', 'HOME', 'LANG', 'TMPDIR']) {
    const value = from[name];
    if (value !== undefined) env[name] = value;
  }
  return env;
}

function endOf(child: ChildProcess): () => string {
  let kept = Buffer.alloc(0);
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      kept = Buffer.concat([kept, chunk]).subarray(-keptBytes);
    });
  }
  return () => kept.toString('utf8');
}

function lastLine(text: string): string {
  return (plainText(text).trimEnd().split('\n').at(-1) ?? '').trim().slice(0, shownCharacters);
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
