import { Random } from '../../random.js';
import type { Act, ActKind, Script } from '../../workload/script.js';
import type { Weather } from '../../faults.js';
import type { Hosting } from '../../workload/hosting.js';

interface Season {
  readonly kinds: readonly ActKind[];
  readonly weather?: Weather;
  readonly latencyMs?: number;
  readonly gapsMs?: readonly number[];
}

const commits: readonly ActKind[] = [
  'commit.upgrade',
  'commit.upgrade',
  'commit.scale',
  'commit.add',
  'commit.remove',
  'commit.configure',
  'commit.downgrade',
  'commit.several',
];

/** A short life of some kind, drawn from the seed. */
export function season({
  kinds,
  weather = {},
  latencyMs = 20,
  gapsMs = [10, 1_000, 20_000],
}: Season): (seed: number) => Script {
  return (seed) => {
    const random = Random.of(seed, 'planted');
    const acts = Array.from({ length: 24 }, (): Act => ({
      kind: random.pick(kinds),
      seed: random.between(0, 0x7fffffff),
      afterMs: random.pick(gapsMs),
    }));
    return { seed, weather, latencyMs, pollMs: 10_000, restartMs: 10, steps: 250, acts };
  };
}

/** People change the model, and nothing else happens. */
export const peaceful = season({ kinds: commits });
export const hurried = season({ kinds: commits, gapsMs: [0, 10, 100], latencyMs: 200 });
export const crashing = season({
  kinds: [...commits, 'process.powerCut', 'process.kill'],
  gapsMs: [0, 10, 100, 1_000],
  latencyMs: 200,
});
export const silent = season({
  kinds: commits,
  weather: { 'provider.timeoutApplied': 0.2, 'provider.timeoutNotApplied': 0.2 },
  latencyMs: 200,
});
export const drifting = season({
  kinds: ['commit.upgrade', 'commit.scale', 'world.delete', 'world.stop', 'world.fail', 'world.edit'],
  weather: { 'provider.eventMissing': 0.5 },
  gapsMs: [1_000, 20_000],
});
export const sickly = season({
  kinds: [
    ...commits,
    'world.spoilRelease',
    'world.mendRelease',
    'world.sicken',
    'world.heal',
    'world.sicken',
  ],
  gapsMs: [10, 100, 1_000, 10_000],
  latencyMs: 200,
});
const rivals: readonly ActKind[] = [...commits, 'process.takeover', 'process.takeover', 'process.kill'];
export const contested = season({ kinds: rivals, gapsMs: [0, 10, 50, 100, 300], latencyMs: 200 });
/** In the middle of its work a controller stands still and another takes over; what it had sent is still on its way. */
export function overtaken(seed: number): Script {
  const random = Random.of(seed, 'overtaken');
  const act = (kind: ActKind, afterMs: number): Act => ({
    kind,
    afterMs,
    seed: random.between(0, 0x7fffffff),
  });
  const acts = Array.from({ length: 8 }, () => [
    act(random.pick(commits), 20_000),
    act('process.pause', random.between(500, 8_000)),
    act('process.takeover', random.pick([0, 10, 500])),
  ]).flat();
  return { ...peaceful(seed), latencyMs: 2_000, acts };
}
export const growing = season({ kinds: ['commit.add', 'commit.upgrade', 'commit.scale'], latencyMs: 2_000 });
export const badDisk = season({ kinds: commits, weather: { 'disk.failedSync': 0.05 }, latencyMs: 200 });
export const removing = season({ kinds: ['commit.add', 'commit.remove', 'commit.revert', 'commit.upgrade'] });
/** Many a version is bad, and goes back. */
export const failing = season({
  kinds: ['commit.bad', 'commit.upgrade', 'commit.bad', 'commit.scale'],
  weather: { 'repository.unreachable': 0.2 },
  gapsMs: [1_000, 20_000, 60_000, 200_000],
  latencyMs: 200,
});
const bad = season({ kinds: ['commit.bad', 'commit.upgrade', 'commit.bad'], gapsMs: [60_000, 200_000] });
/** Everything goes in steps, and many a version is one that gates alone find out. */
export function inSteps(seed: number): Script {
  return { ...bad(seed), weather: { 'gate.wrong': 0.3 }, steps: 600, isStepwise: true };
}
/** Each controller is killed at some time, and the next begins on another machine. */
export function onRunners(seed: number): Script {
  return { ...crashing(seed), isEphemeral: true };
}

type Seeded = (seed: number) => Script;
const usualHosting: Hosting = {
  reverts: 'pullRequest',
  otherPlan: 'goOn',
  hasDeployments: true,
  refuses: [],
  pullShare: 1,
};
/** The same, where there is a forge. */
export function withForge(season: Seeded): Seeded {
  return (seed) => ({ ...season(seed), forge: usualHosting });
}
/** Where what is proposed is often done and not heard of. */
export function proposing(season: Seeded): Seeded {
  return (seed) => {
    const script = season(seed);
    const weather = { ...script.weather, 'forge.answerLost': 0.6 };
    return { ...script, forge: usualHosting, weather, steps: 500, isFailing: true };
  };
}
/** The same, where the repository is on another machine, and webhooks are not all what they seem. */
export function withRemote(season: Seeded): Seeded {
  return (seed) => {
    const script = season(seed);
    const weather = { ...script.weather, 'webhook.forged': 0.5 };
    return { ...script, forge: usualHosting, isRemote: true, restartMs: 5_000, weather };
  };
}
