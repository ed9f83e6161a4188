import type { CodeTable } from './describe.js';

/** The controller: its claim, its journal, the branches that it reads and writes. */
export const controllerCodes = {
  'branch.detached': {
    title: 'HEAD is on no branch',
    meaning: 'Heliostat follows a branch, and none is configured or checked out.',
    fix: 'Check out a branch, or name one in heliostat.config.yaml.',
    example: 'branch: main',
  },
  'branch.deleted': {
    title: 'The tracked branch was deleted',
    meaning:
      'What was accepted last is kept running and repaired; nothing is taken down because a branch is gone.',
    fix: 'Push the branch again, or run the command that the hold names.',
    example: null,
  },
  'branch.forced': {
    title: 'The tracked branch was forced',
    meaning:
      'The new tip does not follow the revision that was accepted last. What runs goes on until a person says that the new history is meant.',
    fix: 'Restore the branch, or run the command that the hold names.',
    example: null,
  },
  'claim.refused': {
    title: 'Another controller runs the domain',
    meaning: 'A domain is run by one controller, so that two never act on one instance.',
    fix: 'Look with `heliostat status`; take over with --takeover if the other one is gone.',
    example: 'heliostat status',
  },
  'claim.unreadable': {
    title: 'The claim cannot be read',
    meaning:
      'Before each effect the claim on the status branch is read, so that two controllers never act on one instance. That failed, so nothing was done; it is tried again.',
    fix: 'Look at the repository: git fsck, and the room and permissions of its disk.',
    example: 'git fsck',
  },
  'journal.corrupt': {
    title: 'Journal cannot be read',
    meaning:
      'A part of the journal that was written safely is not as it was written. Nothing is guessed: the controller stops.',
    fix: 'Delete the state folder: the next start restores from the status branch, and adopts what runs.',
    example: null,
  },
  'status.unreadable': {
    title: 'Status branch cannot be read',
    meaning:
      'The status branch holds something that Heliostat did not write, or was rewritten. Nothing is written over it.',
    fix: 'Look at `git log heliostat/status`, and restore its former tip.',
    example: 'git log heliostat/status',
  },
  'resource.unaccounted': {
    title: 'Resources that nothing accounts for',
    meaning:
      'Something carries the key of the domain, and neither the journal nor the status branch knows of it: a lost folder or a lost commit left it behind. It is listed and not touched.',
    fix: 'Look at what the hold lists; let it be destroyed by the command that the hold names.',
    example: null,
  },
  'resource.foreignHome': {
    title: 'Resource of another repository',
    meaning: 'A resource carries our key and the mark of another repository. It is never touched.',
    fix: 'If the repository was only moved, run `heliostat apply --takeover`.',
    example: 'heliostat apply --takeover',
  },
} as const satisfies CodeTable;
