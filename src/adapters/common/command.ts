import { spawn, type ChildProcess } from 'node:child_process';
import { plainText } from '../../core/base/plain-text.js';
import type { Redactor } from '../../core/base/safe-text.js';

/** Of what the command prints, the end is kept. */
const keptBytes = 4_096;
const shownCharacters = 300;
const inherited = ['PATH', 'HOME', 'LANG', 'TMPDIR'];

/** A command that is run to be asked something. */
export interface Asked {
  readonly child: ChildProcess;
  /** The last line that it has printed until now, for people. */
  lastLine(redact: Redactor): string;
  /** Ends it, with all that it started. */
  end(): void;
}

/** Starts it without a shell, at the root, with these variables and of our own the few that every program needs. */
export function askCommand(
  [program = '', ...args]: readonly string[],
  variables: Readonly<Record<string, string>>,
  ours: NodeJS.ProcessEnv,
): Asked {
  const child = spawn(program, args, {
    cwd: '/',
    env: { ...passedOn(ours), ...variables },
    // A session of its own can be ended as a whole, and does not hear Ctrl-C.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const printed = endOf(child);
  return {
    child,
    // Without its colours first: they may stand in the middle of a secret.
    lastLine: (redact) => lastOf(redact(plainText(printed()))),
    end: () => endGroup(child),
  };
}

function passedOn(from: NodeJS.ProcessEnv): Record<string, string> {
  const env: Record<string, string> = {};
  for (const name of inherited) {
    const value = from[name];
    if (value !== undefined) env[name] = value;
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

function lastOf(text: string): string {
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
