import type { Revision } from '../core/base/names.js';
import type { SafeText } from '../core/base/safe-text.js';
import type { RevertEnd } from '../core/rollout/domain.js';
import type { DueRevert } from '../core/rollout/revert.js';
import type { SolutionState } from '../core/rollout/state.js';
import { revertProposal, type RevertLinks } from '../core/status/comment/revert-proposal.js';
import type { Forge } from '../ports/forge.js';
import type { FileChange, Oid } from '../ports/repository.js';
import { shortBranch } from '../ports/repository.js';
import type { Core } from './core.js';
import { saysReverted } from './revert-message.js';

/** What came of taking back in Git what failed. */
export type Made =
  | { readonly kind: 'ended'; readonly end: RevertEnd }
  /** The branch has moved on meanwhile: what it asks for now is judged first. */
  | { readonly kind: 'moved' }
  | { readonly kind: 'unavailable'; readonly message: SafeText };

export interface WantedProposal {
  readonly due: DueRevert;
  readonly tip: Oid;
  /** Short name of the tracked branch. */
  readonly base: string;
  readonly changes: readonly FileChange[];
  readonly solutions: readonly SolutionState[];
  /** Of the commit. */
  readonly message: string;
}

/**
 * The commit on a branch of its own, and the pull request that brings it in: named by what is taken back, so that
 * another try finds both. Nothing is merged. Where none may be opened the branch is there all the same, and the reason
 * says what opens one.
 */
export async function proposeRevert(core: Core, forge: Forge, wanted: WantedProposal): Promise<Made> {
  const ref = `refs/heads/${branchName(core.domain, wanted.due)}`;
  const commit = await branchWith(core, ref, wanted);
  if (typeof commit === 'object') return commit;
  const end = { outcome: 'branch', commit: commit as Revision, ref } as const;
  const [head, base] = [shortBranch(ref), wanted.base];
  const words = revertProposal(core.domain, wanted.due, wanted.solutions, await linksOf(forge, wanted.due));
  const answer = await forge.propose({ head, base, ...words });
  switch (answer.kind) {
    case 'ok': {
      const { number, url } = answer.value;
      return { kind: 'ended', end: { ...end, reason: null, pullRequest: { number, url } } };
    }
    case 'unavailable':
      return { kind: 'unavailable', message: answer.message };
    case 'refused': {
      const { message: reason, fix } = answer;
      const unopened = { compareUrl: forge.compareUrl(base, head), fix };
      return { kind: 'ended', end: { ...end, reason, unopened } };
    }
  }
}

function branchName(domain: string, { revision, arrival }: DueRevert): string {
  return `heliostat/revert-${domain}-${revision.slice(0, 7)}${arrival === 1 ? '' : `-${arrival}`}`;
}

/** The commit that the branch has; one that a former try has pushed, and that is on top of this tip, is kept. */
async function branchWith(core: Core, ref: string, wanted: WantedProposal): Promise<Oid | Made> {
  const { refs, source, clock } = core.ports;
  const standing = await refs.read(ref);
  const known = standing === null ? null : await source.commit(standing as Revision);
  if (known !== null && saysReverted(known, wanted.due) && known.parents[0] === wanted.tip) return known.oid;
  const { tip, changes, message } = wanted;
  // A branch is never forced: it goes on from where it stood.
  const after = standing === null ? {} : { after: standing };
  const commit = await refs.commit({ parent: tip, ...after, changes, message, wallMs: clock.wallMs() });
  const swapped = await refs.compareAndSwap(ref, standing, commit);
  if (swapped.kind === 'unavailable') return { kind: 'unavailable', message: swapped.message };
  return swapped.kind === 'lost' ? { kind: 'moved' } : commit;
}

/** Where the reader finds what failed; what the forge does not tell now is left out. */
async function linksOf(forge: Forge, { revision }: DueRevert): Promise<RevertLinks> {
  const pulls = await forge.pullRequestsOf(revision);
  const came = pulls.kind === 'ok' ? pulls.value.find(({ merged }) => merged === revision) : undefined;
  const origin = came === undefined ? null : { name: `#${came.number}`, url: came.url };
  return { commitUrl: forge.commitUrl(revision), origin };
}
