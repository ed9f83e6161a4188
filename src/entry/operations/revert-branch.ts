import type { Revision } from '../../core/base/names.js';
import { personalRevertProposal } from '../../core/status/comment/revert-proposal.js';
import type { Forge } from '../../ports/forge.js';
import type { RevertProposal } from '../cli/operations.js';
import { Failure } from '../cli/operations.js';
import { forgeOf } from './forge.js';
import type { Location } from './place.js';

/** A revert as it is to be brought in by a person. */
export interface Proposing {
  readonly reverted: { readonly oid: Revision; readonly subject: string };
  readonly tip: Revision;
  /** Short name of the tracked branch. */
  readonly base: string;
  readonly reason: string | null;
  readonly files: readonly string[];
  readonly stays: readonly string[];
  /** Writes the commit on top of the tip; `after`: what the branch has already, and goes on from. */
  write(after: string | null): Promise<Revision>;
  /** As the person called it. */
  readonly again: string;
}

/**
 * The forge by which reverts come in; null: the branch itself is moved. Of a repository on this machine it is the
 * person who pushes, so none is asked there.
 * @throws {Failure} where its credentials cannot be read.
 */
export function proposingForge(location: Location): Forge | null {
  if (location.remote === null || location.config.forge?.policy.reverts !== 'pullRequest') return null;
  return forgeOf(location)?.forge ?? null;
}

/** The commit on a branch of its own, named by what is taken back: asked for once more, it is found again. */
export async function pushRevert(
  { repository, domain }: Location,
  { reverted, tip, write, again }: Proposing,
): Promise<{ readonly branch: string; readonly commit: Revision }> {
  const branch = `heliostat/revert-${domain}-${reverted.oid.slice(0, 7)}-asked`;
  const ref = `refs/heads/${branch}`;
  const { refs, source } = repository;
  const standing = await refs.read(ref);
  const known = standing === null ? null : await source.commit(standing as Revision);
  if (known?.parents[0] === tip && known.body.includes(`This reverts commit ${reverted.oid}.`))
    return { branch, commit: known.oid };
  const commit = await write(standing);
  const swapped = await refs.compareAndSwap(ref, standing, commit);
  if (swapped.kind === 'swapped') return { branch, commit };
  throw new Failure(
    swapped.kind === 'lost' ? 'revert.overtaken' : 'revert.unwritten',
    swapped.kind === 'lost'
      ? `somebody has moved ${branch} meanwhile`
      : `${branch} cannot be pushed: ${swapped.message}`,
    `See what is missing with heliostat doctor, then: heliostat revert ${again}`,
  );
}

/** The pull request of that branch. Where none is opened, the branch is there all the same, and why is said. */
export async function proposeRevert(
  forge: Forge,
  { domain }: Location,
  branch: string,
  of: Proposing,
): Promise<RevertProposal> {
  const { reverted, base, reason, files, stays } = of;
  const pulls = await forge.pullRequestsOf(reverted.oid);
  const came = pulls.kind === 'ok' ? pulls.value.find(({ merged }) => merged === reverted.oid) : undefined;
  const words = personalRevertProposal(
    { domain, revision: reverted.oid, subject: reverted.subject, reason, files, stays },
    {
      commitUrl: forge.commitUrl(reverted.oid),
      origin: came === undefined ? null : { name: `#${came.number}`, url: came.url },
    },
  );
  const answer = await forge.propose({ head: branch, base, ...words });
  if (answer.kind === 'ok') {
    const { number, url } = answer.value;
    return { branch, pullRequest: { number, url }, compareUrl: null, reason: null, fix: null };
  }
  return {
    branch,
    pullRequest: null,
    compareUrl: forge.compareUrl(base, branch),
    reason: answer.message,
    fix: answer.kind === 'refused' ? answer.fix : `Try it again: heliostat revert ${of.again}`,
  };
}
