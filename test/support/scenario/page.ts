import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gitEnvironment } from '../git.js';
import type { Finished, Stage } from '../heliostat.js';

/** A block of commands of a page that people read, and the name under which a test runs it. */
export interface Block {
  readonly name: string | null;
  readonly commands: string;
}

/** All blocks of a page that a shell can run, in order; each is preceded by `<!-- run: name -->`. */
export function blocksOf(page: string): Block[] {
  const text = readFileSync(fileURLToPath(new URL(`../../../${page}`, import.meta.url)), 'utf8');
  const found = text.matchAll(/(?:<!-- run: ([a-z-]+) -->\n+)?```sh\n([\s\S]*?)```/g);
  return [...found].map(([, name, commands]) => ({ name: name ?? null, commands: commands ?? '' }));
}

const withinMs = 90_000;

/** Runs a block as a person would, in a shell in which `heliostat` is the program of the stage. */
export function runBlock(
  s: Stage,
  commands: string,
  names: Readonly<Record<string, string>>,
): Promise<Finished> {
  const bin = join(s.folder, 'bin');
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(bin, 'heliostat'), `#!/bin/sh\nexec "${process.execPath}" "${s.program}" "$@"\n`, {
    mode: 0o755,
  });
  const env = {
    ...gitEnvironment(),
    TMPDIR: join(s.folder, 't'),
    HOME: s.folder,
    NO_COLOR: '1',
    PATH: `${bin}:${process.env['PATH'] ?? ''}`,
    REPO: s.repository,
    DOMAIN: 'test',
    STATE: join(s.repository, '.heliostat/state'),
    ...names,
  };
  const child = spawn('bash', ['-u', '-c', commands], {
    cwd: s.folder,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: withinMs,
    killSignal: 'SIGKILL',
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}
