import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { readInputs } from '../../../src/entry/action/inputs.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const textOf = (path: string): string => readFileSync(join(root, path), 'utf8');

interface Described {
  readonly description: string;
  readonly required?: boolean;
  readonly default?: string;
}

const action = parse(textOf('action.yml')) as {
  readonly inputs: Readonly<Record<string, Described>>;
  readonly outputs: Readonly<Record<string, Described>>;
  readonly runs: { readonly using: string; readonly main: string };
};

function variable(input: string): string {
  return `INPUT_${input.toUpperCase()}`;
}

/** What the code asks its environment for. */
function variablesRead(): string[] {
  const read = new Set<string>();
  readInputs(
    new Proxy<Record<string, string>>(
      {},
      {
        get(_, name) {
          read.add(String(name));
          return undefined;
        },
      },
    ),
  );
  return [...read].sort();
}

/** Names in the literals that commands hand on as their outputs, and what every command writes. */
function outputsWritten(): string[] {
  // Parameters of functions look like literals.
  const commands = textOf('src/entry/action/commands.ts').replaceAll(/\(\{[^}]*\}\) =>/g, '');
  const literals = [...commands.matchAll(/^ {4}outputs: \{([^\n]*\},\n|[\s\S]*?^ {4}\},$)/gm)];
  const named = literals.flatMap(([, literal = '']) => [
    ...literal.matchAll(/(?:^|[{,]|\n) *'?([a-z][a-z-]*)'?: /g),
  ]);
  const always = [...textOf('src/entry/action/run.ts').matchAll(/runner\.output\('([a-z-]+)'/g)];
  return [...new Set([...named, ...always].map(([, name = '']) => name))].sort();
}

describe('action.yml', () => {
  it('declares each input that is read and no other, since the runner hands on what is declared', () => {
    expect(Object.keys(action.inputs).map(variable).sort()).toEqual(variablesRead());
  });

  it('declares each output that is written and no other, since a job can hand on only what is declared', () => {
    expect(outputsWritten().length).toBeGreaterThan(5);
    expect(Object.keys(action.outputs).sort()).toEqual(outputsWritten());
  });

  it('has defaults that mean what the code takes where nothing is said', () => {
    const { token, ...inputs } = action.inputs;
    const env = Object.fromEntries(
      Object.entries(inputs).map(([name, { default: usual = '' }]) => [variable(name), usual]),
    );
    expect(readInputs(env)).toEqual(readInputs({}));
    expect(token?.default).toBe('${{ github.token }}');
  });

  it('requires nothing, so that a step of two lines plans', () => {
    expect(Object.values(action.inputs).every(({ required }) => required === false)).toBe(true);
  });

  it('runs on Node 24 what the build writes and the repository holds', () => {
    expect(action.runs).toEqual({ using: 'node24', main: 'dist/action/index.js' });
    expect(textOf('scripts/lib/entries.mjs')).toContain("{ name: 'action/index', ");
    expect(existsSync(join(root, action.runs.main))).toBe(true);
  });

  it('describes inputs and outputs as docs/github/README.md does', () => {
    const rows = textOf('docs/github/README.md')
      .split('\n')
      .filter((line) => line.startsWith('| `'))
      .map((line) =>
        line
          .split('|')
          .slice(1, -1)
          .map((cell) => cell.trim()),
      );
    const inputs = Object.entries(action.inputs).map(([name, { description, default: usual = '' }]) => [
      `\`${name}\``,
      usual === '' ? '' : `\`${usual}\``,
      description,
    ]);
    const outputs = Object.entries(action.outputs).map(([name, { description }]) => [
      `\`${name}\``,
      description,
    ]);
    for (const row of [...inputs, ...outputs]) expect(rows).toContainEqual(row);
  });
});
