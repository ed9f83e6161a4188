import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { makeFolder } from './git.js';
import type { FakeGitHub } from './forge/github.js';
import type { GitServer } from './git-server.js';

const program = fileURLToPath(new URL('../../dist/action/index.js', import.meta.url));

export interface StepOptions {
  readonly command: string;
  readonly event: 'pull_request' | 'push' | 'merge_group' | 'schedule';
  readonly payload?: object;
  readonly ref?: string;
  readonly sha?: string;
  readonly token: string;
  readonly inputs?: Readonly<Record<string, string>>;
}

export interface StepResult {
  readonly code: number | null;
  readonly log: string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
}

export interface RunningStep {
  readonly child: ChildProcess;
  readonly log: () => string;
  readonly ended: Promise<StepResult>;
}

/** The Action's bundle as a runner runs it: a fresh folder, files for outputs and summary, and nothing else of ours. */
export function startStep(
  { hub, server }: { readonly hub: FakeGitHub; readonly server: GitServer },
  options: StepOptions,
): RunningStep {
  const folder = makeFolder('hs-runner-');
  mkdirSync(join(folder, 'temp'));
  const file = (name: string, text = ''): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const { owner, name } = hub.state;
  const child = spawn(process.env['HELIOSTAT_NODE_24'] ?? process.execPath, [program], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env['PATH'],
      HOME: folder,
      CI: 'true',
      GITHUB_ACTIONS: 'true',
      GITHUB_REPOSITORY: `${owner}/${name}`,
      GITHUB_SERVER_URL: new URL(server.url).origin,
      GITHUB_API_URL: hub.url,
      GITHUB_RUN_ID: '4711',
      GITHUB_ACTOR: 'ada',
      GITHUB_EVENT_NAME: options.event,
      GITHUB_EVENT_PATH: file('event.json', JSON.stringify(options.payload ?? {})),
      GITHUB_REF: options.ref ?? 'refs/heads/main',
      GITHUB_SHA: options.sha ?? '',
      GITHUB_OUTPUT: file('output'),
      GITHUB_STEP_SUMMARY: file('summary.md'),
      RUNNER_TEMP: join(folder, 'temp'),
      INPUT_COMMAND: options.command,
      INPUT_TOKEN: options.token,
      INPUT_REPOSITORY: server.url,
      ...Object.fromEntries(
        Object.entries(options.inputs ?? {}).map(([input, value]) => [`INPUT_${input.toUpperCase()}`, value]),
      ),
    },
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  // Of a step that outlives its test the folder is gone.
  const read = (name: string): string =>
    existsSync(join(folder, name)) ? readFileSync(join(folder, name), 'utf8') : '';
  let log = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (text: string) => (log += text));
  const ended = new Promise<StepResult>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) =>
      resolve({ code, log, outputs: outputsIn(read('output')), summary: read('summary.md') }),
    );
  });
  return { child, log: () => log, ended };
}

/** `name<<end`, lines, `end`: https://docs.github.com/actions/reference/workflow-commands-for-github-actions */
function outputsIn(text: string): Record<string, string> {
  const outputs: Record<string, string> = {};
  for (const [, name = '', , value = ''] of text.matchAll(/^([\w-]+)<<(\S+)\n([\s\S]*?)\n?\2$/gm))
    outputs[name] = value;
  return outputs;
}

/** What GitHub tells of a pull request. */
export function pullRequestPayload(
  hub: FakeGitHub,
  pull: { readonly number: number; readonly head: string; readonly base: string; readonly fork?: string },
): object {
  const full = `${hub.state.owner}/${hub.state.name}`;
  return {
    action: 'synchronize',
    number: pull.number,
    pull_request: {
      number: pull.number,
      merged: false,
      head: { sha: pull.head, ref: 'change', repo: { full_name: pull.fork ?? full } },
      base: { sha: pull.base, ref: 'main', repo: { full_name: full } },
    },
  };
}
