import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { vi } from 'vitest';
import { makeFolder } from './git.js';

export interface FakeSsh {
  /** What stood on the command line of each call, without the last word. */
  readonly called: () => readonly string[];
  /** What the next calls do: run what they are asked for, or say this and fail. */
  fails: (words: string | null) => void;
}

/** A program in the place of ssh, which runs what git asks for on this machine: real git at both ends. */
export function fakeSsh(): FakeSsh {
  const folder = makeFolder('hs-ssh-');
  const [program, log, words] = [join(folder, 'ssh'), join(folder, 'log'), join(folder, 'words')];
  writeFileSync(log, '');
  writeFileSync(
    program,
    `#!/bin/sh
printf '%s|' "$@" >> '${log}'; echo >> '${log}'
if [ -f '${words}' ]; then cat '${words}' >&2; [ -s '${words}' ] && exit 255; fi
for last; do :; done
exec sh -c "$last"
`,
    { mode: 0o755 },
  );
  vi.stubEnv('GIT_SSH', program);
  return {
    called: () =>
      readFileSync(log, 'utf8')
        .split('\n')
        .filter((line) => line !== ''),
    fails: (text) => writeFileSync(words, text === null ? '' : `${text}\n`),
  };
}
