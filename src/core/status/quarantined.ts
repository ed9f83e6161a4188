import type { Generation } from '../base/names.js';
import type { Version } from '../base/version.js';
import type { State } from '../journal/fold.js';
import type { SolutionState } from '../rollout/state.js';
import type { ConditionView, QuarantineView } from './view.js';

/** Clusters that failed and stay out of a solution, for people. */
export function quarantineOf(state: State, { quarantine }: SolutionState): QuarantineView[] {
  if (quarantine === null) return [];
  const cause = quarantine.cause ?? quarantine;
  const revert = state.domain.revisions.get(cause.revision)?.revert;
  return quarantine.clusters.map(({ element, cluster }) => {
    const [version = '', generation = ''] = cluster.split('~');
    return {
      element,
      version: version as Version,
      generation: generation as Generation,
      revision: quarantine.revision,
      reason: quarantine.reason,
      pullRequest: revert?.pullRequest?.url ?? null,
    };
  });
}

/** That it went back, and what ends that: the commit that says so in Git, or another one by a person. */
export function revertConditions(
  state: State,
  { name, rollout, quarantine }: SolutionState,
): ConditionView[] {
  const target = `${state.domain.name}/${name}`;
  const retry = `heliostat retry ${target} --reason TEXT`;
  if (rollout?.phase === 'blocked')
    return [condition('blocked', `${rollout.reason ?? 'going back failed'}`, rollout.startedWallMs, retry)];
  if (quarantine === null) return [];
  if (quarantine.cause !== undefined && rollout?.phase !== 'reverting' && rollout?.phase !== 'reverted')
    return [condition('staying', quarantine.reason, quarantine.sinceWallMs, null)];
  const cause = quarantine.cause ?? quarantine;
  const revert = state.domain.revisions.get(cause.revision)?.revert;
  const failed = quarantine.revision.slice(0, 7);
  const along = quarantine.cause === undefined ? '' : ` with ${quarantine.cause.solution}`;
  const said =
    revert === undefined || revert.outcome === 'open'
      ? 'its revert is on the way'
      : revert.outcome === 'none'
        ? `no commit says so: ${revert.reason ?? 'nothing was to be made'}`
        : revert.pullRequest !== undefined
          ? `its revert waits to be merged: ${revert.pullRequest.url}`
          : revert.outcome === 'branch'
            ? `its revert waits on ${revert.ref?.replace('refs/heads/', '') ?? 'a branch'}: ${revert.reason ?? ''}`
            : `its revert is ${revert.commit?.slice(0, 7) ?? ''}`;
  const command =
    revert?.outcome === 'branch' && revert.ref !== null && revert.pullRequest === undefined
      ? `git merge ${revert.ref.replace('refs/heads/', '')}`
      : revert?.outcome === 'none'
        ? retry
        : null;
  return [
    condition(
      'reverted',
      `${failed} ${along === '' ? 'failed and ' : ''}was taken back${along}; ${said}`,
      quarantine.sinceWallMs,
      command,
    ),
  ];
}

function condition(type: string, message: string, sinceMs: number, command: string | null): ConditionView {
  return { type, reason: type, message, sinceMs, command };
}
