import type { Generation } from '../base/names.js';
import type { Version } from '../base/version.js';
import type { State } from '../journal/fold.js';
import type { RevertState } from '../rollout/domain.js';
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
  const said = revert === undefined ? 'its revert is on the way' : aboutRevert(revert);
  const command = revert === undefined ? null : wayOn(revert, retry);
  return [
    condition(
      'reverted',
      `${failed} ${along === '' ? 'failed and ' : ''}was taken back${along}; ${said}`,
      quarantine.sinceWallMs,
      command,
    ),
  ];
}

function aboutRevert(revert: RevertState): string {
  switch (revert.outcome) {
    case 'open':
      return 'its revert is on the way';
    case 'none':
      return `no commit says so: ${revert.reason ?? 'nothing was to be made'}`;
    case 'made':
      return `its revert is ${revert.commit?.slice(0, 7) ?? ''}`;
    case 'branch':
      if (revert.pullRequest !== undefined) return `its revert waits to be merged: ${revert.pullRequest.url}`;
      return `its revert waits on ${branchOf(revert) ?? 'a branch'}: ${reasonOf(revert) ?? ''}`;
  }
}

/** Null: a person merges what is open, or nothing has to be done. */
function wayOn(revert: RevertState, retry: string): string | null {
  if (revert.outcome === 'none') return retry;
  const branch = branchOf(revert);
  if (revert.outcome !== 'branch' || branch === null || revert.pullRequest !== undefined) return null;
  return `git merge ${branch}`;
}

/** Why it is not on the tracked branch, and where no pull request could be opened what mends that. */
export function reasonOf({ reason, unopened }: RevertState): string | null {
  if (unopened === undefined) return reason;
  return `${reason ?? 'no pull request could be opened'}; open it: ${unopened.compareUrl}; for the next time: ${unopened.fix}`;
}

/** Short name. */
export function branchOf({ ref }: Pick<RevertState, 'ref'>): string | null {
  return ref?.replace(/^refs\/heads\//, '') ?? null;
}

function condition(type: string, message: string, sinceMs: number, command: string | null): ConditionView {
  return { type, reason: type, message, sinceMs, command };
}
