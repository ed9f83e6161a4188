import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import { devNull } from 'node:os';
import type { Readable, Writable } from 'node:stream';
import type { Layout } from './layout.js';

export type GitChild = ChildProcessByStdio<Writable, Readable, null>;

export interface GitAnswer {
  readonly code: number;
  readonly output: Buffer;
}

/** The installed git, run so that neither environment, configuration nor content can make it run anything else. */
export interface GitTool {
  /** A child that lives on; the caller ends it. */
  start(command: readonly string[]): GitChild;
  /** Runs to its end; never rejects for a bad exit code, only if git cannot be run. */
  run(command: readonly string[], options?: RunOptions): Promise<GitAnswer>;
}

export interface RunOptions {
  readonly input?: string;
  /** With the person's own configuration: what that person ignores is not to be listed. */
  readonly personal?: boolean;
  /** Further variables. */
  readonly environment?: NodeJS.ProcessEnv;
}

const executableNames = process.platform === 'win32' ? ['git.exe'] : ['git'];

/** The path of git, or null where it is not installed. */
export function findGit(path = process.env['PATH'] ?? ''): string | null {
  // A folder that is not absolute means the one we are in, which may be the model's: no program is taken from there.
  for (const folder of path.split(delimiter).filter(isAbsolute)) {
    for (const name of executableNames) {
      const file = join(folder, name);
      try {
        accessSync(file, constants.X_OK);
        return file;
      } catch {
        continue;
      }
    }
  }
  return null;
}

export function gitTool(executable: string, layout: Layout): GitTool {
  const start = (command: readonly string[], options: RunOptions = {}): GitChild =>
    spawn(executable, [...globalOptions, ...command], {
      cwd: layout.workTree ?? layout.gitDir,
      env: { ...childEnvironment(layout, options.personal ?? false), ...options.environment },
      stdio: ['pipe', 'pipe', 'ignore'],
      // A session of its own: Ctrl-C on the terminal is for the controller, which ends its children itself.
      detached: true,
      windowsHide: true,
    });
  return { start, run: (command, options) => settled(start(command, options), options?.input ?? '') };
}

export const globalOptions: readonly string[] = [
  '--no-optional-locks',
  '--no-replace-objects',
  '--literal-pathspecs',
  // Until 2.41 the configuration overrides the option before.
  '-c',
  'core.useReplaceRefs=false',
  // Larger ones are streamed, and never as a whole in git's memory.
  '-c',
  'core.bigFileThreshold=16m',
  '-c',
  'core.fsmonitor=false',
  '-c',
  `core.hooksPath=${devNull}`,
  '-c',
  'protocol.allow=never',
];

/** Only what git needs to run. An explicit GIT_DIR also spares the search for, and the question who owns, it. */
export function childEnvironment(
  layout: Pick<Layout, 'gitDir' | 'workTree'>,
  personal: boolean,
): NodeJS.ProcessEnv {
  const kept: NodeJS.ProcessEnv = {};
  for (const name of ['PATH', 'HOME', 'XDG_CONFIG_HOME', 'TMPDIR', 'TEMP', 'SystemRoot']) {
    const value = process.env[name];
    if (value !== undefined) kept[name] = value;
  }
  return {
    ...kept,
    GIT_DIR: layout.gitDir,
    ...(layout.workTree === null ? {} : { GIT_WORK_TREE: layout.workTree }),
    ...(personal ? {} : { GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: devNull }),
    // A partial clone must not go to the network behind our back; older gits know only the second.
    GIT_NO_LAZY_FETCH: '1',
    GIT_ALLOW_PROTOCOL: 'none',
    GIT_TERMINAL_PROMPT: '0',
    LC_ALL: 'C',
  };
}

function settled(child: GitChild, input: string): Promise<GitAnswer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    child.on('error', reject);
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.on('close', (code) => resolve({ code: code ?? 1, output: Buffer.concat(chunks) }));
    // git may end before it has read everything: its exit code tells, not the broken pipe.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
  });
}
