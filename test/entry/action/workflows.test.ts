import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { actionCommands, readInputs } from '../../../src/entry/action/inputs.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const folder = join(root, 'docs/github');
/** Nobody can mistake it for a release, and nobody can run it. */
const ours = 'acme/heliostat@<full SHA of a release>';

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, string | boolean>>;
}

interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions: Readonly<Record<string, string>>;
  readonly concurrency: { readonly group: string; readonly 'cancel-in-progress': boolean };
  readonly jobs: Readonly<
    Record<
      string,
      {
        readonly permissions: Readonly<Record<string, string>>;
        readonly 'timeout-minutes': number;
        readonly steps: readonly Step[];
      }
    >
  >;
}

const workflows = readdirSync(folder).filter((name) => name.endsWith('.yml'));
const declared = Object.keys(
  (parse(readFileSync(join(root, 'action.yml'), 'utf8')) as { inputs: Record<string, unknown> }).inputs,
);

const textOf = (name: string): string => readFileSync(join(folder, name), 'utf8');
const read = (name: string): Workflow => parse(textOf(name)) as Workflow;
const jobsOf = (name: string) => Object.values(read(name).jobs);
const stepsOf = (name: string) => jobsOf(name).flatMap(({ steps }) => steps);

describe('the example workflows', () => {
  it('are those of the guide', () => {
    expect(workflows).toEqual(['apply.yml', 'drift.yml', 'plan.yml', 'wait.yml']);
  });

  it.each(workflows)(
    '%s gives its jobs what they need, each with its reason, and nothing by default',
    (name) => {
      expect(read(name).permissions).toEqual({});
      const lines = textOf(name).split('\n');
      for (const { permissions } of jobsOf(name)) {
        expect(Object.keys(permissions).length).toBeGreaterThan(0);
        for (const [what, access] of Object.entries(permissions))
          expect(lines.some((line) => line.trim().startsWith(`${what}: ${access} # `))).toBe(true);
      }
    },
  );

  it('write to the repository only where something is applied', () => {
    for (const name of workflows)
      for (const { permissions } of jobsOf(name))
        expect(permissions['contents']).toBe(name === 'apply.yml' ? 'write' : 'read');
    for (const { permissions } of [...jobsOf('wait.yml'), ...jobsOf('drift.yml')])
      expect(Object.values(permissions)).not.toContain('write');
  });

  it.each(workflows)(
    '%s pins what it uses to a commit, with its version, since a tag can be moved',
    (name) => {
      for (const { uses = '' } of stepsOf(name))
        expect(uses === ours || /^[\w./-]+@[0-9a-f]{40}$/.test(uses)).toBe(true);
      for (const line of textOf(name)
        .split('\n')
        .filter((each) => /^ +- uses:/.test(each)))
        expect(line).toMatch(/ # v\S+$/);
    },
  );

  it('never cancel an apply', () => {
    expect(read('apply.yml').concurrency).toEqual({ group: 'heliostat-apply', 'cancel-in-progress': false });
    expect(read('plan.yml').concurrency['cancel-in-progress']).toBe(true);
  });

  it.each(workflows)('%s hands no text of an event to a shell', (name) => {
    expect(textOf(name)).not.toContain('github.event.');
    expect(stepsOf(name).every(({ run }) => run === undefined)).toBe(true);
  });

  it.each(workflows)('%s says only what the Action reads, and ends before its job does', (name) => {
    for (const job of jobsOf(name)) {
      for (const { with: said = {} } of job.steps) {
        expect(Object.keys(said).filter((input) => !declared.includes(input))).toEqual([]);
        const env = Object.entries(said).map(([input, value]) => [
          `INPUT_${input.toUpperCase()}`,
          String(value),
        ]);
        const { command, timeoutMs } = readInputs(Object.fromEntries(env) as Record<string, string>);
        expect(`${command}.yml`).toBe(name);
        expect(actionCommands).toContain(command);
        if (command === 'wait' || command === 'apply')
          expect(timeoutMs).toBeLessThan(job['timeout-minutes'] * 60_000);
      }
    }
  });

  it('start on events that the Action knows, and never on pull_request_target', () => {
    const events = workflows.flatMap((name) => Object.keys(read(name).on));
    const known = ['pull_request', 'merge_group', 'push', 'schedule', 'workflow_dispatch'];
    expect(events.filter((event) => !known.includes(event))).toEqual([]);
    for (const name of ['wait.yml', 'apply.yml'])
      expect(read(name).on['push']).toEqual({ branches: ['main'] });
  });
});
