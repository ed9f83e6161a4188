import type { Command } from 'commander';
import type { LogsOptions } from '../verbs/look.js';
import type { StatusOptions } from '../verbs/status.js';
import { verb, type Act } from './verb.js';

/** Verbs that look at what runs, what happened, and this machine. */
export function declareLookVerbs(program: Command, act: Act): void {
  declareStatus(program, act);
  declareHistory(program, act);
  declareEvents(program, act);
  declareLogs(program, act);
  declareDoctor(program, act);
  declareProvider(program, act);
}

function declareStatus(program: Command, act: Act): void {
  verb(program, {
    usage: 'status [TARGET]',
    summary: 'Show what runs, how well, and where it is reached',
    exits: '0 healthy and as asked for, 2 not',
    examples: [
      ['heliostat status', 'everything'],
      ['heliostat status api', 'one element with its instances; any unique tail of a name will do'],
      ['heliostat status --at HEAD~2', 'as it was'],
    ],
  })
    .option('--at <REV|TIME>', 'as it was at a revision, or at a time such as 2026-05-03T10:00Z')
    .option('--watch', 'show it again whenever it changes')
    .option('--instances', 'show every instance')
    .action((target: string | undefined, options: StatusOptions) =>
      act(async (context) => (await import('../verbs/status.js')).status(context, target, options)),
    );
}

function declareHistory(program: Command, act: Act): void {
  verb(program, {
    usage: 'history [TARGET]',
    summary: 'List rollouts and how they ended, newest first',
    examples: [
      ['heliostat history', 'of the domain'],
      ['heliostat history shop --limit 5', 'of one solution'],
    ],
  })
    .option('--limit <N>', 'how many', '20')
    .action((target: string | undefined, options: { limit: string }) =>
      act(async (context) => (await import('../verbs/look.js')).history(context, target, options)),
    );
}

function declareEvents(program: Command, act: Act): void {
  verb(program, {
    usage: 'events [TARGET]',
    summary: 'List what happened, one line each',
    examples: [
      ['heliostat events --since 10m', 'the last ten minutes'],
      ['heliostat events --follow --json', 'one object a line, as it happens'],
    ],
  })
    .option('-f, --follow', 'go on as more happens')
    .option('--since <TIME>', 'how long ago, such as 10m, or a time')
    .action((target: string | undefined, options: { follow?: boolean; since?: string }) =>
      act(async (context) => (await import('../verbs/look.js')).events(context, target, options)),
    );
}

function declareLogs(program: Command, act: Act): void {
  verb(program, {
    usage: 'logs <TARGET>',
    summary: 'Show what instances wrote',
    examples: [
      ['heliostat logs api -f', 'all instances of an element, as they write'],
      ['heliostat logs api --previous', 'of the run before the last restart'],
    ],
  })
    .option('-f, --follow', 'go on as more is written')
    .option('--since <TIME>', 'how long ago, such as 10m, or a time')
    .option('--previous', 'of the run before the last restart')
    .option('-n, --lines <N>', 'last lines of each instance', '100')
    .action((target: string, options: LogsOptions) =>
      act(async (context) => (await import('../verbs/look.js')).logs(context, target, options)),
    );
}

function declareDoctor(program: Command, act: Act): void {
  verb(program, {
    usage: 'doctor',
    summary: 'Say what is missing here and how to mend it',
    exits: '0 nothing is missing, 1 something is',
    examples: [['heliostat doctor', 'this machine and repository']],
  }).action(() => act(async (context) => (await import('../verbs/doctor.js')).doctor(context)));
}

function declareProvider(program: Command, act: Act): void {
  const provider = program
    .command('provider')
    .summary('Look at the adapters that make and observe instances')
    .description('Look at the adapters that make and observe instances.')
    .addHelpText(
      'after',
      '\nExamples:\n  heliostat provider list  what a component may name as its provider',
    );
  verb(provider, {
    usage: 'list',
    summary: 'List the providers that are allowed here',
    examples: [['heliostat provider list', 'what a component may name as its provider']],
  }).action(() => act(async (context) => (await import('../verbs/provider.js')).providerList(context)));
}
