import type { CodeTable } from './describe.js';

/** What the world refuses: Git, files, processes, ports, the gateway, sources of secrets. */
export const worldCodes = {
  'git.notFound': {
    title: 'No Git repository here',
    meaning: 'Heliostat reads models from a Git repository, and there is none at this folder or above it.',
    fix: 'Run `git init` in the folder of the model, or name the repository with --repo.',
    example: 'git init',
  },
  'git.gone': {
    title: 'The repository is gone',
    meaning:
      'The folder of the repository was there and is not any more. Nothing is concluded from it: no branch counts as deleted, what runs goes on, and nothing is done until it is back.',
    fix: 'Mount it again, or put it back where it was; nothing else has to be done.',
    example: 'ls -d /srv/shop/.git',
  },
  'git.broken': {
    title: 'Repository that leads nowhere',
    meaning: 'The file .git of a linked work tree names a folder that is not there.',
    fix: 'Run `git worktree repair` in the main work tree.',
    example: 'git worktree repair',
  },
  'git.unsupported': {
    title: 'Form of repository that cannot be read',
    meaning:
      'The repository uses an extension, such as SHA-256 or reftable, that cannot be read safely without git itself.',
    fix: 'Install git, or follow the message.',
    example: null,
  },
  'git.missingObject': {
    title: 'Object missing',
    meaning:
      'A commit, folder or file is named by the repository and is not in it: the clone is shallow or partial, or damaged.',
    fix: 'In a shallow clone run `git fetch --unshallow`; else run `git fsck`.',
    example: 'git fetch --unshallow',
  },
  'git.tooLarge': {
    title: 'Too large to read',
    meaning: 'A file, a folder or the whole tree of a revision is beyond the limits of what is read.',
    fix: 'Split it, or take it out of the branch.',
    example: null,
  },
  'git.entry': {
    title: 'Name that no folder may hold',
    meaning:
      'A tree of the revision holds a name such as .. or .git, or one with a slash in it. Git itself would not write it.',
    fix: 'Take the entry out of the history that is tracked.',
    example: null,
  },
  'git.symlink': {
    title: 'Symbolic link',
    meaning: 'Links could lead out of the repository, so they are never followed.',
    fix: 'Commit the file itself instead of a link to it.',
    example: null,
  },
  'git.submodule': {
    title: 'Submodule',
    meaning: 'What a submodule holds is not in this repository.',
    fix: 'Commit the files themselves, or leave the submodule out.',
    example: null,
  },
  'file.tooLarge': {
    title: 'Model file too large',
    meaning: 'The file is larger than a model file may be; it is not even read.',
    fix: 'Split it into several files.',
    example: null,
  },
  'epoch.stale': {
    title: 'An older controller',
    meaning:
      'Each controller that takes over gets a higher epoch. What still comes with an older one is refused.',
    fix: 'Nothing, if another controller took over on purpose; `heliostat status` shows which.',
    example: 'heliostat status',
  },
  'port.taken': {
    title: 'Port taken',
    meaning: 'Another program listens at the port.',
    fix: 'End that program, or choose another port.',
    example: 'expose: { port: 8080 }',
  },
  'port.denied': {
    title: 'Port not allowed',
    meaning: 'The system does not let this user listen at the port; below 1024 that is usual.',
    fix: 'Choose a port from 1024 on.',
    example: 'expose: { port: 80 }',
  },
  'port.ours': {
    title: 'Port used by another binding',
    meaning: 'The gateway already listens at the port for another element.',
    fix: 'Choose another port.',
    example: null,
  },
  'address.unknown': {
    title: 'Not an address of this machine',
    meaning: 'The gateway was asked to listen at an address that this machine does not have.',
    fix: "Correct the listen address in the operator's configuration.",
    example: null,
  },
  'gateway.start': {
    title: 'Gateway cannot be started',
    meaning:
      'The process that routes traffic did not start. What it routed before goes on if an older one still runs.',
    fix: 'Look at the log of the gateway that `heliostat doctor` names.',
    example: 'heliostat doctor',
  },
  'gateway.unreachable': {
    title: 'Gateway does not answer',
    meaning: 'The process that routes traffic runs and does not answer.',
    fix: 'Look at its log; `heliostat doctor` names it.',
    example: 'heliostat doctor',
  },
  'gateway.unavailable': {
    title: 'No gateway here',
    meaning: 'An element has consumers or is exposed, and no gateway is configured.',
    fix: "Set gateway in the operator's configuration.",
    example: null,
  },
  'gateway.version': {
    title: 'Gateway of another version',
    meaning:
      'The running gateway speaks another protocol. It is not replaced by itself, since that would interrupt traffic.',
    fix: 'Run `heliostat down`, or end the gateway: the next start reads its table.',
    example: 'heliostat down',
  },
  'gateway.listen': {
    title: 'Gateway cannot listen',
    meaning: 'The system refused the listener for another reason than a taken port.',
    fix: 'Follow the message.',
    example: null,
  },
  'gateway.disk': {
    title: 'Gateway cannot keep its table',
    meaning: 'The table of routes could not be written, so a restart would not know the change.',
    fix: 'Free some space, or mend the permissions of the state folder.',
    example: null,
  },
  'gateway.ending': {
    title: 'Gateway is ending',
    meaning: 'The gateway was told to end and takes no changes any more. It is tried again.',
    fix: 'Wait a moment.',
    example: null,
  },
  'gateway.cancelled': {
    title: 'Cancelled',
    meaning: 'The change of routes was cancelled before the gateway was asked.',
    fix: 'Nothing: the next reconciliation sets the route.',
    example: null,
  },
  'gateway.malformed': {
    title: 'Request not understood',
    meaning: 'The gateway did not understand a request. It speaks only with Heliostat.',
    fix: 'Report it, unless another program wrote to the socket.',
    example: null,
  },
  'gateway.bug': {
    title: 'Fault inside the gateway',
    meaning: 'The gateway met a fault of its own and goes on.',
    fix: 'Report it with the log of the gateway.',
    example: null,
  },
  'provider.silent': {
    title: 'Provider does not answer',
    meaning:
      'A provider was asked what it sees, and said nothing within 30 s. Nothing is done on what is not known: of its instances stands what was seen last. It is asked again, after a second at first and every 30 s at the most.',
    fix: 'Look at what the provider talks to, such as the disk of its working folders; nothing has to be done here once it answers.',
    example: 'heliostat status',
  },
  'provider.failing': {
    title: 'Provider cannot tell what it sees',
    meaning:
      'A provider was asked what it sees, and failed. Of its instances stands what was seen last; it is asked again with the next poll.',
    fix: 'Look at what the message says; nothing has to be done here once it answers.',
    example: 'heliostat status',
  },
  'provider.unavailable': {
    title: 'Provider not allowed here',
    meaning: 'What runs was made by a provider that the operator does not allow any more.',
    fix: "Allow it in the operator's configuration, or remove the element while it is allowed.",
    example: null,
  },
  'artifact.missing': {
    title: 'Artifact missing',
    meaning:
      'A file that a release pinned is not in the repository any more, perhaps since the clone is shallow.',
    fix: 'Fetch the history: git fetch --unshallow.',
    example: 'git fetch --unshallow',
  },
  'secrets.source': {
    title: 'Source of a secret not usable',
    meaning: 'A secret comes from env:NAME or from file:/absolute/path, a file of at most 64 kB.',
    fix: 'Correct "from" in the operator\'s configuration.',
    example: 'secrets: { db-password: { from: env:DB_PASSWORD, for: ["prod/shop/*"] } }',
  },
  'secrets.missing': {
    title: 'Source of a secret empty',
    meaning: 'The source that the operator named has no value.',
    fix: 'Set the variable, or write the file.',
    example: null,
  },
  'secrets.worldReadable': {
    title: 'Secret that everybody can read',
    meaning: 'Everybody on this machine may read or write the file of the secret.',
    fix: 'Take the permissions away: chmod 600 FILE.',
    example: null,
  },
  'secrets.for': {
    title: 'Secret without users',
    meaning:
      'A secret names its users as patterns of domain/solution/element; this names none, or no pattern.',
    fix: 'Write them like "prod/shop/*".',
    example: null,
  },
} as const satisfies CodeTable;
