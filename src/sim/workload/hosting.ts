import type { Weather } from '../faults.js';
import { Random } from '../random.js';
import type { Script } from './script.js';

/** A forge as an installation has it. */
export interface Hosting {
  readonly reverts: 'commit' | 'pullRequest';
  readonly otherPlan: 'goOn' | 'hold';
  readonly hasDeployments: boolean;
  /** Verbs that it refuses for good. */
  readonly refuses: readonly string[];
  /** Of the commits of people, how many come by a pull request. */
  readonly pullShare: number;
}

const severities: { readonly [kind in keyof Weather]: readonly number[] } = {
  'forge.unavailable': [0.02, 0.1, 0.4],
  'forge.rateLimit': [0.02, 0.1],
  'forge.answerLost': [0.05, 0.3],
  'forge.slow': [0.02, 0.1],
};
const remoteSeverities: { readonly [kind in keyof Weather]: readonly number[] } = {
  'webhook.lost': [0.1, 0.5],
  'webhook.doubled': [0.1, 0.5],
  'webhook.forged': [0.1, 0.5],
  'remote.unreachable': [0.001, 0.005],
};
/** Whoever is away is not asked without a pause. */
const restartMs = 5_000;

/** Where the repository is kept: most have a folder of the machine alone, some a forge, and some of these a remote. */
export function hosted(script: Script): Script {
  const random = Random.of(script.seed, 'hosted');
  if (!random.chance(1 / 3)) return script;
  const isClear = random.chance(0.15);
  const drawn = (from: typeof severities): Weather =>
    Object.fromEntries(
      Object.entries(from).flatMap(([kind, chances]) =>
        !isClear && random.chance(0.6) ? [[kind, random.pick(chances)]] : [],
      ),
    );
  const forge: Hosting = {
    reverts: random.chance(0.7) ? 'pullRequest' : 'commit',
    otherPlan: random.chance(0.3) ? 'hold' : 'goOn',
    hasDeployments: random.chance(0.7),
    refuses:
      !isClear && random.chance(0.25)
        ? [random.pick(['writeStatus', 'writeDeployment', 'writeComment', 'propose', 'pullRequestsOf'])]
        : [],
    pullShare: random.pick([0.3, 0.7, 1]),
  };
  const withForge: Script = { ...script, forge, weather: { ...script.weather, ...drawn(severities) } };
  if (!random.chance(0.6)) return withForge;
  const weather = { ...withForge.weather, ...drawn(remoteSeverities) };
  return { ...withForge, isRemote: true, restartMs, weather };
}
