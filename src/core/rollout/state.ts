import type {
  ClusterDefinition,
  DesiredElement,
  Lifecycle,
  RolloutPolicy,
  Transition,
} from '../base/desired.js';
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
import type { PointOfNoReturn } from '../plan/irreversible.js';
import type { GateCount } from './gate.js';
import type { SafeText } from '../base/safe-text.js';

/** Milliseconds of engine time: runs only while a controller runs, survives restarts, never jumps. */
export type EngineMs = number;

/** Assigned once for an identity, journaled before use, released by `destroy`. */
export interface RuntimeValues {
  readonly address: string;
  readonly port: number | null;
  /** Context relationship → the instance it runs on. */
  readonly placement: { readonly [relationship: string]: InstanceId };
}

export interface OpenOperation {
  readonly id: OperationId;
  readonly transition: Transition;
  readonly begunAt: EngineMs;
  /** Digest of the resolved configuration that it carries. */
  readonly digest: Digest | null;
}

/** Failures of the current round of retries, or of a transition that waits for its next round. */
export interface Trouble {
  readonly transition: Transition | 'health';
  readonly failures: number;
  readonly lastAt: EngineMs;
  readonly reason: SafeText;
  /** The round is used up: nothing is tried before the next round. */
  readonly exhausted: boolean;
  /** When the first failure was recorded, milliseconds since 1970; journals of before this was kept do not say it. */
  readonly sinceWallMs?: number;
}

export interface InstanceState {
  readonly id: InstanceId;
  readonly element: ElementKey;
  readonly cluster: ClusterKey;
  readonly ordinal: number;
  /** By the last outcome or journaled observation. */
  readonly lifecycle: Lifecycle;
  readonly operation: OpenOperation | null;
  readonly runtime: RuntimeValues | null;
  /** Digest of the resolved configuration that the instance last got. */
  readonly configured: Digest | null;
  /** Its configuration was given since create. */
  readonly ready: boolean;
  /** Leaves the rotation (since when); its stop follows. */
  readonly draining: EngineMs | null;
  /** Since when no listener sends it anything new, while it drains. */
  readonly offSince: EngineMs | null;
  /** When it became active. */
  readonly activeSince: EngineMs | null;
  /** Was healthy since it became active. */
  readonly proven: boolean;
  /** Was active once in this cluster: a paused rollout still repairs it. */
  readonly wasActive: boolean;
  readonly trouble: Trouble | null;
  /** Since when what is there belongs to somebody else, milliseconds since 1970; absent or null: it does not. */
  readonly foreignSinceWallMs?: number | null;
}

export interface ClusterState {
  readonly key: ClusterKey;
  readonly definition: ClusterDefinition;
  /** As it was last wanted: how it is drained when nobody wants it any more. */
  readonly policy: RolloutPolicy;
  /** Was whole in an element that was whole: its instances count as healthy at once. */
  readonly everStable: boolean;
  /** By ordinal; a table. */
  readonly instances: Map<number, InstanceState>;
}

/** A listener in front of an element: one for each range that consumers ask for, and one to the outside. */
export interface Listener {
  readonly binding: BindingKey;
  readonly port: number;
  /** Instances that the router last acknowledged, with weights; sorted. Null: never told. */
  readonly backends: readonly RoutedBackend[] | null;
  /** Backends of the order under way. */
  readonly pending: readonly RoutedBackend[] | null;
  /** How it was last told to speak, whether or not that was acknowledged. Null: not known. */
  readonly scheme: RouteScheme | null;
  /** When the acknowledged table last changed. */
  readonly changedAt: EngineMs;
  readonly failure: SafeText | null;
  readonly failedAt: EngineMs | null;
  /** Since when somebody else has its port, and it may be no other; absent or null: nobody. */
  readonly takenAt?: EngineMs | null;
  /** When the first of the failures since it last worked was told, milliseconds since 1970; absent or null: none was. */
  readonly failingSinceWallMs?: number | null;
}

/** `tcp` hands on bytes, whatever they mean. */
export type RouteScheme = 'http' | 'tcp';

export interface RoutedBackend {
  readonly instance: InstanceId;
  readonly weight: number;
}

/** What one element has to do in the rollout under way. */
export interface Track {
  readonly startedAt: EngineMs;
  /** Last time that an instance turned healthy or a step was made. */
  readonly progressAt: EngineMs;
  /** Lasts of a wait that is not the element's fault do not count. */
  readonly done: boolean;
  /** Absent: it goes all the way at once. */
  readonly step?: StepState;
}

/** How far a rollout in steps has come in one element. */
export interface StepState {
  /** Of the steps on the way; as many as there are: the full size. */
  readonly index: number;
  /** What it is to be in the end; its target is that of the step meanwhile. */
  readonly final: DesiredElement;
  /** Of the target that was set for the step: another one means that somebody has planned anew. */
  readonly digest: Digest;
  /** Since when everything of the step is there and well. */
  readonly readyAt: EngineMs | null;
  /** The same, milliseconds since 1970; journals of before this was kept do not say it. */
  readonly readyWallMs?: number;
  readonly gates: { readonly [name: string]: GateProgress };
  /** It waits for a person, who has not said so yet; or has. */
  readonly awaits: boolean;
  readonly promoted: boolean;
}

export interface GateProgress extends GateCount {
  /** A measurement is under way. */
  readonly isOpen: boolean;
  readonly measuredAt: EngineMs | null;
  /** The last ones, oldest first, for people. */
  readonly answers?: readonly SafeText[];
}

/** Every instance that runs for longer is stopped and started again, one at a time. */
export interface Restart {
  readonly at: EngineMs;
  readonly sinceWallMs: number;
  readonly who: SafeText;
  readonly reason: SafeText;
}

/** What served, and was replaced: it stays for a while, stopped, so that the way back is only a start. One an element. */
export interface Standby {
  readonly cluster: ClusterKey;
  /** Ordinals below it stay. */
  readonly size: number;
  /** Since when it counts, milliseconds since 1970: people were told when it ends, whatever runs meanwhile. */
  readonly sinceWallMs: number;
  /** Nothing of it is kept any more. */
  readonly isOver?: true;
}

export interface ElementState {
  readonly key: ElementKey;
  readonly name: ElementName;
  /** What the executor holds it to; null: it goes. */
  readonly target: DesiredElement | null;
  /** W: its size when it was last whole, 0 before the first time. */
  readonly wholeSize: number;
  readonly clusters: Map<ClusterKey, ClusterState>;
  readonly listeners: Map<BindingKey, Listener>;
  readonly track: Track | null;
  /** Asked for by a person and under way; absent or null: nobody has. */
  readonly restart?: Restart | null;
  /** What it is replaced from, or was a moment ago; absent or null: nothing is kept. */
  readonly standby?: Standby | null;
  /** Absent: every way leads down without asking. */
  readonly pointOfNoReturn?: PointOfNoReturn;
  /** Repair is off until a person resumes it. */
  readonly drift: SafeText | null;
  /** When the drift was first told, milliseconds since 1970; journals of before this was kept do not say it. */
  readonly driftSinceWallMs?: number | null;
}

export type Phase =
  | 'pending'
  | 'progressing'
  | 'paused'
  | 'promoting'
  | 'draining'
  | 'succeeded'
  | 'aborting'
  | 'reverting'
  | 'reverted'
  | 'blocked'
  | 'failed'
  | 'superseded';

export interface RolloutState {
  readonly id: RolloutId;
  readonly revision: Revision;
  readonly arrival: number;
  readonly phase: Phase;
  readonly reason: SafeText | null;
  readonly planDigest: Digest;
  readonly desiredDigest: Digest;
  readonly startedAt: EngineMs;
  readonly startedWallMs: number;
  /** Element → action, of the changes. */
  readonly changes: { readonly [element: ElementName]: string };
  /** It failed, and waits for a person who says whether it may go back. */
  readonly heldBack?: HeldBack;
}

/** What failed, and what there is to show of it. */
export interface Blame {
  readonly clusters: readonly Quarantined[];
  readonly reason: SafeText;
  /** The instance that failed, as far as it was one. */
  readonly witness?: InstanceId;
  /** What a gate was told last, as far as it was one. */
  readonly evidence?: readonly SafeText[];
}

/** The way back that a person decides on. */
export interface HeldBack extends Blame {
  /** From where to where, for people. */
  readonly ways: SafeText;
  readonly sinceWallMs: number;
}

/** What elements are held to; null: gone. */
export interface Targets {
  readonly [element: ElementName]: DesiredElement | null;
}

export interface StableState {
  readonly revision: Revision;
  readonly desiredDigest: Digest;
}

/** A cluster that failed: it stays out until Git does not ask for it any more, or a person has it tried again. */
export interface Quarantined {
  readonly element: ElementName;
  readonly cluster: ClusterKey;
}

/** The failure that took a solution along, though nothing of its own had failed. */
export interface Cause {
  readonly solution: SolutionName;
  readonly revision: Revision;
  readonly arrival: number;
}

/** What a failed rollout leaves behind. */
export interface Quarantine {
  readonly revision: Revision;
  readonly arrival: number;
  readonly reason: SafeText;
  /** As long as Git asks for exactly this, the whole solution stays at its last stable state. */
  readonly desiredDigest: Digest;
  readonly clusters: readonly Quarantined[];
  /** The last lines that the failed instance wrote. */
  readonly evidence: readonly SafeText[];
  readonly sinceWallMs: number;
  /** Absent: it failed by itself. */
  readonly cause?: Cause;
}

export interface SolutionState {
  readonly name: SolutionName;
  /** Tables, each replaced record by record. */
  readonly elements: Map<ElementName, ElementState>;
  readonly rollout: RolloutState | null;
  /** Of the revision that was last planned. */
  readonly desiredDigest: Digest | null;
  readonly revision: Revision | null;
  readonly lastStable: StableState | null;
  /** Elements whose target is another one than in the last stable state, with the one that they had there. */
  readonly former: Targets;
  readonly quarantine: Quarantine | null;
  /** Let go by `detach`: nothing is done to it any more. */
  readonly detached: boolean;
  /** Milliseconds since 1970; journals of before this was kept do not say it. */
  readonly detachedSinceWallMs?: number | null;
}
