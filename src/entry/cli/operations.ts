import type { Diagnostic } from '../../core/base/diagnostic.js';
import type { ProviderManifest } from '../../core/base/manifest.js';
import type {
  DomainName,
  ElementKey,
  InstanceId,
  Revision,
  RolloutId,
  SolutionName,
} from '../../core/base/names.js';
import type { ExplainedElement } from '../../core/graph/explain.js';
import type { Plan, Preview, ValueChange } from '../../core/plan/types.js';
import type { Phase } from '../../core/rollout/state.js';
import type { Abilities, Answer } from '../../ports/forge.js';
import type { Aspect } from '../../core/status/blame.js';
import type { PullRequestView } from '../../core/status/pull-request.js';
import type {
  EventView,
  GraphView,
  HistoryChange,
  HistoryView,
  QuarantinedView,
  RevertView,
  StatusView,
  Verdict,
} from '../../core/status/view.js';

/** What every verb needs to find its repository and domain. */
export interface Place {
  /** A folder, or the URL of a remote; null: the current folder. */
  readonly repo: string | null;
  /** Name of the domain; null: the nearest `heliostat.yaml`. */
  readonly domain: string | null;
  /** The commit that says which domains there are; absent: the tip of the branch that is followed. */
  readonly domainsOf?: Revision;
  /** The operator's configuration; null: `heliostat.config.yaml` of the controller, if there is one. */
  readonly config: string | null;
  /** Tells a person what the answer does not say. */
  readonly tell?: (away: RemoteAway) => void;
}

/** A remote cannot be asked: what is read is what it was. */
export interface RemoteAway {
  /** Why. */
  readonly message: string;
  /** The last known one of its branch; null: none. */
  readonly revision: Revision | null;
  /** Since somebody on this machine saw that it was so; null: nobody knows. */
  readonly ageMs: number | null;
}

/** Aborted when the user presses Ctrl-C: end soon and leave everything as it can be taken up again. */
export interface Interruptible {
  readonly signal: AbortSignal;
}

/** Gives a line of a file as it was read, for excerpts; null if it is not at hand. */
export type SourceLine = (file: string, line: number) => string | null;

/** Those elsewhere on whom a domain depends. */
export interface ReachView {
  /** Null: the repository is on this machine. */
  readonly remote: {
    readonly url: string;
    /** Null: it is not asked with one, or did not answer. */
    readonly hasToken: boolean | null;
    readonly reached: Reached;
  } | null;
  /** Null: none is configured. */
  readonly forge: {
    /** `github`, `gitea`. */
    readonly kind: string;
    readonly webUrl: string;
    readonly hasDeployments: boolean;
    readonly abilities: Answer<Abilities>;
  } | null;
}

/** `pushes` null: it tells only at a push. */
export type Reached =
  | { readonly kind: 'reached'; readonly pushes: boolean | null }
  | { readonly kind: 'failed'; readonly message: string; readonly fix: string };

export interface ValidateRequest extends Place, Interruptible {
  /** A commit (any name that Git takes), the index, or the work tree. */
  readonly what:
    | { readonly kind: 'revision'; readonly name: string }
    | { readonly kind: 'staged' }
    | { readonly kind: 'worktree' };
  /** Errors that this revision already had do not count; null: the last validated tip, else the first parent. */
  readonly from: string | null;
}

export interface ValidateView {
  readonly valid: boolean;
  readonly revision: Revision | 'worktree' | 'staged';
  readonly diagnostics: readonly Diagnostic[];
  /** Model files that differ from HEAD; null where no work tree was read. */
  readonly uncommitted: readonly string[] | null;
  readonly sourceLine: SourceLine;
}

export interface PlanRequest extends Place, Interruptible {
  /** Null: the work tree where there is one, else HEAD. */
  readonly revision: string | null;
  readonly from: string | null;
  readonly preview: boolean;
}

export interface PlanView {
  readonly plan: Plan;
  /** Null where none was asked for, or the plan was rejected. */
  readonly preview: Preview | null;
  /** Folder of the domain's `heliostat.yaml`, `''` for the root. */
  readonly folder: string;
  /** Model files that differ from HEAD; null where there is no work tree. */
  readonly uncommitted: readonly string[] | null;
  readonly sourceLine: SourceLine;
}

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

export interface StatusRequest extends Place, Interruptible {
  /** Revision or ISO time; null: now. */
  readonly at: string | null;
}

export interface HistoryRequest extends Place, Interruptible {
  /** `domain/solution` or `domain/solution/element`; null: all. */
  readonly target: string | null;
  readonly limit: number;
}

export interface BlameRequest extends Place, Interruptible {
  /** `domain/solution` or `domain/solution/element`. */
  readonly target: string;
}

/** What made what runs be what it is. */
export interface BlameView {
  readonly domain: DomainName;
  readonly target: string;
  /** Everything was taken down by hand: nothing runs, whatever was rolled out. */
  readonly down: boolean;
  /** Sorted by name. */
  readonly elements: readonly BlamedElement[];
}

export interface BlamedElement {
  readonly element: ElementKey;
  readonly aspects: readonly {
    readonly aspect: Aspect;
    /** A version, a number of instances, a generation of the configuration; null: it is not there. */
    readonly value: string | null;
    /** Null: it was so before the oldest rollout that is remembered. */
    readonly by: BlamedChange | null;
    /** What came after that and did not last, newest first. */
    readonly undone: readonly BlamedChange[];
  }[];
}

/** A commit that changed something, and the rollout by which it did. */
export interface BlamedChange {
  readonly revision: Revision;
  readonly author: string;
  readonly subject: string;
  /** By which the commit came; null: none is known. */
  readonly pullRequest: PullRequestView | null;
  /** Milliseconds since 1970; null where the commit is not at hand. */
  readonly committedAtMs: number | null;
  readonly rollout: RolloutId;
  readonly startedAtMs: number;
  /** Null while it goes on. */
  readonly endedAtMs: number | null;
  readonly verdict: Verdict;
  readonly reason: string | null;
  readonly before: string | null;
  readonly after: string | null;
  /** Of the configuration: what differs. */
  readonly values: readonly ValueChange[];
  readonly reverts: Revision | null;
  readonly revertMadeBy: 'heliostat' | 'person' | null;
  readonly revert: RevertView | null;
  readonly quarantined: readonly QuarantinedView[];
}

export interface BisectRequest extends Place, Interruptible {
  /** `domain/solution`. */
  readonly target: string;
}

/** Since which commit a solution is unhealthy, or was when it last was. */
export interface BisectView {
  readonly domain: DomainName;
  readonly solution: SolutionName;
  /** `never`: all that is remembered of it is good. */
  readonly unhealthy: 'now' | 'before' | 'never';
  /** Commits of the status branch about the domain, and how many of them were read. */
  readonly commits: number;
  readonly read: number;
  /** Null where it was never unhealthy. */
  readonly first: BisectedCommit | null;
}

export interface BisectedCommit {
  /** Commit of the status branch that says so first, and the last one before it that says otherwise. */
  readonly status: string;
  readonly lastGood: string | null;
  readonly sinceMs: number;
  /** When it was well again; null: it is not yet. */
  readonly untilMs: number | null;
  /** `rollout`: while the commit was carried out; `afterwards`: it was applied, and nothing in Git has changed since. */
  readonly when: 'rollout' | 'afterwards';
  readonly revision: Revision;
  readonly author: string;
  readonly subject: string;
  readonly committedAtMs: number | null;
  readonly phase: Phase | null;
  readonly reason: string | null;
  readonly changes: readonly HistoryChange[];
  /** What was seen, one line each. */
  readonly evidence: readonly string[];
  /** Commits that became part of it because they came together with it, newest first. */
  readonly together: readonly {
    readonly revision: Revision;
    readonly author: string;
    readonly subject: string;
  }[];
  readonly revert: RevertView | null;
}

export interface EventsRequest extends Place, Interruptible {
  readonly target: string | null;
  readonly follow: boolean;
  /** Milliseconds since 1970; null: from the beginning of what is kept, or from now on with `follow`. */
  readonly sinceMs: number | null;
}

export interface GraphRequest extends Place, Interruptible {
  /** Null: as for `plan`. */
  readonly revision: string | null;
}

export interface LogsRequest extends Place, Interruptible {
  /** Solution, element or instance, in full. */
  readonly target: string;
  readonly follow: boolean;
  readonly sinceMs: number | null;
  /** Of the run before the last restart. */
  readonly previous: boolean;
  /** Last lines of each instance. */
  readonly lines: number;
}

export interface LogLine {
  readonly instance: InstanceId;
  readonly atMs: number | null;
  readonly stream: 'out' | 'err';
  readonly text: string;
}

export interface ExplainRequest extends Place, Interruptible {
  /** `domain/solution/element`. */
  readonly target: string;
}

/** The configuration in effect, and where each value was set. */
export interface ExplainView {
  readonly domain: DomainName;
  readonly explained: ExplainedElement;
}

export interface OperatorAct extends Place, Interruptible {
  /** In full; for `approve` the id of the hold. */
  readonly target: string;
  readonly reason: string;
}

export interface PauseRequest extends OperatorAct {
  /** It ends by itself after so long; null: when a person resumes it. */
  readonly forMs: number | null;
}

export interface AbortRequest extends OperatorAct {
  /** Go back to what was stable, instead of leaving what runs. */
  readonly revert: boolean;
}

export interface DownRequest extends Place, Interruptible {
  readonly reason: string;
  readonly timeoutMs: number | null;
}

export interface DownHooks {
  /** Names of all instances that go, in the order in which they go. False: nothing may be done. */
  approve(instances: readonly InstanceId[]): Promise<boolean>;
  progress(progress: Progress): void;
}

export interface RevertRequest extends Place, Interruptible {
  /** Any name of a commit of the tracked branch. */
  readonly revision: string;
  /** For the commit's message; null: none was given. */
  readonly reason: string | null;
}

/** What a revert would do to files, and what would follow from it. */
export interface RevertPlan {
  readonly reverted: Revision;
  readonly subject: string;
  readonly branch: string;
  readonly files: readonly { readonly path: string; readonly removed: boolean }[];
  /** Released files of the catalog, which are kept. */
  readonly stays: readonly string[];
  readonly planned: PlanView;
}

export interface RevertHooks {
  /** Called once, also where the plan is rejected. False: nothing may be done. */
  approve(about: RevertPlan): Promise<boolean>;
}

export interface RevertAnswer extends RevertPlan {
  /** `committed`: on the tracked branch. `proposed`: on a branch of its own, which a person merges. */
  readonly ending: 'committed' | 'proposed' | 'rejected' | 'declined';
  /** Null: nothing was committed. */
  readonly commit: Revision | null;
  /** Null: nothing has to be merged. */
  readonly proposal: RevertProposal | null;
  /** A daemon takes it up by itself. */
  readonly followed: boolean;
}

/** A revert that waits to be merged. */
export interface RevertProposal {
  /** Short name of the branch that it is on. */
  readonly branch: string;
  /** Null: none could be opened, or nobody was asked to. */
  readonly pullRequest: { readonly number: number; readonly url: string } | null;
  /** Where one is opened by hand; null where there is one, or no forge. */
  readonly compareUrl: string | null;
  /** Why it is in no pull request, and what mends that; null where it is in one. */
  readonly reason: string | null;
  readonly fix: string | null;
}

/** What an operator's verb has brought about, for people. */
export interface ActView {
  readonly done: boolean;
  readonly message: string;
}

/** A name that a verb takes as its target. */
export interface TargetName {
  readonly kind: 'domain' | 'solution' | 'element' | 'instance' | 'hold';
  /** In full: `prod/shop/api`; of a hold its id. */
  readonly name: string;
}

/**
 * Everything that the command line lets others do. Each method rejects with `Failure` where the use or the
 * world is at fault; any other rejection is a bug of ours.
 */
export interface Operations {
  validate(request: ValidateRequest): Promise<ValidateView>;
  plan(request: PlanRequest): Promise<PlanView>;
  apply(request: ApplyRequest, hooks: ApplyHooks): Promise<ApplyView>;
  /** Settles when the daemon has ended. */
  run(request: RunRequest, hooks: RunHooks): Promise<void>;
  status(request: StatusRequest): Promise<StatusView>;
  /** The present status, and again whenever it changed. */
  watchStatus(request: StatusRequest): AsyncIterable<StatusView>;
  history(request: HistoryRequest): Promise<HistoryView>;
  blame(request: BlameRequest): Promise<BlameView>;
  bisect(request: BisectRequest): Promise<BisectView>;
  events(request: EventsRequest): AsyncIterable<EventView>;
  graph(request: GraphRequest): Promise<GraphView>;
  logs(request: LogsRequest): AsyncIterable<LogLine>;
  explainElement(request: ExplainRequest): Promise<ExplainView>;
  pause(request: PauseRequest): Promise<ActView>;
  abort(request: AbortRequest): Promise<ActView>;
  promote(request: OperatorAct): Promise<ActView>;
  restart(request: OperatorAct): Promise<ActView>;
  resume(request: OperatorAct): Promise<ActView>;
  retry(request: OperatorAct): Promise<ActView>;
  approve(request: OperatorAct): Promise<ActView>;
  detach(request: OperatorAct): Promise<ActView>;
  down(request: DownRequest, hooks: DownHooks): Promise<ActView>;
  revert(request: RevertRequest, hooks: RevertHooks): Promise<RevertAnswer>;
  /** All names that a target may stand for, sorted. */
  targets(request: Place & Interruptible): Promise<readonly TargetName[]>;
  /** Manifests of the providers allowed here, sorted by name. */
  providers(request: Place & Interruptible): Promise<readonly ProviderManifest[]>;
  /** Whether remote and forge answer, and what they would let us do; writes nothing. */
  reach(request: Place & Interruptible): Promise<ReachView>;
}

/** See design §3: what the process answers to its caller. */
export type ExitCode = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 130;

/** A fault of use or of the world, with what to do next. Message and fix hold no secret: the thrower redacts. */
export class Failure extends Error {
  override readonly name = 'Failure';

  constructor(
    /** Stable, `area.kind`, as in `core/base/codes.ts`. */
    readonly code: string,
    message: string,
    /** In the imperative. */
    readonly fix: string,
    readonly exitCode: ExitCode = 1,
  ) {
    super(message);
  }
}
