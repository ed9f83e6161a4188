import type { Transition } from '../core/base/desired.js';
import type { Digest } from '../core/base/digest.js';
import type { ProviderName, Revision } from '../core/base/names.js';
import type { JournalRecord } from '../core/journal/record.js';
import type { GateAnswer } from '../core/rollout/gate.js';
import type { PullRequest } from '../ports/forge.js';
import type { GateTarget } from '../ports/gate.js';
import type { OperatorRequest } from '../ports/operator.js';
import type { Backend } from '../ports/provider.js';
import type { FaultKind } from './faults.js';
import type { Life } from './life.js';
import type { Act } from './workload/script.js';

/** One call of a port, as it is sent. */
export interface Call {
  /** Number among the calls of its incarnation, from 1. */
  readonly number: number;
  readonly port: string;
  readonly verb: string;
  /** File, reference, instance or binding that it is about. */
  readonly key: string;
}

/** Something that a controller asked a technology to do. */
export interface Mutation {
  readonly by: Life;
  readonly provider: ProviderName | 'gateway';
  readonly verb: Transition | 'route' | 'unroute';
  /** Instance id, or key of the binding. */
  readonly key: string;
  readonly owner: string | null;
  readonly operation: string | null;
  readonly epoch: number;
  readonly revision: Revision | null;
  readonly digest: Digest | null;
  readonly backends: readonly Backend[] | null;
}

/** Something that a controller tells a forge. */
export interface ForgeWrite {
  readonly verb: 'writeStatus' | 'writeDeployment' | 'writeComment' | 'propose';
  /** What it stands beside: a revision and a context, a pull request, a branch. */
  readonly place: string;
  /** That it is about, where it says so. */
  readonly revision: Revision | null;
  readonly text: string;
  /** Of a status or of a deployment. */
  readonly state: string | null;
}

/** How a mutation went in truth, whatever its controller heard of it. */
export type Landing = 'changed' | 'unchanged' | 'refused' | 'failed';

/** What a watcher of a world is told. Nothing that it does may change the world. */
export interface Watcher {
  /** An incarnation has an engine that is about to run. */
  booted?(incarnation: Life): void;
  /** It is dead: `process` by a kill, `power` by a loss of power, `ended` by itself. */
  died?(incarnation: Life, how: 'process' | 'power' | 'ended'): void;
  called?(incarnation: Life, call: Call): void;
  /** The answer of a call reaches who made it; not told where it breaks. */
  answered?(incarnation: Life, call: Call): void;
  /** A controller sends a mutation on its way. */
  sent?(mutation: Mutation): void;
  /** A mutation arrives at its technology. */
  begun?(mutation: Mutation): void;
  /** It is over there; an effect that nobody waits for any more may land late. */
  landed?(mutation: Mutation, how: Landing): void;
  /** A record was folded. */
  recorded?(incarnation: Life, record: JournalRecord): void;
  /** A gate was measured, and so it was told. */
  measured?(incarnation: Life, gate: string, target: GateTarget, answer: GateAnswer): void;
  /** A person asks a controller for something. */
  asked?(request: OperatorRequest): void;
  /** People, machines or accidents do what the script says. */
  acted?(act: Act): void;
  /** A fault strikes; the moment says what it meets. */
  struck?(kind: FaultKind, moment: string): void;
  /** A reference moved; by null: people. */
  swapped?(ref: string, from: string | null, to: string | null, by: Life | null): void;
  /** Text went out of an incarnation: a line of its log. */
  logged?(incarnation: Life, text: string): void;
  /** A controller sends something to the forge. */
  telling?(incarnation: Life, write: ForgeWrite): void;
  /** The forge holds it now, whatever its writer hears of it. */
  held?(incarnation: Life, write: ForgeWrite): void;
  /** So the forge answers it. */
  toldBy?(incarnation: Life, write: ForgeWrite, answer: 'ok' | 'refused' | 'unavailable'): void;
  /** A controller has opened a pull request. */
  proposed?(incarnation: Life, proposal: PullRequest): void;
  /** Called after each step in which something changed. */
  stepped?(): void;
  /** From here on no fault is drawn and nobody acts. */
  calmed?(): void;
  /** Everything is at rest: from here on a controller only looks again. */
  again?(): void;
  /** Everything is quiet. */
  ended?(): void;
}

/** An invariant was broken. */
export class Violation extends Error {
  override readonly name = 'Violation';
  constructor(
    /** Of the list in docs/reliability.md; 0: the simulation itself failed. */
    readonly invariant: number,
    message: string,
  ) {
    super(`invariant ${invariant}: ${message}`);
  }
}
