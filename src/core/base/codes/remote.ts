import type { CodeTable } from './describe.js';

/** What stands between us and a repository on another machine. */
export const remoteCodes = {
  'remote.away': {
    title: 'The remote does not answer',
    meaning:
      'The repository that was named by its URL cannot be reached now. A daemon holds what runs to the last revision that it knows, and goes on by itself when the remote is back; verbs that only look tell how old that revision is.',
    fix: 'Look whether the host can be reached from this machine; nothing has to be restarted.',
    example: 'git ls-remote https://github.com/acme/shop.git',
  },
  'remote.denied': {
    title: 'The remote does not let us in',
    meaning:
      'There is no token or key, it has expired, or it may not do what was asked: reading needs one that may read, and a controller one that may write.',
    fix: 'Put a token into HELIOSTAT_TOKEN, or into a file that remote.token of the configuration names; for SSH, a key into the agent.',
    example: 'HELIOSTAT_TOKEN=… heliostat status --repo https://github.com/acme/shop.git',
  },
  'remote.missing': {
    title: 'No such repository there',
    meaning: 'The host answers, and knows no repository of that name, or shows it only to somebody else.',
    fix: 'Look at the URL, and whether the token or key may read it.',
    example: null,
  },
  'remote.moved': {
    title: 'The repository has moved',
    meaning:
      'The host answers with a redirection. It is not followed: the token would go along, and the resources belong to the URL.',
    fix: 'Name the repository by where it is now.',
    example: null,
  },
  'remote.broken': {
    title: 'Not the answer of a Git repository',
    meaning:
      'Something answers at the URL that does not speak as Git does: a page to sign in, a proxy, a server that fails.',
    fix: 'Look at the URL in a browser. It is asked again, as one that is away.',
    example: null,
  },
  'remote.tooLarge': {
    title: 'The remote sends too much',
    meaning: 'One answer of the remote is larger than what is taken into memory.',
    fix: 'Lower remote.depth of the configuration, or clone the repository and name the folder of the clone.',
    example: 'remote: { depth: 50 }',
  },
  'remote.unsupported': {
    title: 'Not asked in this way',
    meaning:
      'Repositories on other machines are asked by https:// and SSH only (by http:// on this machine): other schemes would run a program, read any file, or send everything in the clear.',
    fix: 'Name a folder, an https:// URL, or git@HOST:PATH for SSH.',
    example: 'heliostat status --repo git@github.com:acme/shop.git',
  },
  'remote.credentials': {
    title: 'A name or password in the URL',
    meaning: 'What stands in an argument is seen by every user of the machine, and goes into logs.',
    fix: 'Take it out, and put the token into HELIOSTAT_TOKEN, or into a file that remote.token of the configuration names.',
    example: null,
  },
  'remote.url': {
    title: 'Not the URL of a repository',
    meaning: 'It cannot be read as a URL, or names no host or no path.',
    fix: 'Write https://HOST/PATH.git or git@HOST:PATH.git.',
    example: null,
  },
} as const satisfies CodeTable;
