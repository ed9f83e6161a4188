import type { Context, Surroundings } from '../../../../src/entry/cli/context.js';
import type { Operations } from '../../../../src/entry/cli/operations.js';
import { runProgram } from '../../../../src/entry/cli/program.js';
import type { Terminal } from '../../../../src/entry/cli/terminal.js';
import { may3Ms } from './fixtures.js';

export interface FakeTerminal extends Terminal {
  readonly said: { out: string; err: string; questions: string[] };
}

export function fakeTerminal(parts: Partial<Terminal> & { answer?: string | null } = {}): FakeTerminal {
  const said = { out: '', err: '', questions: [] as string[] };
  return {
    said,
    out: (text) => void (said.out += text),
    err: (text) => void (said.err += text),
    outIsTerminal: false,
    errIsTerminal: false,
    inIsTerminal: false,
    columns: 80,
    closed: new AbortController().signal,
    ask: (question) => {
      said.questions.push(question);
      return Promise.resolve(parts.answer ?? null);
    },
    flush: () => Promise.resolve(),
    ...parts,
  };
}

/** Operations of which a test gives those that it expects to be called; any other call fails the test. */
export function fakeOperations(parts: Partial<Operations>): Operations {
  return new Proxy(parts as Operations, {
    get: (target, name, receiver) => {
      if (name === 'then') return undefined;
      const found: unknown = Reflect.get(target, name, receiver);
      if (found === undefined) throw new Error(`nobody should have called ${String(name)}`);
      return found;
    },
  });
}

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  readonly questions: readonly string[];
}

/** Runs one command line, as `heliostat` would. */
export async function heliostat(
  argv: readonly string[],
  parts: Partial<Operations> = {},
  around: Partial<Surroundings> & { terminal?: FakeTerminal } = {},
): Promise<Ran> {
  const terminal = around.terminal ?? fakeTerminal();
  const code = await runProgram(argv, {
    env: {},
    cwd: process.cwd(),
    version: '0.0.0-test',
    signal: new AbortController().signal,
    nowMs: () => may3Ms,
    loadOperations: () => Promise.resolve(fakeOperations(parts)),
    ...around,
    terminal,
  });
  return { code, ...terminal.said };
}

export type { Context };
