import type { Diagnostic } from '../../../core/base/diagnostic.js';
import type { InstanceId, Revision, RolloutId, SolutionName } from '../../../core/base/names.js';
import type { Phase } from '../../../core/rollout/state.js';
import type { EventView, Verdict } from '../../../core/status/view.js';
import type { PlanView } from './model.js';
import type { Interruptible, Place, SourceLine } from './place.js';

export interface ApplyRequest extends Place, Interruptible {
  /** Null: the tip of the tracked branch. */
  readonly revision: string | null;
  /** Null: until there is a verdict. */
  readonly timeoutMs: number | null;
  /** Take the domain from another controller. */
  readonly takeover: boolean;
  /** Ends as held where nothing happens before a pause that outlasts `timeoutMs`: nobody would wait for it. */
  readonly endsAtPause?: boolean;
}

/** What `apply` says and asks on its way. */
export interface ApplyHooks {
  /**
   * Called once with the sealed plan, before the first effect, and not at all where a daemon is already under way.
   * False: nothing may be done, and `apply` answers `declined`. May reject; then nothing may be done either.
   */
  approve(planned: PlanView): Promise<boolean>;
  /** A daemon has the domain: it is followed and not steered. */
  following(controller: string): void;
  /** Model files with changes that are in no commit, and so no part of this. */
  uncommitted(files: readonly string[]): void;
  progress(progress: Progress): void;
}

export interface Progress {
  readonly solution: SolutionName | null;
  readonly phase: Phase | null;
  /** Steps done and expected; 0 of 0 where nothing is known. */
  readonly done: number;
  readonly total: number;
  /** What is happening now. */
  readonly message: string;
}

export interface ApplyView {
  readonly revision: Revision;
  /**
   * `verdict`: there is one, or it waits for a person (held, paused). `timeout`: not there yet.
   * `declined`: `approve` said no. `notTip`: another commit is the tip, nothing was done.
   */
  readonly ending: 'verdict' | 'timeout' | 'declined' | 'notTip';
  readonly verdict: Verdict;
  readonly rollouts: readonly RolloutView[];
  readonly revertCommit: Revision | null;
  readonly pullRequest: string | null;
  readonly reason: string | null;
  /** What leads on where it waits for a person; absent or null: it does not. */
  readonly command?: string | null;
  readonly diagnostics: readonly Diagnostic[];
  readonly sourceLine: SourceLine;
}

export interface RolloutView {
  readonly id: RolloutId;
  readonly solution: SolutionName;
  readonly phase: Phase;
  readonly durationMs: number;
  readonly steps: readonly {
    readonly transition: string;
    readonly instance: InstanceId;
    readonly outcome: 'done' | 'failed' | 'unknown' | 'open';
  }[];
}

export interface RunRequest extends Place, Interruptible {
  readonly takeover: boolean;
  /** Where a supervisor may ask how it is, `127.0.0.1:8086`; null: nowhere. */
  readonly healthListen: string | null;
}

export interface RunHooks {
  /** Everything was observed once and the daemon follows the branch. */
  ready(info: {
    readonly domain: string;
    readonly branch: string;
    readonly controller: string;
    readonly dashboard: string | null;
  }): void;
  event(event: EventView): void;
  /** Webhooks of the forge are heard there. */
  hearing(url: string): void;
  /** `/healthz` and `/readyz` are answered there. */
  listening(url: string): void;
  /** It does nothing until its cause has passed; the command leads out where a person has to. */
  waits(why: { readonly message: string; readonly command: string | null }): void;
  /** The cause has passed, and everything was observed again. */
  goesOn(): void;
  /** It was asked to end, and did; so many instances run on. */
  ended(running: number): void;
}
