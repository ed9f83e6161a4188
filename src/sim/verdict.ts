import type { Milestone } from './coverage.js';
import { faultKinds, type FaultKind } from './faults.js';
import { positions } from './positions.js';
import type { Demand } from './suites/suite.js';
import { bugsNotYet } from './suites/planted/not-yet.js';
import { violationsOf, type Tally } from './tally.js';

/** What the report calls each kind of fault. */
export const faultWords: { readonly [kind in FaultKind]: string } = {
  'process.crash': 'process crash',
  'process.crashInRecovery': 'crash during recovery',
  'process.pause': 'long pause',
  'process.leaseLost': 'lease lost in mid-effect',
  'clock.jump': 'clock jumps forward or back',
  'disk.noSpace': 'journal: no space',
  'disk.io': 'journal: I/O error',
  'disk.failedSync': 'journal: failed sync',
  'disk.tornTail': 'journal: torn tail',
  'disk.flippedBit': 'journal: flipped bit',
  'provider.error': 'provider: error',
  'provider.timeoutApplied': 'provider: timed out, applied',
  'provider.timeoutNotApplied': 'provider: timed out, not applied',
  'provider.partlyApplied': 'provider: partly applied',
  'provider.staleRead': 'provider: stale read',
  'provider.eventMissing': 'provider: event missing',
  'provider.eventDoubled': 'provider: event doubled',
  'provider.eventReordered': 'provider: event out of order',
  'world.deletion': 'deletion behind our back',
  'world.edit': 'edit behind our back',
  'world.flapping': 'flapping health',
  'gate.unmeasured': 'gate: cannot be measured',
  'gate.slow': 'gate: no answer in time',
  'gate.wrong': 'gate: wrong, once or flapping',
  'push.rejected': 'push rejected',
  'push.answerLost': 'push accepted, answer lost',
  'branch.forced': 'force-push',
  'hint.lost': 'notice of a push lost',
  'hint.doubled': 'notice of a push doubled',
  'repository.unreachable': 'repository unreachable',
  'forge.unavailable': 'forge: 5xx',
  'forge.rateLimit': 'forge: rate limit',
  'forge.refused': 'forge: not allowed, for good',
  'forge.answerLost': 'forge: done, answer lost',
  'forge.slow': 'forge: slow',
  'webhook.lost': 'webhook lost',
  'webhook.doubled': 'webhook doubled',
  'webhook.forged': 'webhook that names another tip',
  'remote.unreachable': 'remote unreachable',
};

/** What runs must come to see, so that the invariants had something to say. */
export const stages: readonly Milestone[] = ['promotion', 'retirement', 'revert', 'supersession'];
const leastShare = 0.2;

/** What nobody can simulate yet, because it is not there. */
export const notYet: readonly string[] = [...bugsNotYet.map((bug) => `planted bug: ${bug}`)];

/** How often each kind of fault must have struck in so many runs. Few runs prove nothing, and owe nothing. */
export function leastFaults(runs: number): number {
  if (runs < 200) return 0;
  if (runs < 2_000) return 10;
  return runs < 100_000 ? 100 : 10_000;
}

/** Why these runs do not pass, in words; none: they do. */
export function shortcomings(
  tally: Tally,
  demands: readonly (Demand & { readonly suite: string })[],
): string[] {
  const violations = violationsOf(tally);
  return [
    ...(violations === 0 ? [] : [`${violations} ${violations === 1 ? 'run' : 'runs'} broke an invariant`]),
    ...rareFaults(tally),
    ...rareStages(tally),
    ...rarePositions(tally),
    ...demands.flatMap(({ suite, group, label, atLeast }) => {
      const count = tally.suites[suite]?.counters[group]?.[label] ?? 0;
      return count >= atLeast ? [] : [`${suite}, ${group}, ${label}: ${count} instead of ${atLeast}`];
    }),
  ];
}

function rareFaults({ runs, faults }: Tally): string[] {
  const least = leastFaults(runs);
  return faultKinds.flatMap((kind) => {
    const count = faults[kind] ?? 0;
    return count >= least ? [] : [`${faultWords[kind]}: struck ${count} times instead of ${least}`];
  });
}

function rareStages({ runs, reached }: Tally): string[] {
  if (leastFaults(runs) === 0) return [];
  return stages.flatMap((stage) => {
    const share = (reached[stage] ?? 0) / runs;
    const percent = Math.floor(share * 100);
    return share >= leastShare ? [] : [`only ${percent} % of the runs reached ${stage}`];
  });
}

function rarePositions(tally: Tally): string[] {
  if (tally.runs < 2_000) return [];
  return positions.flatMap((position) =>
    (tally.positions[position] ?? 0) > 0 ? [] : [`no controller died ${position}`],
  );
}
