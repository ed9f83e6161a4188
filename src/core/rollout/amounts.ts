import type { Amount, DesiredElement, RolloutPolicy } from '../base/desired.js';
import { activeSize } from '../base/desired.js';
import type { ElementState } from './state.js';
import { currentStep, finalOf, sharesByWeight } from './steps.js';

/** W, N and F of one element. */
export interface Sizes {
  /** Its size when it was last whole. */
  readonly whole: number;
  /** Its desired final size. */
  readonly next: number;
  /** The greater: what surge is added to. */
  readonly full: number;
}

export function sizesOf(element: ElementState): Sizes {
  // Not the size of the step: what is old and what is new of it serve different consumers.
  const next = activeSize(finalOf(element));
  return { whole: element.wholeSize, next, full: Math.max(element.wholeSize, next) };
}

export function surgeOf(policy: RolloutPolicy, base: number): number {
  return rounded(policy.maxSurge, base, Math.ceil);
}

/** Both 0 after rounding would stand still for ever, so then one may be unavailable. */
export function unavailableOf(policy: RolloutPolicy, base: number): number {
  const unavailable = rounded(policy.maxUnavailable, base, Math.floor);
  return unavailable === 0 && surgeOf(policy, base) === 0 ? 1 : unavailable;
}

function rounded(amount: Amount, base: number, round: (value: number) => number): number {
  return amount.kind === 'count' ? amount.value : round((base * amount.value) / 100);
}

/** The most instances that may be live at a time. */
export function ceilingOf(element: ElementState): number {
  const { full } = sizesOf(element);
  const policy = element.target?.rollout;
  if (policy === undefined) return full;
  // What served stands beside what is new, each in full.
  if (sharesByWeight(element.target)) return element.wholeSize + activeSize(finalOf(element));
  if (policy.strategy === 'recreate') return full;
  // A step that old and new were to stand side by side for stays what it is, whoever has gone over meanwhile.
  return Math.max(full + surgeOf(policy, full), activeSize(element.target));
}

/** The least number that must be healthy: of the old size until every new instance is, then of the new one. */
export function floorOf(element: ElementState, everyNewHealthy: boolean): number {
  const { whole, next } = sizesOf(element);
  const policy = element.target?.rollout;
  if (policy === undefined || policy.strategy === 'recreate') return 0;
  // On a step not every new instance is there, however well those of the step are.
  const size = everyNewHealthy && currentStep(element) === null ? next : whole;
  return Math.max(0, size - unavailableOf(policy, size));
}

/** How many healthy backends each consumer must keep while it runs. */
export function bindingFloorOf(element: ElementState): number {
  const { whole, next } = sizesOf(element);
  if (element.target === null || next === 0) return 1;
  const size = Math.min(whole, next);
  const floor = size - unavailableOf(element.target.rollout, size);
  if (element.target.rollout.strategy === 'recreate') return 0;
  return element.target.rollout.allowDowntime ? Math.max(0, floor) : Math.max(1, floor);
}

/** How many healthy backends make a provider ready for a consumer that wants to start. */
export function readyCountOf(element: ElementState): number {
  const { whole, next } = sizesOf(element);
  const policy = element.target?.rollout;
  if (policy === undefined) return 1;
  const size = whole === 0 ? next : Math.min(whole, next);
  return Math.max(1, size - unavailableOf(policy, size));
}

export function isRecreate(target: DesiredElement | null): boolean {
  return target?.rollout.strategy === 'recreate';
}
