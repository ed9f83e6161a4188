import type { CodeTable } from './describe.js';

/** What the command line itself may refuse. */
export const commandCodes = {
  'cli.unknownVerb': {
    title: 'There is no such verb',
    meaning: 'The first word is none of the verbs of this version.',
    fix: 'See the list by heliostat --help.',
    example: 'heliostat plna',
  },
  'cli.unknownOption': {
    title: 'There is no such option',
    meaning: 'The verb does not know this option.',
    fix: 'See its options by heliostat VERB --help.',
    example: 'heliostat apply --force',
  },
  'cli.missing': {
    title: 'Something is left out',
    meaning: 'A verb, one of its arguments, or the value of an option is missing.',
    fix: 'See an example by heliostat VERB --help.',
    example: 'heliostat approve h-3f0c9a12',
  },
  'cli.usage': {
    title: 'The arguments do not fit together',
    meaning: 'Each of them is known, but not with this value or in this company.',
    fix: 'See an example by heliostat VERB --help.',
    example: 'heliostat validate HEAD --staged',
  },
  'cli.badDuration': {
    title: 'Not a duration',
    meaning: 'Durations are whole numbers with units, the largest unit first: h, m, s, ms.',
    fix: 'Write it like 90s, 10m or 1h30m.',
    example: 'heliostat apply --timeout 10',
  },
  'cli.badTime': {
    title: 'Not a time',
    meaning: 'A time is how long ago it was, or a date with a time of day.',
    fix: 'Write 10m, 2h, or 2026-05-03T10:00Z.',
    example: 'heliostat events --since yesterday',
  },
  'cli.badNumber': {
    title: 'Not a number',
    meaning: 'The option takes a whole number of at least 1.',
    fix: 'Write it in digits.',
    example: 'heliostat history --limit all',
  },
  'cli.secretInArgument': {
    title: 'A secret in an argument',
    meaning:
      'Arguments of a program can be read by every user of the machine and end in logs and histories, so an address with a password is refused.',
    fix: 'Leave it out of the address, and name its source in heliostat.config.yaml, or set it in the environment.',
    example: 'heliostat status --repo https://ada:hunter2@example.com/shop.git',
  },
  'target.unknown': {
    title: 'There is nothing of that name',
    meaning: 'No solution, element, instance or hold has this name, nor a name that ends with it.',
    fix: 'See the names by heliostat status.',
    example: 'heliostat logs shop/aip',
  },
  'target.ambiguous': {
    title: 'Several things end with that name',
    meaning: 'A tail of a name is enough only where it stands for one thing.',
    fix: 'Write more of the name: prod/shop/api instead of api.',
    example: 'heliostat logs api',
  },
  'plan.changed': {
    title: 'The plan is another one by now',
    meaning:
      'What --plan names was made of another commit, or what runs has changed since. Nothing was done.',
    fix: 'Read the plan again (heliostat plan), and name its digest.',
    example: 'heliostat apply --plan 1:3f0c9a12…',
  },
  'init.exists': {
    title: 'There are files in the way',
    meaning: 'Nothing is ever overwritten by init: one of the files that it writes exists already.',
    fix: 'Take another folder by heliostat init NEW-FOLDER.',
    example: 'heliostat init',
  },
  'init.hookExists': {
    title: 'There is a pre-commit hook already',
    meaning: 'A hook that was written by somebody else is left alone by init.',
    fix: 'Add the line heliostat validate --staged to it.',
    example: 'heliostat init --hook',
  },
  'git.missing': {
    title: 'Git is not installed',
    meaning: 'This needs the program git.',
    fix: 'Install it (apt install git) and run this again.',
    example: 'heliostat init',
  },
  'git.failed': {
    title: 'Git said no',
    meaning: 'The program git ended with an error, which the message quotes.',
    fix: 'Mend what it says, then run this again.',
    example: 'heliostat init --commit',
  },
  'internal.bug': {
    title: 'A bug in Heliostat',
    meaning: 'Something happened that we hold impossible. What runs is not touched by it.',
    fix: 'Run it again. If it happens again, report it with the text shown.',
    example: null,
  },
} as const satisfies CodeTable;
