import type {
  BindingKey,
  ElementName,
  InstanceId,
  OperationId,
  ProviderName,
  Revision,
  SolutionName,
} from '../core/base/names.js';
import type { Digest } from '../core/base/digest.js';
import type { SafeText } from '../core/base/safe-text.js';
import type { GateAnswer } from '../core/rollout/gate.js';
import type { RevertEnd } from '../core/rollout/domain.js';
import type { ProbeAnswer } from '../ports/probe.js';
import type { Observation, Outcome } from '../ports/provider.js';
import type { Away } from '../ports/repository.js';
import type { Signal } from '../ports/signals.js';
import type { Told } from './forge/told.js';
import type { Judged } from './judged.js';
import type { FoundRequest } from './found-request.js';
import type { StopCause } from './stopped.js';

/** Everything that can happen to the engine; the only way in which anything enters the loop. */
export type EngineEvent =
  | Signal
  | {
      readonly kind: 'outcome';
      readonly solution: SolutionName;
      readonly operation: OperationId;
      readonly instance: InstanceId;
      readonly outcome: Outcome;
    }
  | {
      readonly kind: 'routed';
      readonly solution: SolutionName;
      readonly element: ElementName;
      readonly binding: BindingKey;
      readonly outcome: Outcome;
    }
  | { readonly kind: 'observed'; readonly sightings: readonly Sighting[] }
  | {
      readonly kind: 'probed';
      readonly instance: InstanceId;
      readonly token: number;
      readonly answer: ProbeAnswer;
    }
  | { readonly kind: 'changed'; readonly instances: readonly InstanceId[] }
  | { readonly kind: 'alarm'; readonly key: string }
  | { readonly kind: 'judged'; readonly judged: Judged }
  | {
      readonly kind: 'measured';
      readonly solution: SolutionName;
      readonly element: ElementName;
      /** The target that was measured. */
      readonly step: Digest;
      readonly gate: string;
      readonly answer: GateAnswer;
    }
  | { readonly kind: 'evidence'; readonly solution: SolutionName; readonly lines: readonly SafeText[] }
  /** `end` null: nothing has come of it yet. */
  | {
      readonly kind: 'reverted';
      readonly revision: Revision;
      readonly arrival: number;
      readonly end: RevertEnd | null;
    }
  | { readonly kind: 'written'; readonly commit: string | null }
  | { readonly kind: 'told'; readonly told: Told }
  /** `unanswered`: providers of which nobody knows what they have. */
  | {
      readonly kind: 'orphans';
      readonly orphans: readonly Orphan[];
      readonly unanswered: ReadonlySet<ProviderName>;
    }
  /** Keys of listeners that the router has of ours: all of them, while nothing or something was under way, or some. */
  | {
      readonly kind: 'routes';
      readonly keys: readonly string[];
      readonly extent: 'all' | 'allWhileUnderWay' | 'some';
    }
  /** An order to let go of a listener has ended. */
  | { readonly kind: 'unrouted'; readonly key: string; readonly outcome: Outcome }
  | { readonly kind: 'orphanEnded'; readonly instance: InstanceId; readonly outcome: Outcome }
  /** What lies on the status branch for whoever runs the domain. */
  | { readonly kind: 'said'; readonly found: readonly FoundRequest[] }
  | { readonly kind: 'claimSeen'; readonly problem: string | null; readonly away?: Away | null }
  | { readonly kind: 'fenced'; readonly cause: StopCause; readonly reason: string };

/** An observation, and which state of the instance it was asked about. */
export interface Sighting {
  readonly observation: Observation;
  readonly token: number;
}

/** A resource with our key that no memory accounts for. */
export interface Orphan {
  readonly id: InstanceId;
  readonly provider: ProviderName;
  readonly resource: string | null;
}

/** A queue with one reader. */
export class Inbox {
  private events: EngineEvent[] = [];
  private waiting: (() => void) | null = null;

  push(event: EngineEvent): void {
    this.events.push(event);
    this.waiting?.();
    this.waiting = null;
  }

  /** All events that are there, at least one. */
  async take(): Promise<readonly EngineEvent[]> {
    if (this.events.length === 0) await new Promise<void>((resolve) => (this.waiting = resolve));
    return this.rest();
  }

  /** All events that are there, perhaps none. */
  rest(): readonly EngineEvent[] {
    const taken = this.events;
    this.events = [];
    return taken;
  }
}
