import type { ProviderManifest } from '../../core/base/manifest.js';
import type { EventView, GraphView, HistoryView, StatusView } from '../../core/status/view.js';
import type { ApplyHooks, ApplyRequest, ApplyView, RunHooks, RunRequest } from './operations/apply.js';
import type {
  EventsRequest,
  GraphRequest,
  HistoryRequest,
  LogLine,
  LogsRequest,
  StatusRequest,
} from './operations/look.js';
import type {
  ExplainRequest,
  ExplainView,
  PlanRequest,
  PlanView,
  ValidateRequest,
  ValidateView,
} from './operations/model.js';
import type { BisectRequest, BisectView, BlameRequest, BlameView } from './operations/past.js';
import type { Interruptible, Place, TargetName } from './operations/place.js';
import type { ReachView } from './operations/reach.js';
import type { RevertAnswer, RevertHooks, RevertRequest } from './operations/revert.js';
import type {
  AbortRequest,
  ActView,
  DownHooks,
  DownRequest,
  OperatorAct,
  PauseRequest,
} from './operations/steer.js';

export * from './operations/apply.js';
export * from './operations/failure.js';
export * from './operations/look.js';
export * from './operations/model.js';
export * from './operations/past.js';
export * from './operations/place.js';
export * from './operations/reach.js';
export * from './operations/revert.js';
export * from './operations/steer.js';

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
