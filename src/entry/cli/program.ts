import { Command, CommanderError } from 'commander';
import type { Context, Surroundings } from './context.js';
import { declareLookVerbs } from './declare/look-verbs.js';
import { declareMemoryVerbs } from './declare/memory-verbs.js';
import { declareModelVerbs } from './declare/model-verbs.js';
import { declareRolloutVerbs } from './declare/rollout-verbs.js';
import type { Act } from './declare/verb.js';
import { bugFailure, report, usageFailure } from './failures.js';
import { Failure, type ExitCode, type RemoteAway } from './operations.js';
import { placeOf, type GlobalOptions } from './place.js';
import { paintOf, wantsColours, type Paint } from './render/paint.js';
import { printable } from './render/printable.js';
import { durationText } from './render/words.js';
import type { Terminal } from './terminal.js';

const epilogue = `
Examples:
  heliostat init shop && cd shop  a model repository that works at once
  heliostat plan                  what would change, and how
  heliostat apply                 bring it about
  heliostat status                what runs

Targets are names like prod/shop/api; any unique tail will do, such as api.
Exit codes: 0 good, 1 error, 2 not (yet) as asked for, 3 rejected, 4 failed or reverted, 5 held,
6 not the tip, 130 interrupted.`;

const noVerb = new Failure('cli.missing', 'no verb is given', 'See: heliostat --help');

/** Carries out one command line, without the name of the program in front. Never rejects. */
export async function runProgram(argv: readonly string[], surroundings: Surroundings): Promise<ExitCode> {
  const outcome: { code: ExitCode } = { code: 0 };
  const json = wantsJson(argv);
  const { terminal, env, signal } = surroundings;
  const to = { terminal, json, paint: paintOf(wantsColours(terminal.errIsTerminal, env)) };
  const program: Command = buildProgram(surroundings, async (work) => {
    outcome.code = await work(contextOf(program.opts<GlobalOptions>(), surroundings));
  });
  try {
    await program.parseAsync(wordsOf(argv, program), { from: 'user' });
  } catch (error) {
    if (signal.aborted && !(error instanceof Failure && error.exitCode === 130)) return 130;
    if (error instanceof Failure) return report(error, to);
    if (!(error instanceof CommanderError)) return report(bugFailure(error, env), to);
    // Help was asked for, or is the answer to a call without a verb; commander has printed it.
    if (error.exitCode === 0) return 0;
    if (error.code === 'commander.help') return json ? report(noVerb, to) : 1;
    return report(usageFailure(error, verbIn(argv, program)), to);
  }
  // A daemon that a supervisor ends by SIGTERM has not failed.
  return signal.aborted && signal.reason !== 'SIGTERM' ? 130 : outcome.code;
}

interface Speaker {
  readonly version: string;
  readonly terminal: Pick<Surroundings['terminal'], 'out'> & Partial<Pick<Surroundings['terminal'], 'err'>>;
}

/** The definition by itself, from which help and reference are made. */
export function buildProgram({ terminal, version }: Speaker, act: Act): Command {
  const program = new Command('heliostat');
  program
    .description('Keeps running services equal to the model in a Git repository.')
    .version(version, '-V, --version', 'show the version')
    .helpOption('-h, --help', 'show help')
    .helpCommand('help [VERB]', 'show help for a verb')
    .option('--json', 'answer in JSON (schemas/output)')
    .option(
      '--repo <DIR|URL>',
      'the model repository: a folder, an https:// URL, or git@HOST:PATH (default: the current folder)',
    )
    .option('--domain <NAME>', 'the domain (default: the nearest heliostat.yaml)')
    .option('--config <FILE>', "the operator's configuration (default: heliostat.config.yaml)")
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => terminal.out(text),
      writeErr: (text) => (terminal.err ?? terminal.out)(text),
      // A mistake is reported by us, once, in the form that was asked for.
      outputError: () => undefined,
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .exitOverride()
    .addHelpText('after', epilogue);
  declareModelVerbs(program, act);
  declareRolloutVerbs(program, act);
  declareLookVerbs(program, act);
  declareMemoryVerbs(program, act);
  return program;
}

function contextOf(options: GlobalOptions, surroundings: Surroundings): Context {
  const { terminal, env } = surroundings;
  const errPaint = paintOf(wantsColours(terminal.errIsTerminal, env));
  return {
    ...surroundings,
    json: options.json === true,
    place: { ...placeOf(options), tell: tellOnce(terminal, errPaint) },
    paint: paintOf(wantsColours(terminal.outIsTerminal, env)),
    errPaint,
  };
}

/** A verb may look several times. */
function tellOnce(terminal: Pick<Terminal, 'err'>, paint: Paint): (away: RemoteAway) => void {
  let isTold = false;
  return ({ message, revision, ageMs }) => {
    if (isTold) return;
    isTold = true;
    const known = revision === null ? 'nothing is known of it' : `this is as of ${revision.slice(0, 7)}`;
    const age = ageMs === null ? '' : `, seen ${durationText(ageMs)} ago`;
    const last = revision === null ? '' : ', the last known revision';
    terminal.err(`${paint.yellow('warning')} ${printable(message)}; ${known}${last}${age}\n`);
  };
}

/** Known even where the rest of the line cannot be read. */
function wantsJson(argv: readonly string[]): boolean {
  const end = argv.indexOf('--');
  return (end < 0 ? argv : argv.slice(0, end)).includes('--json');
}

/** Help for a verb that there is not is answered like the verb itself: with the one that was meant. */
function wordsOf(argv: readonly string[], program: Command): string[] {
  const [first, verb] = argv;
  const isKnown = verb === undefined || program.commands.some((command) => command.name() === verb);
  return first === 'help' && !isKnown ? argv.slice(1) : [...argv];
}

function verbIn(argv: readonly string[], program: Command): string {
  return argv.find((word) => program.commands.some((command) => command.name() === word)) ?? '';
}
