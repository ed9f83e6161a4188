import type { CodeTable } from './describe.js';

/** What stands in the way of a verb: its repository, domain, revision, controller. */
export const operationCodes = {
  'revision.unknown': {
    title: 'There is no such commit',
    meaning: 'The name is neither a commit of this repository nor a branch or tag that leads to one.',
    fix: 'Name a commit, a branch or a tag; fetch what others pushed by git fetch.',
    example: 'heliostat plan HEAD~1',
  },
  'revision.unreadable': {
    title: 'A commit cannot be read',
    meaning:
      'Objects of the commit are missing, as in a shallow or partial clone, or the domain is not in it.',
    fix: 'Look with git show; fetch what is missing by git fetch --unshallow.',
    example: null,
  },
  'blame.nothing': {
    title: 'Nothing of it was ever rolled out',
    meaning:
      'No commit can have made it what it is: it stands in the model, and nothing of it was there yet.',
    fix: 'See what was rolled out by heliostat history.',
    example: 'heliostat blame shop/api',
  },
  'branch.empty': {
    title: 'There is no commit yet',
    meaning: 'Heliostat applies commits, and the branch that it follows has none.',
    fix: 'Commit the model: git add --all && git commit -m "First model".',
    example: null,
  },
  'revert.conflict': {
    title: 'Later commits have changed the same files',
    meaning:
      'A file that the commit changed was changed again since. Heliostat restores whole files and never merges lines, so it cannot tell what is to become of the later change.',
    fix: 'Take the commits that the message names back first, newest first, or use git revert.',
    example: 'heliostat revert HEAD',
  },
  'revert.nothing': {
    title: 'There is nothing to take back',
    meaning:
      'The commit changed nothing of this domain, or what it changed is as it was before it, or all that it brought is released.',
    fix: 'See what the commit did by git show.',
    example: null,
  },
  'revert.notThere': {
    title: 'The commit is not one of the tracked branch',
    meaning:
      'Only commits of the tracked branch are taken back, along first parents: of a merged branch the merge.',
    fix: 'Choose one by git log --first-parent BRANCH.',
    example: 'git log --first-parent main',
  },
  'revert.first': {
    title: 'The first commit cannot be taken back',
    meaning: 'There is nothing before it that could come back.',
    fix: 'Take everything down by heliostat down, or change what is wrong in another commit.',
    example: 'heliostat down',
  },
  'revert.noBranch': {
    title: 'There is no branch to commit to',
    meaning: 'HEAD is detached, and no controller has recorded a branch that it follows.',
    fix: 'Check a branch out, or name one in heliostat.config.yaml.',
    example: 'git switch main',
  },
  'revert.unwritten': {
    title: 'The commit that takes something back cannot be made',
    meaning:
      'The repository cannot be written: its disk is full, or it is closed to this user, or a lock is left.',
    fix: 'Do as the message says; see what is missing by heliostat doctor.',
    example: 'heliostat doctor',
  },
  'revert.overtaken': {
    title: 'The branch moved while the revert was made',
    meaning: 'Somebody committed or pushed meanwhile. Nothing was changed.',
    fix: 'Look at what came, and try again.',
    example: null,
  },
  'revert.occupied': {
    title: 'Somebody is at work where the branch is checked out',
    meaning: 'There are changes in the work tree, or the branch is checked out where it cannot move along.',
    fix: 'Commit or stash what is changed there, and try again.',
    example: 'git stash',
  },
  'model.unusable': {
    title: 'The model has errors',
    meaning: 'As long as the model has errors, what it describes cannot be drawn or explained.',
    fix: 'See all of them by heliostat validate.',
    example: 'heliostat validate',
  },
  'stage.noWorkTree': {
    title: 'There is no index here',
    meaning: 'A bare repository has no work tree, so nothing can be staged in it.',
    fix: 'Name a commit instead.',
    example: 'heliostat validate main',
  },
  'domain.missing': {
    title: 'There is no domain here',
    meaning: 'No heliostat.yaml was found in the repository; it is the file that makes a domain.',
    fix: 'Make a model repository by heliostat init, or go to the folder of one.',
    example: 'heliostat init',
  },
  'domain.ambiguous': {
    title: 'Several domains to choose from',
    meaning: 'There are several heliostat.yaml below this folder, and none at it or above it.',
    fix: 'Name one with --domain, or go to its folder.',
    example: 'heliostat status --domain prod',
  },
  'domain.unknown': {
    title: 'There is no domain of that name',
    meaning: 'None of the heliostat.yaml of the repository says this name.',
    fix: 'Use one of the names that the message lists.',
    example: 'heliostat status --domain prod',
  },
  'domain.unnamed': {
    title: 'A domain without a name',
    meaning: 'The file heliostat.yaml does not say the name of its domain, or one that cannot be a name.',
    fix: 'Write name: NAME, in lower case letters, digits and hyphens.',
    example: 'name: prod',
  },
  'config.unreadable': {
    title: 'The configuration cannot be read',
    meaning: "The operator's configuration is not there, or this user may not read it.",
    fix: 'Name a file that is there and readable with --config.',
    example: 'heliostat apply --config /etc/heliostat.config.yaml',
  },
  'config.invalid': {
    title: 'The configuration has a mistake',
    meaning: "A setting of the operator's configuration is unknown or not of its kind.",
    fix: 'Mend the setting that the message names.',
    example: 'providers: [process, file]',
  },
  'state.unsafe': {
    title: 'Others can reach into the state folder',
    meaning:
      'Who writes in the state folder decides what runs. It must be a folder of the user who runs Heliostat, in which nobody else can write; a link is followed only where the configuration names it.',
    fix: 'Do what the message says, or name another folder with stateFolder in heliostat.config.yaml.',
    example: null,
  },
  'state.unwritable': {
    title: 'No state folder',
    meaning: 'The folder in which the controller keeps its journal cannot be made.',
    fix: 'Make room for it, or name another with stateFolder in heliostat.config.yaml.',
    example: null,
  },
  'state.locked': {
    title: 'The domain is being run already',
    meaning: 'Another process of this machine holds the state folder. Two never act on one domain at a time.',
    fix: 'Look by heliostat status; wait for the other one, or end it.',
    example: 'heliostat status',
  },
  'engine.stopped': {
    title: 'The controller had to stop',
    meaning:
      'It lost what it needs to act safely, such as its claim, or the disk of its journal. What runs goes on.',
    fix: 'Mend what the message says, then start it again.',
    example: null,
  },
  'health.listen': {
    title: 'Cannot listen for health checks',
    meaning:
      'The address of --health-listen is none of this machine alone, or its port is taken. What is asked there needs no password, so it is offered to this machine only.',
    fix: 'Give a free port, such as --health-listen 127.0.0.1:8086.',
    example: 'heliostat run --health-listen 127.0.0.1:8086',
  },
  'journal.newer': {
    title: 'The journal is of a newer version',
    meaning: 'A newer Heliostat wrote the journal. An older one never guesses at it.',
    fix: 'Use the version that wrote it, or a newer one.',
    example: null,
  },
  'journal.disk': {
    title: 'The journal cannot be read or written',
    meaning:
      'The disk of the state folder is full, broken, or closed to this user. Without a journal nothing is done; what runs goes on. A daemon waits, and goes on by itself.',
    fix: 'Make room on it, or give the folder back its permissions.',
    example: null,
  },
  'disk.failed': {
    title: 'The state folder cannot be used',
    meaning: 'The system refuses to read or write a file of the state folder.',
    fix: 'Make room on its disk, or give the folder back its permissions, and try again.',
    example: null,
  },
  'apply.interrupted': {
    title: 'Interrupted',
    meaning: 'It was ended from the keyboard. What was begun runs on, and is taken up by the next apply.',
    fix: 'Go on by heliostat apply; take everything down by heliostat down.',
    example: 'heliostat apply',
  },
  'control.lost': {
    title: 'The daemon went away',
    meaning: 'The daemon ended, or was ended, while it was being asked. What it runs goes on.',
    fix: 'Start it again by heliostat run, or ask again.',
    example: 'heliostat run',
  },
  'control.silent': {
    title: 'The daemon does not answer',
    meaning: 'The daemon of this domain listens, but says nothing: it is stopped, or very busy.',
    fix: 'Look at its log in the state folder; end it and start it again if it is stuck.',
    example: 'heliostat run',
  },
  'control.refused': {
    title: 'The daemon cannot be asked',
    meaning:
      'Its socket lies in a folder that others can enter, or what was said is not what both understand.',
    fix: 'Do as the message says.',
    example: null,
  },
  'control.malformed': {
    title: 'The daemon does not understand this request',
    meaning: 'What was said on the control socket lacks a part, or a part is no text or very long.',
    fix: 'Use one version of Heliostat for both.',
    example: 'heliostat --version',
  },
  'control.unknown': {
    title: 'The daemon does not know this verb',
    meaning: 'The daemon is of another version than the command.',
    fix: 'Use one version of Heliostat for both.',
    example: 'heliostat --version',
  },
  'status.notKnown': {
    title: 'The status branch does not go back so far',
    meaning: 'Nothing was written about this commit or time: it was never applied, or came before all.',
    fix: 'See what is remembered by heliostat history.',
    example: 'heliostat history',
  },
  'logs.none': {
    title: 'There are no logs of this',
    meaning: 'None of the instances runs under a provider that keeps logs, or there is none any more.',
    fix: 'See what runs by heliostat status; providers with logs are listed by heliostat provider list.',
    example: 'heliostat provider list',
  },
} as const satisfies CodeTable;
