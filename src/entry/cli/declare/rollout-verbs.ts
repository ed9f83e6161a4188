import type { Command } from 'commander';
import type { ApplyOptions } from '../verbs/apply.js';
import type { DownOptions, OperateOptions, OperatorVerb } from '../verbs/operate.js';
import type { RevertOptions } from '../verbs/revert.js';
import type { RunOptions } from '../verbs/run.js';
import { verb, type Act, type VerbText } from './verb.js';

/** Verbs that change what runs. */
export function declareRolloutVerbs(program: Command, act: Act): void {
  declareApply(program, act);
  declareRun(program, act);
  for (const name of [
    'approve',
    'promote',
    'pause',
    'resume',
    'abort',
    'retry',
    'restart',
    'detach',
  ] as const)
    declareOperatorVerb(program, act, name);
  declareRevert(program, act);
  declareDown(program, act);
}

function declareApply(program: Command, act: Act): void {
  verb(program, {
    usage: 'apply [REV]',
    summary: 'Bring about what the tip of the branch asks for',
    description:
      'Prints the plan, asks on a terminal if anything is destroyed for good, and goes on until there is a verdict. Reads commits only. Beside a daemon it follows what is under way and asks nothing.',
    exits:
      '0 applied, 2 not there by --timeout, 3 rejected, 4 failed or reverted, 5 held or not confirmed, 6 REV is not the tip',
    examples: [
      ['heliostat apply', 'the tip of the tracked branch'],
      ['heliostat apply --plan 1:3f0c…', 'only if the plan is still this one'],
      ['heliostat apply --yes --timeout 10m', 'in a script'],
    ],
  })
    .option('--yes', 'destroy for good without being asked')
    .option('--plan <DIGEST>', 'refuse to carry out any other plan')
    .option('--timeout <DURATION>', 'wait no longer than this, such as 10m; the rollout goes on later')
    .option('--takeover', 'take the domain from another controller')
    .action((revision: string | undefined, options: ApplyOptions) =>
      act(async (context) => (await import('../verbs/apply.js')).apply(context, revision, options)),
    );
}

function declareRun(program: Command, act: Act): void {
  verb(program, {
    usage: 'run',
    summary: 'Follow the branch: apply each commit, watch, repair',
    description:
      'The daemon. When it ends, what runs goes on running. What may pass, such as a full disk, it waits for. With --health-listen a supervisor may ask it over HTTP: /healthz (it lives) and /readyz (it is in charge and sees everything).',
    examples: [
      ['heliostat run --health-listen 127.0.0.1:8086', 'under a supervisor'],
      ['heliostat run', 'until Ctrl-C'],
      ['heliostat run --json >> events.jsonl', 'keep what happens'],
    ],
  })
    .option('--takeover', 'take the domain from another controller')
    .option('--health-listen <[ADDRESS:]PORT>', 'answer /healthz and /readyz there; this machine only')
    .action((options: RunOptions) =>
      act(async (context) => (await import('../verbs/run.js')).run(context, options)),
    );
}

const operatorVerbs: Readonly<Record<OperatorVerb, VerbText>> = {
  approve: {
    usage: 'approve <HOLD>',
    summary: 'Release what a plan is held by',
    examples: [
      ['heliostat approve h-3f0c9a12 --reason "agreed with Ada"', 'the id stands in plan and status'],
    ],
  },
  pause: {
    usage: 'pause <TARGET>',
    summary: 'Stop rollouts and repair of a domain, solution or element for a while',
    description:
      'What is under way ends, nothing more begins. It is observed all the same; commits are accepted, and wait as held. Everything goes on by itself when the time is over, or with resume.',
    examples: [
      ['heliostat pause shop --for 1h --reason "moving the disk"', 'ends by itself'],
      ['heliostat pause prod --reason "incident 42"', 'the whole domain, until it is resumed'],
    ],
  },
  abort: {
    usage: 'abort <TARGET>',
    summary: 'Give up the rollout under way, or a restart',
    description:
      'What runs is kept as it is until the next commit that changes it, and the verdict is failed. With --revert everything goes back to what was stable.',
    examples: [
      ['heliostat abort shop --reason "too slow"', 'what runs stays'],
      ['heliostat abort shop --revert --reason "wrong release"', 'back to what was stable'],
    ],
  },
  promote: {
    usage: 'promote <TARGET>',
    summary: 'Let a canary go on to the full size, or the traffic over to the new version',
    description:
      'What waits for a person goes on. Said earlier, it does not wait: the gates of its steps must pass all the same.',
    examples: [['heliostat promote shop/api --reason "looks good"', 'solution or element']],
  },
  restart: {
    usage: 'restart <TARGET>',
    summary: 'Restart every instance of a solution or element, one at a time',
    description:
      'Each leaves the rotation, drains, is stopped and started again; the next one follows when it serves again. Without a daemon the command ends when all are done.',
    examples: [['heliostat restart shop/api --reason "new certificate"', 'solution or element']],
  },
  resume: {
    usage: 'resume <TARGET>',
    summary: 'Let what is paused go on, or manage again what was detached',
    examples: [['heliostat resume shop --reason "disk was full"', 'domain, solution or element']],
  },
  retry: {
    usage: 'retry <TARGET>',
    summary: 'Try once more what failed, and end its quarantine',
    examples: [['heliostat retry shop/api --reason "the registry is back"', 'solution or element']],
  },
  detach: {
    usage: 'detach <SOLUTION>',
    summary: 'Stop managing a solution and leave everything running',
    examples: [['heliostat detach shop --reason "moves to another cluster"', 'nothing is stopped']],
  },
};

function declareOperatorVerb(program: Command, act: Act, name: OperatorVerb): void {
  const declared = verb(program, operatorVerbs[name]).requiredOption(
    '--reason <TEXT>',
    'why; kept in the history with who did it',
  );
  if (name === 'pause') declared.option('--for <DURATION>', 'end it by itself after this, such as 1h');
  if (name === 'abort') declared.option('--revert', 'go back to what was stable');
  declared.action((target: string, options: OperateOptions) =>
    act(async (context) => (await import('../verbs/operate.js')).operate(context, name, target, options)),
  );
}

function declareRevert(program: Command, act: Act): void {
  verb(program, {
    usage: 'revert <REV>',
    summary: 'Take a commit of the tracked branch back by another commit',
    description:
      'Its files of the model become what they were before it, if nobody has changed them since; else the later commits are named and nothing is done. Released files of the catalog stay. Prints the plan of the result and asks before it commits.',
    exits: '0 committed, 3 the result would be rejected, 5 not confirmed',
    examples: [
      ['heliostat revert HEAD', 'the last commit'],
      ['heliostat revert 3f0c9a1 --yes --reason "slow queries"', 'in a script'],
    ],
  })
    .option('--yes', 'commit without being asked')
    .option('--reason <TEXT>', "why; goes into the commit's message")
    .action((revision: string, options: RevertOptions) =>
      act(async (context) => (await import('../verbs/revert.js')).revert(context, revision, options)),
    );
}

function declareDown(program: Command, act: Act): void {
  verb(program, {
    usage: 'down',
    summary: 'Take everything of the domain down, consumers first',
    exits: '0 all gone, 2 not yet, 5 not confirmed',
    examples: [
      ['heliostat down', 'asks first'],
      ['heliostat down --yes --reason "end of the demo"', 'in a script'],
    ],
  })
    .option('--yes', 'do not ask')
    .option('--reason <TEXT>', 'why; kept in the history with who did it', 'taken down by hand')
    .option('--timeout <DURATION>', 'wait no longer than this, such as 10m')
    .action((options: DownOptions) =>
      act(async (context) => (await import('../verbs/operate.js')).down(context, options)),
    );
}
