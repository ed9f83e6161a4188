import type { CodeTable } from './describe.js';

/** What the providers of this package answer when a transition fails. */
export const providerCodes = {
  'process.command': {
    title: 'No program to run',
    meaning: 'The configuration of a process needs a command: a program and its arguments, as a list.',
    fix: 'Write command in a new release.',
    example: 'configuration: { command: [node, server.mjs] }',
  },
  'process.directory': {
    title: 'Not a folder to run in',
    meaning: 'The directory of a process is a path of a folder, inside its artifacts or absolute.',
    fix: 'Correct directory in a new release.',
    example: 'configuration: { directory: app }',
  },
  'process.env': {
    title: 'Environment that cannot be set',
    meaning: 'env is a map of names and single values.',
    fix: 'Correct env in a new release.',
    example: 'configuration: { env: { LOG_LEVEL: info } }',
  },
  'process.configuration': {
    title: 'Configuration of a process that cannot be used',
    meaning: 'A value is no text, number or truth value, or holds a zero byte.',
    fix: 'Correct the value that the message names.',
    example: null,
  },
  'process.notFound': {
    title: 'No such program',
    meaning: 'The program is neither among the artifacts nor in the PATH of the controller.',
    fix: 'Install it on this machine, or correct command.',
    example: 'configuration: { command: [nodejs, server.mjs] }',
  },
  'process.folder': {
    title: 'Something is in the way',
    meaning: 'Where the working folder of an instance belongs lies something else.',
    fix: 'Move it away.',
    example: null,
  },
  'process.foreign': {
    title: 'Belongs to another home',
    meaning:
      'The working folder of the instance carries the mark of another repository, so nothing was touched.',
    fix: 'If the repository was only moved, run `heliostat apply --takeover`.',
    example: 'heliostat apply --takeover',
  },
  'process.duplicate': {
    title: 'Two processes with one owner key',
    meaning: 'Two running processes say that they are the same instance, so neither is touched.',
    fix: 'End the one that is not wanted.',
    example: null,
  },
  'process.noProc': {
    title: 'No view of processes',
    meaning: 'The provider finds its processes through /proc, which this system does not have.',
    fix: 'Run the controller on Linux, or use another provider.',
    example: null,
  },
  'process.cannotStart': {
    title: 'Process cannot be started',
    meaning: 'The system refuses to start the program.',
    fix: 'Follow the message: permissions, memory, or the arguments.',
    example: null,
  },
  'process.cannotKill': {
    title: 'Process does not end',
    meaning: 'The process is there after SIGKILL, which usually means that it waits for a device.',
    fix: 'Look at it with ps; it is tried again.',
    example: null,
  },
  'process.cannotReconfigure': {
    title: 'Process cannot be given another configuration',
    meaning: 'Environment and arguments of a running process are fixed.',
    fix: 'Nothing: a change of them is a rollout of new instances.',
    example: null,
  },
  'process.exited': {
    title: 'Process ended by itself',
    meaning: 'The process ended right after its start. Its last lines of output are in the evidence.',
    fix: 'Run `heliostat logs` for what it said.',
    example: 'heliostat logs prod/shop/api',
  },
  'process.running': {
    title: 'Process is running',
    meaning: 'The transition needs an instance that does not run.',
    fix: 'Nothing: it is stopped first.',
    example: null,
  },
  'process.notCreated': {
    title: 'Nothing was created',
    meaning: 'The working folder of the instance is gone. It is created again.',
    fix: 'Nothing, unless it happens again.',
    example: null,
  },
  'file.path': {
    title: 'Not a folder for files',
    meaning: 'path is the absolute path of the folder that the files are written to.',
    fix: 'Correct path in a new release.',
    example: 'configuration: { path: /srv/shop }',
  },
  'file.files': {
    title: 'Files that cannot be written',
    meaning: 'files is a map of names and contents as text.',
    fix: 'Correct files in a new release.',
    example: 'configuration: { files: { app.conf: "port = 80" } }',
  },
  'file.mode': {
    title: 'Not a mode',
    meaning: 'A mode is octal and quoted.',
    fix: 'Write one such as "0644".',
    example: 'configuration: { mode: "0644" }',
  },
  'file.escapes': {
    title: 'Leaves its folder',
    meaning: 'A name would lead out of the folder that belongs to the instance.',
    fix: 'Use a name without .. and without a slash at the beginning.',
    example: null,
  },
  'file.inTheWay': {
    title: 'Something is in the way',
    meaning: 'Where a file or a folder belongs lies something else.',
    fix: 'Move it away.',
    example: null,
  },
  'file.foreign': {
    title: 'Belongs to somebody else',
    meaning:
      'The folder holds files without our mark, or carries the mark of another owner, so nothing was touched.',
    fix: 'Choose another path, or move the files away.',
    example: null,
  },
  'file.notCreated': {
    title: 'Nothing was created',
    meaning: 'The folder of the instance is gone. It is created again.',
    fix: 'Nothing, unless it happens again.',
    example: null,
  },
  'noop.foreign': {
    title: 'Belongs to another home',
    meaning: 'What is there carries the mark of another repository, so nothing was touched.',
    fix: 'If the repository was only moved, run `heliostat apply --takeover`.',
    example: 'heliostat apply --takeover',
  },
  'noop.asked': {
    title: 'Failure as asked',
    meaning: 'The configuration of the component asks for this failure, to try out what happens then.',
    fix: 'Remove it from the configuration in a new release.',
    example: null,
  },
  'noop.notCreated': {
    title: 'Nothing was created',
    meaning: 'The instance is not there. It is created again.',
    fix: 'Nothing, unless it happens again.',
    example: null,
  },
} as const satisfies CodeTable;
