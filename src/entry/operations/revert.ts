import type { CommitInfo } from '../../ports/repository.js';
import type { Revision } from '../../core/base/names.js';
import type { State } from '../../core/journal/fold.js';
import type { RevertHooks, RevertPlan, RevertRequest, RevertAnswer } from '../cli/operations.js';
import { Failure } from '../cli/operations.js';
import { askDaemon } from './daemon.js';
import { interrupted } from './failures.js';
import type { Location } from './place.js';
import { locate } from './place.js';
import { preparePlan } from './plan.js';
import { undoing, type Undoing } from './revert-files.js';
import { proposeRevert, proposingForge, pushRevert, type Proposing } from './revert-branch.js';
import { readState } from './state.js';
import { trackedTip } from './tracked.js';
import { whoAsks } from './who.js';
import { wire } from './wiring.js';

/**
 * Takes a commit of the tracked branch back by another one: its files of the model as they were before it, if nobody
 * has changed them since. No line is ever merged, and nothing is committed that would be rejected.
 */
export async function revert(
  version: string,
  request: RevertRequest,
  hooks: RevertHooks,
): Promise<RevertAnswer> {
  const location = await locate(request);
  try {
    return await revertIn(version, location, request, hooks);
  } finally {
    await location.repository.close();
  }
}

async function revertIn(
  version: string,
  location: Location,
  request: RevertRequest,
  hooks: RevertHooks,
): Promise<RevertAnswer> {
  const state = await knownState(version, location);
  const { ref, tip } = await trackedBranch(location, state);
  const reverted = await revertedCommit(location, request.revision, tip, ref);
  const undone = await undoing(location, state, { reverted, tip });
  // Nothing stands for this commit yet: unless the branch moves to it, Git forgets it.
  const write = (after: string | null) => written(location, request, { reverted, tip, undone, after });
  const commit = await write(null);
  const planned = await preparePlan(version, location, {
    revision: commit,
    preview: 'small',
    signal: request.signal,
  });
  if (request.signal.aborted) throw interrupted(null);
  const about: RevertPlan = {
    ...{ reverted: reverted.oid, subject: reverted.subject, branch: short(ref), planned },
    files: undone.changes.map(({ path, content }) => ({ path, removed: content === null })),
    stays: undone.stays,
  };
  const isRejected = planned.plan.diagnostics.some(({ severity }) => severity === 'error');
  const isWanted = await hooks.approve(about);
  const nothing = { commit: null, proposal: null, followed: false };
  if (isRejected || !isWanted) return { ...about, ...nothing, ending: isRejected ? 'rejected' : 'declined' };
  if (request.signal.aborted) throw interrupted(null);
  const { reason, revision: again } = request;
  const files = about.files.map(({ path }) => path);
  const proposing = { reverted, tip, base: short(ref), reason, files, stays: undone.stays, write, again };
  return { ...about, ...(await broughtIn(location, ref, commit, proposing)) };
}

/** By a pull request where the forge takes reverts so, else by moving the branch; where that is refused, on one beside it. */
async function broughtIn(
  location: Location,
  ref: string,
  commit: Revision,
  proposing: Proposing,
): Promise<Pick<RevertAnswer, 'ending' | 'commit' | 'proposal' | 'followed'>> {
  const { tip, again } = proposing;
  const forge = proposingForge(location);
  if (forge !== null) {
    const { branch, commit: pushed } = await pushRevert(location, proposing);
    const proposal = await proposeRevert(forge, location, branch, proposing);
    return { ending: 'proposed', commit: pushed, proposal, followed: false };
  }
  const refused = await moved(location, ref, { tip, commit, again });
  if (refused === null)
    return { ending: 'committed', commit, proposal: null, followed: await isFollowed(location) };
  const { branch, commit: pushed } = await pushRevert(location, proposing);
  const proposal = { branch, pullRequest: null, compareUrl: null, reason: refused, fix: null };
  return { ending: 'proposed', commit: pushed, proposal, followed: false };
}

async function knownState(version: string, location: Location): Promise<State> {
  const wired = await wire(location, { version, takeover: false, log: null, level: 'error', readOnly: true });
  try {
    return await readState(location, wired);
  } finally {
    await wired.reader.close();
  }
}

async function trackedBranch(
  location: Location,
  state: State,
): Promise<{ readonly ref: string; readonly tip: Revision }> {
  const { branch, tip } = await trackedTip(location, state);
  if (branch === 'HEAD')
    throw new Failure(
      'revert.noBranch',
      'HEAD is on no branch, and no branch is followed here yet',
      'Check a branch out (git switch NAME), or name one in heliostat.config.yaml: branch: NAME',
    );
  if (tip !== null) return { ref: `refs/heads/${branch}`, tip };
  throw new Failure('branch.empty', `${branch} has no commit`, 'There is nothing to take back.');
}

/** How far back a commit is looked for, along first parents. */
const lookedBack = 100_000;

async function revertedCommit(
  { repository }: Location,
  name: string,
  tip: Revision,
  ref: string,
): Promise<CommitInfo & { readonly parent: Revision }> {
  const oid = await repository.resolve(name);
  const commit = oid === null ? null : await repository.source.commit(oid);
  if (commit === null)
    throw new Failure('revision.unknown', `there is no commit ${name}`, 'Name a commit, a branch or a tag.');
  const isThere =
    commit.oid === tip ||
    (await repository.history.outline(tip, lookedBack)).some((one) => one.oid === commit.oid);
  if (!isThere)
    throw new Failure(
      'revert.notThere',
      `${commit.oid.slice(0, 7)} is no commit of ${short(ref)}: what is taken back is one of its own, or a merge`,
      `Choose one: git log --first-parent ${short(ref)}`,
    );
  const [parent] = commit.parents;
  if (parent !== undefined) return { ...commit, parent };
  throw new Failure(
    'revert.first',
    `${commit.oid.slice(0, 7)} is the first commit: there is nothing before it`,
    'Take everything down with heliostat down, or change what is wrong in another commit.',
  );
}

async function written(
  location: Location,
  { reason }: RevertRequest,
  of: {
    readonly reverted: CommitInfo;
    readonly tip: Revision;
    readonly undone: Undoing;
    /** What a branch has already that is never forced, and goes on from it; null: nothing. */
    readonly after: string | null;
  },
): Promise<Revision> {
  const { reverted, tip, undone } = of;
  const after = of.after === null ? {} : { after: of.after };
  const message = [
    `Revert "${reverted.subject}"`,
    '',
    `This reverts commit ${reverted.oid}.`,
    ...(reason === null ? [] : ['', reason]),
    ...(undone.stays.length === 0
      ? []
      : ['', 'Released, and so kept:', ...undone.stays.map((path) => `  ${path}`)]),
  ].join('\n');
  const { changes } = undone;
  const author = await whoAsks(location);
  const { refs } = location.repository;
  return (await refs.commit({
    parent: tip,
    ...after,
    changes,
    message,
    author,
    wallMs: Date.now(),
  })) as Revision;
}

/** Null: it is where it should be; a text: why a remote does not take it there. */
async function moved(
  { repository, remote }: Location,
  ref: string,
  to: { readonly tip: Revision; readonly commit: Revision; readonly again: string },
): Promise<string | null> {
  const again = `heliostat revert ${to.again}`;
  const result = await repository.refs.advance(ref, to.tip, to.commit);
  switch (result.kind) {
    case 'swapped':
      return null;
    case 'lost':
      throw new Failure(
        'revert.overtaken',
        `somebody has moved ${short(ref)} meanwhile; nothing was changed`,
        `Look at what came, and try again: ${again}`,
      );
    case 'occupied':
      if (remote !== null) return result.message;
      throw new Failure(
        'revert.occupied',
        `nothing was changed: ${result.message}`,
        `Commit or stash what is changed there, then: ${again}`,
      );
    case 'unavailable':
      throw new Failure(
        'revert.unwritten',
        `${short(ref)} cannot be moved: ${result.message}`,
        `See what is missing with heliostat doctor, then: ${again}`,
      );
  }
}

/** Whether a daemon will take it up by itself. */
async function isFollowed(location: Location): Promise<boolean> {
  try {
    return (await askDaemon(location, { verb: 'status' })) !== null;
  } catch {
    // It is committed, whoever answers.
    return false;
  }
}

function short(ref: string): string {
  return ref.replace(/^refs\/heads\//, '');
}
