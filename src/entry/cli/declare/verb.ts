import { type Command } from 'commander';
import type { Context } from '../context.js';
import type { ExitCode } from '../operations.js';

/** Turns a verb's work into what commander calls; the program adds context and exit code. */
export type Act = (work: (context: Context) => Promise<ExitCode>) => Promise<void>;

export interface VerbText {
  /** `plan [REV]`. */
  readonly usage: string;
  /** One line, for the list of verbs. */
  readonly summary: string;
  /** More of it, for the verb's own help; sentences. */
  readonly description?: string;
  /** What it means for the exit code; see the reference. */
  readonly exits?: string;
  readonly examples: readonly (readonly [command: string, meaning: string])[];
}

/** A verb with help that shows how it is used. */
export function verb(parent: Command, text: VerbText): Command {
  const { usage, summary, description, examples, exits } = text;
  const command = parent
    .command(usage)
    .summary(summary)
    .description(description ?? `${summary}.`);
  const width = Math.max(...examples.map(([line]) => line.length));
  const lines = examples.map(([line, meaning]) => `  ${line.padEnd(width)}  ${meaning}`);
  command.addHelpText('after', `\nExamples:\n${lines.join('\n')}`);
  if (exits !== undefined) command.addHelpText('after', `\nExit codes: ${exits}`);
  return command;
}
