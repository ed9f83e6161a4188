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
  'claim.unwritable': {
    title: 'The claim cannot be written',
    meaning:
      'Before its first effect a controller writes its claim to the status branch. That failed, so nothing is done; a daemon tries it again by itself, every 30 s at the most.',
    fix: 'Look at the repository: git fsck, and the room and permissions of its disk.',
    example: 'git fsck',
  },
  'tip.unreadable': {
    title: 'The tracked branch cannot be looked at',
    meaning:
      'The repository is gone, or the commit at the tip cannot be read. What was accepted last goes on and is repaired; it is looked at again every 5 s.',
    fix: 'Bring the repository back, or look for what is missing in it: git fsck.',
    example: 'git fsck',
  },
  'status.rewritten': {
    title: 'The status branch was rewritten',
    meaning:
      'What the controller wrote last is not part of the status branch any more: it was forced, reset or deleted. Nothing is written over it, and nothing is done, since the claim stands on it.',
    fix: 'Restore its former tip by the command that the message names: the daemon then goes on by itself. Or go on from the branch as it is: all that it should say is written anew.',
    example: 'heliostat approve status.rewritten --reason "the backup was restored"',
  },
  'status.broken': {
    title: 'A document of the status branch is broken',
    meaning:
      'The state folder is lost, and a document that remembers what runs cannot be read. Nothing is guessed, and nothing is done: what it said would otherwise pass for what never was.',
    fix: 'Restore the document from an older commit of the status branch, as docs/recovery.md shows.',
    example: 'git log heliostat/status',
  },
  'status.unwritten': {
    title: 'The status branch cannot be written',
    meaning:
      'What happened stands in the journal, and not on the status branch yet. Work goes on; it is tried again every two seconds.',
    fix: 'Look at the room and permissions of the disk of the repository, and for a lock that a killed git has left.',
    example: 'heliostat doctor',
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
  'plan.other': {
    title: 'Another plan than the pull request showed',
    meaning:
      'The plan that was made after the merge differs in substance from the one in the comment of the pull request: something else was merged, or has happened, in between. The operator wants such a plan to wait.',
    fix: 'Read the plan as it is now, `heliostat plan`; then let it go on by the command that the hold names.',
    example: 'heliostat approve plan.other --reason "read it"',
  },
  'resource.unaccounted': {
    title: 'Resources that nothing accounts for',
    meaning:
      'An instance, or a listener of the router, carries the key of the domain, and neither the journal nor the status branch knows of it: a lost folder or a lost commit left it behind. It is listed and not touched.',
    fix: 'Look at what the hold lists; let it be destroyed by the command that the hold names.',
    example: null,
  },
  'resource.foreignHome': {
    title: 'Resource of another repository',
    meaning: 'A resource carries our key and the mark of another repository. It is never touched.',
    fix: 'If the repository was only moved, run `heliostat apply --takeover`.',
    example: 'heliostat apply --takeover',
  },
  'engine.starting': {
    title: 'Daemon that is starting',
    meaning: 'The daemon was asked whether it is ready before it had read its journal and the status branch.',
    fix: 'Wait; if it lasts, look at its log.',
    example: null,
  },
  'engine.stuck': {
    title: 'Daemon that does not turn',
    meaning: 'The loop of the daemon has not come round for a minute. That is a defect of Heliostat.',
    fix: 'Start the daemon again, and report the defect with the log. What runs is not stopped by it.',
    example: null,
  },
  'tip.unseen': {
    title: 'Tracked branch not looked at yet',
    meaning: 'Since its start the daemon has not yet read the tip of the branch that it follows.',
    fix: 'Wait; if it lasts, `heliostat status` says what the daemon waits for.',
    example: 'heliostat status',
  },
  'instances.unseen': {
    title: 'Instances not observed yet',
    meaning:
      'Since its start the daemon has not yet observed every instance once, so it cannot say that all is well.',
    fix: 'Wait; if it lasts, `heliostat status` names the provider that does not answer.',
    example: 'heliostat status',
  },
} as const satisfies CodeTable;
