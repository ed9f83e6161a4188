import type { CodeTable } from './describe.js';

/** Why a built-in provider did not carry out a transition. */
export const providerCodes = {
  'process.notFound': {
    title: 'Program not found',
    meaning:
      'The first part of `command` names no program: not in PATH, or not at that path of the working folder.',
    fix: 'Install the program on the machine of the controller, or list it under `artifacts` and write its path.',
    example: 'command: [node, services/api/server.mjs]',
  },
  'process.exited': {
    title: 'Process ended at once',
    meaning:
      'The process was started and ended within a moment. Its exit code and last lines stand beside the code.',
    fix: 'Read the last lines, or `heliostat logs TARGET --previous`; mend the release and commit it.',
    example: null,
  },
  'process.cannotStart': {
    title: 'Process refused by the system',
    meaning:
      'The operating system does not start the program: no right to run it, no interpreter, no memory left.',
    fix: 'Follow the reason in the message.',
    example: null,
  },
  'process.cannotKill': {
    title: 'Process that cannot be ended',
    meaning:
      'A process is still there after SIGKILL. It waits in the kernel, mostly for a disk, or belongs to another user.',
    fix: 'Mend the disk or mount that it waits for; the stop is tried again.',
    example: null,
  },
  'process.cannotReconfigure': {
    title: 'Process cannot be reconfigured',
    meaning: 'A running process cannot be given another environment or command; it is replaced instead.',
    fix: 'Leave out `upgrade: inPlace` for components of the provider process.',
    example: null,
  },
  'process.running': {
    title: 'Runs with another configuration',
    meaning:
      'The process is running with a configuration that is not the one wanted, so it has to stop first.',
    fix: 'Nothing: it is stopped and started again.',
    example: null,
  },
  'process.notCreated': {
    title: 'Working folder missing',
    meaning: 'The instance has no working folder; somebody removed it, or it was never made.',
    fix: 'Nothing: it is created again.',
    example: null,
  },
  'process.duplicate': {
    title: 'Two processes with one owner key',
    meaning:
      'Two processes carry the owner key of one instance. Which of them is right cannot be known, so none is touched.',
    fix: 'End all but one of them; the message names their process ids.',
    example: 'kill 4711',
  },
  'process.foreign': {
    title: 'Belongs to another controller',
    meaning:
      'What is there carries the owner key of this instance, but the home of another repository that still exists.',
    fix: 'Stop it there, or take it in with `heliostat adopt`.',
    example: 'heliostat adopt shop/api',
  },
  'process.noProc': {
    title: 'No /proc on this machine',
    meaning: 'The provider process recognises its processes by what Linux tells in /proc.',
    fix: 'Run the controller on Linux, or in a container.',
    example: null,
  },
  'process.folder': {
    title: 'Something lies in the way',
    meaning: 'Where a folder or file of the release belongs lies something of another kind.',
    fix: 'Remove what the message names.',
    example: null,
  },
  'process.command': {
    title: 'No command',
    meaning: 'The configuration of a process names no program to run.',
    fix: 'Write `command` as a list: the program, then its arguments.',
    example: 'command: [node, services/api/server.mjs]',
  },
  'process.configuration': {
    title: 'Not a plain value',
    meaning: 'A part of the command or of the environment is a list, a map, or holds a zero byte.',
    fix: 'Write text, a number, true or false.',
    example: 'env: { WORKERS: 4 }',
  },
  'process.env': {
    title: 'Environment not valid',
    meaning: '`env` is no map, or a name in it is empty or holds an equals sign.',
    fix: 'Write a map from names to plain values.',
    example: 'env: { LOG_LEVEL: warn }',
  },
  'process.directory': {
    title: 'Not a folder',
    meaning: '`directory` names something in the working folder that is not a folder.',
    fix: 'Name a folder below the working folder, or leave it out.',
    example: 'directory: services/api',
  },
  'file.escapes': {
    title: 'Leaves its folder',
    meaning: 'A path, by itself or through a symbolic link, leads out of the folder of the instance.',
    fix: 'Write a relative path without `..`; remove the link that the message names.',
    example: 'files: { conf/app.conf: "…" }',
  },
  'file.files': {
    title: 'Files not valid',
    meaning: '`files` is no map from relative paths to text, or names the mark of the owner.',
    fix: 'Write a path and its content, or `{ content, mode }`.',
    example: 'files: { app.conf: "level=1" }',
  },
  'file.mode': {
    title: 'Mode not valid',
    meaning: 'A mode is three or four octal digits; without quotes YAML reads another number.',
    fix: 'Write it in quotes.',
    example: 'mode: "0644"',
  },
  'file.path': {
    title: 'Path not absolute',
    meaning: '`path` names no folder that means the same to everybody.',
    fix: 'Write an absolute path, or leave it out: the instance then has a folder of its own.',
    example: 'path: /srv/shop/data',
  },
  'file.inTheWay': {
    title: 'Something lies in the way',
    meaning: 'Where a folder or file of the element belongs lies something of another kind.',
    fix: 'Remove what the message names, or write another path.',
    example: null,
  },
  'file.foreign': {
    title: 'Folder of somebody else',
    meaning:
      'The folder carries the mark of another instance or controller, or holds files and no mark at all.',
    fix: 'Write another `path`, put `${instance.name}` into it, or empty the folder.',
    example: 'path: "/srv/${instance.name}"',
  },
  'file.notCreated': {
    title: 'Folder missing',
    meaning: 'The folder of the instance is not there; somebody removed it, or it was never made.',
    fix: 'Nothing: it is created again.',
    example: null,
  },
  'noop.asked': {
    title: 'Fails as asked',
    meaning: 'The configuration of the noop instance asks for this transition to fail.',
    fix: 'Remove `fail` from its configuration.',
    example: null,
  },
  'noop.foreign': {
    title: 'Belongs to another controller',
    meaning: 'The noop world holds this instance for another repository that still exists.',
    fix: 'Remove the file of the noop world if nobody needs it.',
    example: null,
  },
  'noop.notCreated': {
    title: 'Not there',
    meaning: 'The noop world does not hold this instance; its file was removed.',
    fix: 'Nothing: it is created again.',
    example: null,
  },
} as const satisfies CodeTable;
