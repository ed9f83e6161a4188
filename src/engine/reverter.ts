import type { Revision, SolutionName } from '../core/base/names.js';
import type { SafeText } from '../core/base/safe-text.js';
import { safe } from '../core/base/safe-text.js';
import { fromUtf8, utf8 } from '../core/base/bytes.js';
import type { RevertEnd } from '../core/rollout/domain.js';
import type { DueRevert } from '../core/rollout/revert.js';
import type { SolutionState } from '../core/rollout/state.js';
import type { FileChange, Oid } from '../ports/repository.js';
import { documentLimitBytes, lookUp } from './at-commit.js';
import type { Core } from './core.js';
import type { Loaded, WorkFile } from './load/types.js';
import { usualForgePolicy } from './ports.js';
import { revertMessage, saysReverted } from './revert-message.js';
import { proposeRevert, type Made } from './revert-proposal.js';
import type { TipWatcher } from './tip.js';

const attempts = 5;
const pauseMs = 200;

/**
 * Says in Git what was taken back: the files of the failed solutions as they were when they were stable, on top of the
 * tip, in one commit. No line is ever merged, and nothing is made that would not bring back just that.
 */
export class Reverter {
  private readonly working = new Set<Revision>();
  /** The branch is not where it was judged: until it is, there is nothing to commit on. */
  private movedAt: string | null = null;

  constructor(
    private readonly core: Core,
    private readonly tips: TipWatcher,
  ) {}

  get busy(): boolean {
    return this.working.size > 0;
  }

  /** Nothing will come of it before another tip was judged. */
  get isWaiting(): boolean {
    return this.movedAt === this.judgedAt;
  }

  private get judgedAt(): string {
    const { tip, accepted, revisions } = this.core.state.domain;
    const arrival = tip === null ? 0 : (revisions.get(tip)?.arrival ?? 0);
    return `${tip} ${arrival} ${accepted}`;
  }

  /** Its answer enters by the inbox; without one it is tried again when the loop asks for it. */
  begin(due: DueRevert): void {
    const { revision, arrival } = due;
    if (this.working.has(revision) || this.isWaiting) return;
    this.working.add(revision);
    void this.attempt(due)
      .catch((error: unknown): Made => ({ kind: 'unavailable', message: this.redacted(error) }))
      .then((made) => this.core.inbox.push({ kind: 'reverted', revision, arrival, end: this.told(made) }));
  }

  /** The answer has entered the state: only now is it known whether anything is left to do. */
  answered(revision: Revision): void {
    this.working.delete(revision);
  }

  /** Null: nothing has come of it yet. */
  private told(made: Made): RevertEnd | null {
    const { troubles, alarms, ports } = this.core;
    this.movedAt = made.kind === 'moved' ? this.judgedAt : null;
    if (made.kind !== 'unavailable') troubles.end('revert');
    else {
      troubles.begin('revert', {
        type: 'unwritten',
        code: 'revert.unwritten',
        message: `the commit that takes back what failed cannot be made: ${made.message}`,
        command: 'heliostat doctor',
      });
      alarms.setEarlier('revert', ports.clock.monoMs() + retryMs);
    }
    return made.kind === 'ended' ? made.end : null;
  }

  private async attempt(due: DueRevert): Promise<Made> {
    for (let attempt = 0; ; attempt++) {
      const made = await this.once(due);
      if (made.kind !== 'unavailable' || attempt >= attempts) return made;
      const { clock } = this.core.ports;
      await clock.sleepUntil(clock.monoMs() + pauseMs * (attempt + 1), this.tips.cancelled);
    }
  }

  private async once(due: DueRevert): Promise<Made> {
    const { ports, state } = this.core;
    const ref = `refs/heads/${this.tips.branch}`;
    const tip = (await ports.refs.read(ref)) as Revision | null;
    if (tip === null) return none('the branch is gone');
    const done = await this.found(tip, due);
    if (done !== null) return { kind: 'ended', end: { outcome: 'made', commit: done, ref, reason: null } };
    if (tip !== state.domain.tip) return { kind: 'moved' };
    if (tip !== state.domain.accepted) return none('the tip was rejected');
    const solutions = due.solutions.flatMap((name) => this.asked(name) ?? []);
    if (solutions.length === 0) return none('the tip asks for something else by now');
    const changes = await this.changes(tip, solutions);
    if (typeof changes === 'string') return none(changes);
    const wrong = await this.wrongWith(tip, changes, solutions);
    if (wrong !== null) return none(wrong);
    return this.commit(tip, ref, changes, { due, solutions });
  }

  /** A former incarnation, or an answer that was lost, may have made it. */
  private async found(tip: Revision, due: DueRevert): Promise<Revision | null> {
    const { history, source } = this.core.ports;
    const last = await source.commit(tip);
    const since = await history.firstParents(tip, due.revision, lookedBack);
    return [last, ...since].find((commit) => commit != null && saysReverted(commit, due))?.oid ?? null;
  }

  /** Null: Git does not ask for what failed any more. */
  private asked(name: SolutionName): SolutionState | null {
    const solution = this.core.state.tables.solutions.get(name);
    const digest = this.tips.base?.desired.get(name)?.digest;
    return solution?.quarantine?.desiredDigest === digest ? (solution ?? null) : null;
  }

  /** The files of the solutions as they were when they were stable. A text: why there can be none. */
  private async changes(tip: Revision, solutions: readonly SolutionState[]): Promise<FileChange[] | string> {
    const changes = new Map<string, string | null>();
    for (const solution of solutions) {
      const now = this.tips.base?.desired.get(solution.name)?.file ?? null;
      if (now !== null && !changes.has(now)) changes.set(now, null);
    }
    for (const solution of solutions) {
      const file = stableFile(solution);
      const revision = solution.lastStable?.revision;
      if (file === null || revision === undefined) continue;
      const text = await this.textAt(revision, file);
      if (text === null) return `${file} of ${revision.slice(0, 7)} cannot be read`;
      changes.set(file, text);
    }
    const list = [...changes].map(([path, content]) => ({ path, content }));
    const same = await Promise.all(
      list.map(async ({ path, content }) => (await this.textAt(tip, path)) === content),
    );
    return same.every(Boolean) ? 'the files are as they were when it was stable' : list;
  }

  private async textAt(revision: Revision, path: string): Promise<string | null> {
    const { source } = this.core.ports;
    const found = await lookUp(source, revision, path);
    if (found.kind === 'unreadable') throw new Error(`the tree of ${revision} cannot be read`);
    if (found.kind === 'absent') return null;
    const [bytes] = await source.blobs([found.oid], documentLimitBytes);
    return bytes ? fromUtf8(bytes) : null;
  }

  /** Judged before it is made: it has to bring back what was stable, and nothing that is refused. Null: it does. */
  private async wrongWith(
    tip: Revision,
    changes: readonly FileChange[],
    solutions: readonly SolutionState[],
  ): Promise<string | null> {
    const tree = (await this.core.ports.source.commit(tip))?.tree ?? null;
    const files = new Map(changes.map(({ path, content }) => [path, fileOf(content)] as const));
    const loaded = await this.tips.loadFiles(tree, files);
    if (loaded.kind === 'unavailable') throw new Error(loaded.message);
    if (loaded.kind !== 'loaded' || !loaded.validation.accepted)
      return `the files of ${names(solutions)} as they were are not valid any more${firstError(loaded)}`;
    const other = solutions.filter(
      ({ name, lastStable }) => loaded.desired.solutions.get(name)?.digest !== lastStable?.desiredDigest,
    );
    return other.length === 0
      ? null
      : `the files of ${names(other)} alone do not bring back what was stable: what they rest on has changed too`;
  }

  private async commit(
    tip: Revision,
    ref: string,
    changes: readonly FileChange[],
    about: { readonly due: DueRevert; readonly solutions: readonly SolutionState[] },
  ): Promise<Made> {
    const { core } = this;
    const { refs, clock } = core.ports;
    if (!(await core.branch.stillOurs()) || (await core.carrier?.settled()) === false)
      return { kind: 'moved' };
    const message = revertMessage(core.domain, about.due, about.solutions);
    const { forge = usualForgePolicy } = core.options;
    if (core.ports.forge !== undefined && forge.reverts === 'pullRequest')
      return proposeRevert(core, core.ports.forge, {
        ...about,
        tip,
        base: this.tips.branch,
        changes,
        message,
      });
    const commit = (await refs.commit({ parent: tip, changes, message, wallMs: clock.wallMs() })) as Revision;
    const moved = await refs.advance(ref, tip, commit);
    switch (moved.kind) {
      case 'swapped':
        return { kind: 'ended', end: { outcome: 'made', commit, ref, reason: null } };
      case 'lost':
        return { kind: 'moved' };
      case 'unavailable':
        return { kind: 'unavailable', message: moved.message };
      case 'occupied':
        return this.aside(commit, moved.message);
    }
  }

  /** Somebody is at work where the branch is checked out: a branch of its own waits to be merged. */
  private async aside(commit: Oid, why: SafeText): Promise<Made> {
    const { refs } = this.core.ports;
    const ref = `refs/heads/heliostat/revert-${commit.slice(0, 7)}`;
    const swapped = await refs.compareAndSwap(ref, null, commit);
    if (swapped.kind === 'unavailable') return { kind: 'unavailable', message: swapped.message };
    const reason = safe(`${why}; merge it: git merge heliostat/revert-${commit.slice(0, 7)}`);
    return { kind: 'ended', end: { outcome: 'branch', commit: commit as Revision, ref, reason } };
  }

  private redacted(error: unknown): SafeText {
    return this.core.ports.redact(error instanceof Error ? error.message : String(error));
  }
}

const lookedBack = 100;
const retryMs = 10_000;

function none(reason: string): Made {
  return { kind: 'ended', end: { outcome: 'none', commit: null, ref: null, reason: safe(reason) } };
}

function fileOf(content: string | null): WorkFile {
  return content === null ? { kind: 'absent' } : { kind: 'blob', bytes: utf8(content) };
}

/** Where its elements are written, as they are now that it is back; null: nothing of it was there. */
function stableFile({ elements }: SolutionState): string | null {
  for (const { target } of elements.values()) if (target !== null) return target.position.file;
  return null;
}

function names(solutions: readonly SolutionState[]): string {
  return solutions.map(({ name }) => name).join(', ');
}

function firstError(loaded: Loaded): string {
  const first = 'validation' in loaded ? loaded.validation.diagnostics.find(isError) : undefined;
  return first === undefined ? '' : `: ${first.code} at ${first.file}:${first.line}`;
}

function isError({ severity }: { readonly severity: string }): boolean {
  return severity === 'error';
}
