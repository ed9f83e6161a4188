import type { CommanderError } from 'commander';
import { redactorOf } from '../../core/base/safe-text.js';
import { Failure, type ExitCode } from './operations.js';
import { errorJson } from './render/json.js';
import type { Paint } from './render/paint.js';
import { printable, printableLines } from './render/printable.js';
import type { Terminal } from './terminal.js';

/** Tells what went wrong where the caller looks for it: programs on standard output, people on standard error. */
export function report(failure: Failure, to: { terminal: Terminal; json: boolean; paint: Paint }): ExitCode {
  const { terminal, json, paint } = to;
  if (json) terminal.out(errorJson(failure));
  else {
    terminal.err(`${paint.red(paint.bold('error'))} ${printableLines(failure.message).join('\n')}\n`);
    if (failure.fix !== '') terminal.err(`  ${printable(failure.fix)}\n`);
  }
  return failure.exitCode;
}

/** A mistake in the arguments, in our words. */
export function usageFailure(error: CommanderError, verb: string): Failure {
  const [message = '', hint] = error.message.replace(/^error: /, '').split('\n');
  const help = `See: heliostat ${verb === '' ? '' : `${verb} `}--help`;
  const likely = /\(Did you mean (.+)\?\)/.exec(hint ?? '')?.[1];
  return new Failure(
    usageCode(error.code),
    message,
    likely === undefined ? help : `Did you mean ${likely}? ${help}`,
  );
}

function usageCode(code: string): string {
  switch (code) {
    case 'commander.unknownCommand':
      return 'cli.unknownVerb';
    case 'commander.unknownOption':
      return 'cli.unknownOption';
    case 'commander.missingArgument':
    case 'commander.missingMandatoryOptionValue':
    case 'commander.optionMissingArgument':
      return 'cli.missing';
    default:
      return 'cli.usage';
  }
}

/** Anything that is no `Failure` is a bug of ours; what it says may quote a secret of the environment. */
export function bugFailure(error: unknown, env: Readonly<Record<string, string | undefined>>): Failure {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return new Failure(
    'internal.bug',
    `a bug in Heliostat: ${environmentRedactor(env)(text)}`,
    'Nothing is lost: run it again. If it happens again, report it with this text.',
  );
}

function environmentRedactor(env: Readonly<Record<string, string | undefined>>): (text: string) => string {
  const secrets = Object.entries(env).flatMap(([name, value]) =>
    value !== undefined && /token|secret|passw|credential|private|api_?key|auth/i.test(name) ? [value] : [],
  );
  return redactorOf(secrets);
}
