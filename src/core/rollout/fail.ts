import type { DesiredElement, OnFailure } from '../base/desired.js';
import { digestOf } from '../base/digest.js';
import type { ClusterKey, ElementName, InstanceId } from '../base/names.js';
import type { SafeText } from '../base/safe-text.js';
import { safe } from '../base/safe-text.js';
import type { SolutionEntry } from './entries.js';
import type { ElementState, Quarantined, SolutionState, Targets } from './state.js';

/** Why the rollout of an element cannot succeed. */
export interface Failure {
  readonly element: ElementName;
  /** Whose instance it was; null: nothing that one cluster is to blame for. */
  readonly cluster: ClusterKey | null;
  /** Whose last words are worth keeping. */
  readonly instance: InstanceId | null;
  readonly reason: SafeText;
  /** What there is to show of it. */
  readonly evidence?: readonly SafeText[];
}

/** What a failure means, by the wish of those that are still on their way. */
export function fail(solution: SolutionState, failure: Failure): SolutionEntry[] {
  const { reason } = failure;
  switch (wishOf(solution)) {
    case 'pause':
      return [{ kind: 'rollout.phase', phase: 'paused', reason }];
    case 'abort':
      return [abortEntry(solution, reason)];
    case 'revert':
      return goBack(solution, failure);
  }
}

/** A person that wants to be asked is asked; nothing goes back that somebody wants to look at as it stands. */
function wishOf(solution: SolutionState): OnFailure {
  const wishes = [...solution.elements.values()].flatMap(({ track, target }) =>
    track !== null && !track.done && target !== null ? [target.rollout.onFailure] : [],
  );
  if (wishes.length === 0 || wishes.includes('pause')) return 'pause';
  return wishes.includes('revert') ? 'revert' : 'abort';
}

/** A person wants what was stable: nothing is to blame but what has failed already. Null: there is nothing to go back to. */
export function goBackEntry(solution: SolutionState, reason: SafeText): SolutionEntry | null {
  const { former, lastStable, elements } = solution;
  if (lastStable === null || Object.keys(former).length === 0) return null;
  const clusters = [...elements.values()].flatMap(({ name, clusters: all }) => {
    const before = new Set((former[name]?.clusters ?? []).map(({ key }) => key));
    return [...all.values()]
      .filter(({ key, everStable, instances }) => {
        const failed = [...instances.values()].some(({ trouble }) => trouble?.exhausted === true);
        return failed && !everStable && !before.has(key) && name in former;
      })
      .map(({ key }) => ({ element: name, cluster: key }));
  });
  return { kind: 'rollout.reverting', targets: former, clusters, reason };
}

/** Nothing of it failed, but it cannot stay, or was one change with what goes back. */
export function followEntry(
  solution: SolutionState,
  cause: SolutionState,
  because: SafeText | null,
): SolutionEntry {
  const reason = safe(`goes back with ${cause.name}${because === null ? '' : `: ${because}`}`);
  if (solution.lastStable === null || cause.rollout === null)
    return { kind: 'rollout.aborted', targets: keptForEvidence(solution), reason };
  const { revision, arrival } = cause.rollout;
  return {
    kind: 'rollout.reverting',
    targets: solution.former,
    clusters: [],
    reason,
    cause: { solution: cause.name, revision, arrival },
  };
}

function goBack(solution: SolutionState, failure: Failure): SolutionEntry[] {
  const { reason } = failure;
  if (solution.lastStable === null)
    return [{ kind: 'rollout.aborted', targets: keptForEvidence(solution), reason }];
  // What is as it was before cannot be mended by going back.
  if (Object.keys(solution.former).length === 0) return [{ kind: 'rollout.phase', phase: 'paused', reason }];
  return [
    {
      kind: 'rollout.reverting',
      targets: solution.former,
      clusters: blamed(solution, failure),
      reason,
      ...(failure.instance === null ? {} : { witness: failure.instance }),
      ...(failure.evidence === undefined ? {} : { evidence: failure.evidence }),
    },
  ];
}

/** What failed; where no single cluster did, what the element had new. Never what the way back leads to. */
function blamed({ elements, former }: SolutionState, { element, cluster }: Failure): Quarantined[] {
  const target = elements.get(element)?.target ?? null;
  const before = new Set((former[element]?.clusters ?? []).map(({ key }) => key));
  return (target?.clusters ?? [])
    .filter(({ key }) => !before.has(key) && (cluster === null || key === cluster || before.has(cluster)))
    .map(({ key }) => ({ element, cluster: key }));
}

/** There is nothing to go back to: what was made is stopped, and stays to be looked at. */
function keptForEvidence(solution: SolutionState): Targets {
  const targets: { [element: ElementName]: DesiredElement | null } = {};
  for (const { name, target, clusters } of solution.elements.values()) {
    if (target === null) continue;
    const kept = [...clusters.values()].flatMap(({ key, definition, instances }) => {
      const size = Math.max(0, ...[...instances.values()].filter(isMade).map(({ ordinal }) => ordinal + 1));
      return size === 0 ? [] : [{ key, state: 'inactive' as const, size, weight: null, definition }];
    });
    targets[name] = kept.length === 0 ? null : stoppedAt(target, kept);
  }
  return targets;
}

function isMade({ lifecycle, operation }: { lifecycle: string; operation: unknown }): boolean {
  return lifecycle !== 'initial' || operation !== null;
}

/** Ends the rollout where it stands: what runs is the target until the next change. */
export function abortEntry(
  solution: SolutionState,
  reason: SafeText,
): Extract<SolutionEntry, { kind: 'rollout.aborted' }> {
  return { kind: 'rollout.aborted', targets: whatRuns(solution), reason };
}

/** `abort` makes what runs the target until the next change. */
function whatRuns(solution: SolutionState): Targets {
  const targets: { [element: ElementName]: ElementState['target'] } = {};
  for (const element of solution.elements.values()) {
    if (element.track === null || element.track.done || element.target === null) continue;
    const clusters = [...element.clusters.values()].flatMap((cluster) => {
      const running = [...cluster.instances.values()].filter(
        (i) => i.lifecycle === 'active' && (i.proven || (cluster.everStable && i.trouble === null)),
      );
      const size = running.length === 0 ? 0 : Math.max(...running.map((i) => i.ordinal)) + 1;
      const weight = element.target?.clusters.find((desired) => desired.key === cluster.key)?.weight ?? null;
      return size === 0
        ? []
        : [{ key: cluster.key, state: 'active' as const, size, weight, definition: cluster.definition }];
    });
    targets[element.name] = clusters.length === 0 ? null : stoppedAt(element.target, clusters);
  }
  return targets;
}

/** Its own digest: what was given up must not pass for what the model asks for, or it would never be tried again. */
function stoppedAt(target: DesiredElement, clusters: DesiredElement['clusters']): DesiredElement {
  return { ...target, clusters, digest: digestOf({ abortedFrom: target.digest, clusters }) };
}
