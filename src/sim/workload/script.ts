import { Random } from '../random.js';
import type { Weather } from '../faults.js';
import { hosted, type Hosting } from './hosting.js';

/** What happens in a run beside the fates of single calls. Each act draws what it needs from its own seed alone. */
export const actKinds = [
  // People change the model: one commit each.
  'commit.upgrade',
  'commit.downgrade',
  'commit.scale',
  'commit.add',
  'commit.remove',
  'commit.configure',
  'commit.policy',
  'commit.expose',
  'commit.several',
  'commit.bad',
  'commit.revert',
  'commit.restore',
  'commit.force',
  'commit.invalid',
  // People and accidents change what runs.
  'world.stop',
  'world.fail',
  'world.delete',
  'world.edit',
  'world.sicken',
  'world.heal',
  'world.spoilRelease',
  'world.mendRelease',
  // Controllers and their machines.
  'process.kill',
  'process.powerCut',
  'process.killTwice',
  'process.pause',
  'process.shutdown',
  'process.takeover',
  'clock.jump',
  'disk.flipBit',
  'disk.lose',
  // Operators.
  'operator.resume',
  'operator.retry',
  'operator.release',
  'operator.detach',
  'operator.promote',
  'operator.pause',
  'operator.pauseFor',
  'operator.abort',
  'operator.abortRevert',
  'operator.restart',
] as const;

export type ActKind = (typeof actKinds)[number];

export interface Act {
  readonly kind: ActKind;
  readonly seed: number;
  /** Since the act before it, in milliseconds. */
  readonly afterMs: number;
}

/** Everything that a run is made of: two runs of one script are the same run. */
export interface Script {
  readonly seed: number;
  readonly weather: Weather;
  /** Longest time that a call of something remote takes, in milliseconds. */
  readonly latencyMs: number;
  readonly pollMs: number;
  readonly restartMs: number;
  /** Acts end, and calm begins, after so many steps or after the last act. */
  readonly steps: number;
  readonly acts: readonly Act[];
  /** Releases that never turn healthy come often, and are to go back by themselves. */
  readonly isFailing?: boolean;
  /** Everything goes to another version in steps, and has time for it. */
  readonly isStepwise?: boolean;
  /** Its controllers run where the disk is gone after each of them. */
  readonly isEphemeral?: boolean;
  /** There is a forge; absent: the repository is nobody's but the machine's. */
  readonly forge?: Hosting;
  /** The repository is on another machine, and whoever pushes is told of by a webhook. */
  readonly isRemote?: boolean;
}

/** How often each kind comes, beside the others of its group. */
const commits: Readonly<Partial<Record<ActKind, number>>> = {
  'commit.upgrade': 8,
  'commit.downgrade': 3,
  'commit.scale': 3,
  'commit.add': 3,
  'commit.remove': 3,
  'commit.configure': 3,
  'commit.policy': 1,
  'commit.expose': 1,
  'commit.several': 4,
  'commit.revert': 9,
  'commit.restore': 1,
  'commit.invalid': 2,
};
const accidents: readonly ActKind[] = [
  'world.stop',
  'world.fail',
  'world.delete',
  'world.edit',
  'world.sicken',
  'world.heal',
  'world.spoilRelease',
  'world.mendRelease',
];
const blows: readonly ActKind[] = [
  'process.kill',
  'process.kill',
  'process.powerCut',
  'process.powerCut',
  'process.powerCut',
  'process.killTwice',
  'process.killTwice',
  'process.pause',
  'process.pause',
  'process.shutdown',
  'process.takeover',
  'clock.jump',
  'disk.flipBit',
  'disk.flipBit',
  'disk.lose',
];
const people: readonly ActKind[] = [
  'operator.resume',
  'operator.resume',
  'operator.retry',
  'operator.promote',
  'operator.promote',
  'operator.pause',
  'operator.pauseFor',
  'operator.abort',
  'operator.abortRevert',
  'operator.restart',
  'operator.release',
  'operator.detach',
  'commit.force',
];

/** Chance of each kind in a seed that has it: what stops a controller at once is rarer than what it shrugs off. */
const severities: { readonly [kind in keyof Weather]: readonly number[] } = {
  'disk.noSpace': [0.002, 0.01, 0.03],
  'disk.io': [0.002, 0.01, 0.03],
  'disk.failedSync': [0.005, 0.02, 0.05],
  'provider.error': [0.02, 0.1, 0.3],
  'provider.timeoutApplied': [0.02, 0.05, 0.15],
  'provider.timeoutNotApplied': [0.02, 0.05, 0.15],
  'provider.partlyApplied': [0.02, 0.1, 0.3],
  'provider.staleRead': [0.02, 0.1, 0.3],
  'provider.eventMissing': [0.05, 0.3],
  'provider.eventDoubled': [0.05, 0.3],
  'provider.eventReordered': [0.05, 0.3],
  'world.flapping': [0.02, 0.1],
  'gate.unmeasured': [0.2, 0.6],
  'gate.slow': [0.2, 0.6],
  'gate.wrong': [0.2, 0.5],
  'push.rejected': [0.02, 0.1, 0.3],
  'push.answerLost': [0.02, 0.1, 0.3],
  'hint.lost': [0.1, 0.5],
  'hint.doubled': [0.1, 0.5],
  'repository.unreachable': [0.005, 0.02, 0.1],
};

type Climate = 'clear' | 'one' | 'some' | 'all';

/** The script of a seed. */
export function scriptOf(seed: number): Script {
  let script = ordinary(seed);
  if (Random.of(seed, 'ephemeral').chance(0.15)) script = { ...script, isEphemeral: true };
  const steps = Random.of(seed, 'stepwise');
  if (steps.chance(0.4)) script = stepwise(script, steps);
  const random = Random.of(seed, 'failing');
  if (random.chance(0.4)) script = failing(script, random);
  return hosted(script);
}

/** Upgrades at a pace at which steps are reached, now and then a person's word, and gates that have faults of their own. */
function stepwise(script: Script, random: Random): Script {
  const acts = script.acts.map((act): Act => {
    const afterMs = random.pick([act.afterMs, 5_000, 20_000, 100_000]);
    if (random.chance(0.1)) return { ...act, afterMs, kind: 'operator.promote' };
    const isUpgrade = act.kind.startsWith('commit.') && random.chance(0.4);
    return { ...act, afterMs, kind: isUpgrade ? 'commit.upgrade' : act.kind };
  });
  const faults = (['gate.unmeasured', 'gate.slow', 'gate.wrong'] as const).filter(() => random.chance(0.6));
  const weather = Object.fromEntries(faults.map((kind) => [kind, random.pick(severities[kind] ?? [0])]));
  return { ...script, weather: { ...script.weather, ...weather }, acts, isStepwise: true };
}

/** Long enough for a deadline to pass, and for the way back. */
const wayBackMs = 400_000;

function failing(script: Script, random: Random): Script {
  let isBad = false;
  const acts = script.acts.slice(0, 40).map((act): Act => {
    const afterMs = isBad && random.chance(0.8) ? wayBackMs : act.afterMs;
    isBad = act.kind.startsWith('commit.') && random.chance(0.4);
    return { ...act, afterMs, kind: isBad ? 'commit.bad' : act.kind };
  });
  return { ...script, acts, isFailing: true };
}

function ordinary(seed: number): Script {
  const random = Random.of(seed, 'script');
  const climate = random.pick<Climate>(['clear', 'one', 'one', 'some', 'some', 'some', 'all']);
  return {
    seed,
    weather: weatherOf(climate, random),
    latencyMs: random.pick([0, 1, 10, 200]),
    pollMs: random.pick([5_000, 10_000]),
    restartMs: random.pick([0, 10, 5_000]),
    steps: 200,
    acts: actsOf(climate, random),
  };
}

function weatherOf(climate: Climate, random: Random): Weather {
  const kinds = Object.keys(severities) as (keyof Weather)[];
  const chosen =
    climate === 'one'
      ? [random.pick(kinds)]
      : kinds.filter(() => random.chance(climate === 'all' ? 1 : climate === 'some' ? 0.3 : 0));
  return Object.fromEntries(
    chosen.map((kind) => {
      const chances = severities[kind] ?? [0];
      return [kind, climate === 'all' ? chances[0] : random.pick(chances)];
    }),
  );
}

/** Some seeds only have commits, or one kind of blow; most have something of everything. */
function actsOf(climate: Climate, random: Random): Act[] {
  const weights = Object.entries(commits).flatMap(([kind, weight]) =>
    Array.from({ length: weight }, () => kind as ActKind),
  );
  const others = [accidents, blows, people].filter(() => climate !== 'clear' && random.chance(0.6));
  const share = random.pick([0.2, 0.4, 0.6]);
  const gaps = random.pick([
    [0, 1, 10, 100, 1_000, 10_000, 100_000],
    [0, 1, 10, 100],
    [1_000, 10_000, 100_000],
  ]);
  return Array.from({ length: random.between(30, 60) }, () => ({
    kind: others.length > 0 && random.chance(share) ? random.pick(random.pick(others)) : random.pick(weights),
    seed: random.between(0, 0x7fffffff),
    afterMs: random.pick(gaps),
  }));
}
