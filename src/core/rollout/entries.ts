import type { RolloutLog } from './log.js';
import type { DesiredElement, Lifecycle, Transition } from '../base/desired.js';
import type { Digest } from '../base/digest.js';
import type {
  BindingKey,
  ClusterKey,
  ElementKey,
  ElementName,
  InstanceId,
  OperationId,
  Revision,
  RolloutId,
  SolutionName,
} from '../base/names.js';
import type { SafeText } from '../base/safe-text.js';
import type { GateAnswer } from './gate.js';
import type { Change } from '../plan/types.js';
import type {
  Blame,
  Cause,
  HeldBack,
  Phase,
  Quarantined,
  RoutedBackend,
  RouteScheme,
  RuntimeValues,
  SolutionState,
  Trouble,
} from './state.js';

/** What happens in one solution's stream: facts with their results in them, never decisions to be taken again. */
export type SolutionEntry =
  | {
      readonly kind: 'rollout.planned';
      readonly rollout: RolloutId;
      readonly revision: Revision;
      readonly arrival: number;
      readonly planDigest: Digest;
      readonly desiredDigest: Digest;
      readonly targets: { readonly [element: ElementName]: DesiredElement | null };
      readonly changes: readonly Change[];
    }
  | { readonly kind: 'rollout.phase'; readonly phase: Phase; readonly reason: SafeText | null }
  | {
      readonly kind: 'rollout.ended';
      readonly phase: 'succeeded' | 'failed' | 'reverted' | 'blocked';
      readonly reason: SafeText | null;
    }
  /** A newer revision takes over; tracks that are not done are its own from now on. */
  | { readonly kind: 'rollout.superseded'; readonly reason: SafeText }
  | {
      readonly kind: 'rollout.aborted';
      readonly targets: { readonly [element: ElementName]: DesiredElement | null };
      readonly reason: SafeText;
    }
  /** What failed goes out again: the way back is one like the way there, with the roles exchanged. */
  | ({
      readonly kind: 'rollout.reverting';
      readonly targets: { readonly [element: ElementName]: DesiredElement | null };
      /** Of another solution, which takes this one along. */
      readonly cause?: Cause;
    } & Blame)
  /** It failed, and the way back leads down from a version that says `revertible: false`: a person decides. */
  | ({ readonly kind: 'rollout.heldBack' } & Omit<HeldBack, 'sinceWallMs'>)
  /** The last lines that it wrote. */
  | { readonly kind: 'evidence.found'; readonly lines: readonly SafeText[] }
  /** Nothing of it failed, but something of it stays out with a provider of another solution that did. */
  | { readonly kind: 'quarantine.began'; readonly cause: Cause; readonly reason: SafeText }
  | {
      readonly kind: 'quarantine.ended';
      readonly clusters: readonly Quarantined[];
      readonly reason: SafeText;
    }
  /** The element is held to the target of a step; with the last one, to what it is to be. */
  | {
      readonly kind: 'step.begun';
      readonly element: ElementName;
      readonly index: number;
      readonly target: DesiredElement;
      readonly final: DesiredElement;
    }
  | { readonly kind: 'step.ready'; readonly element: ElementName }
  | { readonly kind: 'step.awaits'; readonly element: ElementName }
  | { readonly kind: 'step.promoted'; readonly element: ElementName }
  | { readonly kind: 'gate.begun'; readonly element: ElementName; readonly gate: string }
  | {
      readonly kind: 'gate.ended';
      readonly element: ElementName;
      readonly gate: string;
      /** Null: nobody knows how it ended. */
      readonly answer: GateAnswer | null;
    }
  /** What served stays, stopped, when it is replaced; what was kept before it goes. */
  | {
      readonly kind: 'standby.began';
      readonly element: ElementName;
      readonly cluster: ClusterKey;
      readonly size: number;
    }
  | { readonly kind: 'standby.ended'; readonly element: ElementName; readonly reason: SafeText }
  | { readonly kind: 'track.done'; readonly element: ElementName }
  | { readonly kind: 'element.whole'; readonly element: ElementName; readonly size: number }
  | { readonly kind: 'element.gone'; readonly element: ElementName }
  | { readonly kind: 'element.drift'; readonly element: ElementName; readonly reason: SafeText | null }
  /** A person lets the drift of an element be repaired that is only reported or held. */
  | { readonly kind: 'repair.released'; readonly element: ElementName }
  | { readonly kind: 'repair.ended'; readonly element: ElementName }
  /** A person has every instance of an element restarted. */
  | {
      readonly kind: 'restart.began';
      readonly element: ElementName;
      readonly who: SafeText;
      readonly reason: SafeText;
    }
  /** `reason` null: every one was. */
  | { readonly kind: 'restart.ended'; readonly element: ElementName; readonly reason: SafeText | null }
  | { readonly kind: 'instance.assigned'; readonly instance: InstanceId; readonly runtime: RuntimeValues }
  | { readonly kind: 'instance.healthy'; readonly instance: InstanceId }
  | { readonly kind: 'instance.draining'; readonly instance: InstanceId }
  | { readonly kind: 'instance.kept'; readonly instance: InstanceId }
  | {
      readonly kind: 'instance.observed';
      readonly instance: InstanceId;
      readonly lifecycle: Lifecycle;
      /** The configuration that it was found with, where the provider knows it. */
      readonly digest?: Digest | null;
      readonly reason: SafeText;
    }
  /** What is there carries our key, and another home. */
  | { readonly kind: 'instance.foreign'; readonly instance: InstanceId; readonly foreign: boolean }
  | { readonly kind: 'instance.trouble'; readonly instance: InstanceId; readonly trouble: Trouble | null }
  | {
      /** Its operation id is derived from its place in the stream (`operationId`). */
      readonly kind: 'operation.begun';
      readonly instance: InstanceId;
      readonly transition: Transition;
      readonly digest: Digest | null;
      readonly reason: SafeText;
    }
  | {
      readonly kind: 'operation.ended';
      readonly operation: OperationId;
      readonly instance: InstanceId;
      readonly outcome: 'done' | 'failed' | 'unknown';
      readonly trouble: Trouble | null;
    }
  | {
      readonly kind: 'listener.assigned';
      readonly element: ElementName;
      readonly binding: BindingKey;
      readonly port: number;
    }
  | { readonly kind: 'listener.gone'; readonly element: ElementName; readonly binding: BindingKey }
  | {
      readonly kind: 'route.begun';
      readonly element: ElementName;
      readonly binding: BindingKey;
      readonly backends: readonly RoutedBackend[];
      /** Not in entries of earlier releases. */
      readonly scheme?: RouteScheme;
    }
  | {
      readonly kind: 'route.ended';
      readonly element: ElementName;
      readonly binding: BindingKey;
      readonly failure: SafeText | null;
      /** Somebody else has the port, and it may be no other. */
      readonly isTaken?: true;
    }
  /** With what its rollout has done so far, if that is under way. */
  | { readonly kind: 'solution.restored'; readonly state: EncodedSolution; readonly log?: RolloutLog }
  | { readonly kind: 'solution.stable'; readonly revision: Revision; readonly desiredDigest: Digest }
  /** Everything in it goes, though the model still asks for it. */
  | { readonly kind: 'solution.down'; readonly targets: { readonly [element: ElementName]: null } }
  | { readonly kind: 'solution.detached'; readonly who: SafeText; readonly reason: SafeText }
  /** Taken back under management; what it should be by now is planned anew. */
  | { readonly kind: 'solution.attached'; readonly who: SafeText; readonly reason: SafeText }
  | {
      readonly kind: 'operator.acted';
      readonly verb: string;
      readonly target: ElementKey | SolutionName;
      readonly who: SafeText;
      readonly reason: SafeText;
    };

/** A solution's state as data: tables as sorted lists. */
export interface EncodedSolution extends Omit<SolutionState, 'elements'> {
  readonly elements: readonly unknown[];
}
