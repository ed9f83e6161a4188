import type { DesiredElement, DesiredSolution } from '../base/desired.js';
import type { DomainName, ElementKey, ElementName, Revision, SolutionName } from '../base/names.js';
import type { PointOfNoReturn } from './irreversible.js';
import type { Basis, StayingElement } from './types.js';

/** What the executor holds a solution to right now: element → target. */
export type Held = ReadonlyMap<ElementName, DesiredElement | null>;

export interface PlanInput {
  readonly domain: DomainName;
  readonly revision: Revision | 'worktree';
  readonly from: Revision | null;
  readonly basis: Basis;
  /** Solutions to look at, sorted; a full plan names them all. */
  readonly scope: readonly SolutionName[];
  desired(solution: SolutionName): DesiredSolution | null;
  held(solution: SolutionName): Held;
  /** What the model asks of a solution and `desired` leaves out, because it failed. */
  staying(solution: SolutionName): readonly StayingElement[];
  /** Of any element of the domain, as it will be. */
  after(key: ElementKey): DesiredElement | null;
  /** How what was seen of an element differs from what it is held to; null: not at all, or nobody looked. */
  drift(key: ElementKey): string | null;
  /** From where of an element no way leads down without a person; null, or absent: there is no such point. */
  pointOfNoReturn?(key: ElementKey): PointOfNoReturn | null;
  /** What was seen of an element when the plan was made, as data for the seal. */
  observed(key: ElementKey): unknown;
  /** True if nothing runs outside the scope. */
  isWholeDomain(): boolean;
}
