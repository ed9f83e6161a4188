import { splitElementKey } from '../../base/names.js';
import { count, durationText } from '../../base/words.js';
import type { OrderEdge, PlannedStage, Preview } from '../../plan/types.js';
import { shareText } from '../step.js';

/** `9 steps in about 12 s (from 3 earlier rollouts)`. */
export function previewTitle({ steps, durationMs, basis }: Preview): string {
  return `${count(steps.length, 'step')} in about ${durationText(durationMs)} (${basisText(basis)})`;
}

function basisText({ rollouts, assumedSteps }: Preview['basis']): string {
  if (rollouts === 0) return 'assumed';
  const from = `from ${count(rollouts, 'earlier rollout')}`;
  return assumedSteps === 0 ? from : `${from}, ${count(assumedSteps, 'step')} assumed`;
}

/** `never fewer than 2 healthy, at most 4 at once`. */
export function limitsText(healthy: number, peak: number): string {
  return `never fewer than ${healthy} healthy, at most ${peak} at once`;
}

/** `shop/api, step 1 of 2 (1 instance) after 3 s: for 1 min at least; gate errors`, and who lets it go on. */
export function stageText(stage: PlannedStage): string {
  const waits = [...stageWaits(stage), ...(stage.awaitsPerson ? [promotionText(stage)] : [])];
  return waits.length === 0 ? stageHead(stage) : `${stageHead(stage)}: ${waits.join('; ')}`;
}

export function stageHead(stage: PlannedStage): string {
  return `${stageName(stage)} after ${durationText(stage.atMs)}`;
}

export function stageWaits({ pauseMs, gates }: PlannedStage): string[] {
  return [
    ...(pauseMs === 0 ? [] : [`for ${durationText(pauseMs)} at least`]),
    ...(gates.length === 0 ? [] : [`gate ${gates.join(', gate ')}`]),
  ];
}

function promotionText({ element }: PlannedStage): string {
  return `then a person promotes: heliostat promote ${element} --reason TEXT`;
}

/** `shop/api, step 1 of 2 (1 instance)`. */
export function stageName({ element, number, of, share }: PlannedStage): string {
  return `${element}, step ${number} of ${of} (${shareText(share)})`;
}

/** `web before api: api 2.0.0 does not serve web 1.0.0 (>=1 <2)`. */
export function edgeText({ first, then, sideBySide, reason }: OrderEdge): string {
  const [one, other] = [splitElementKey(first), splitElementKey(then)];
  const isOne = one.solution === other.solution;
  const [a, b] = isOne ? [one.element, other.element] : [first, then];
  return `${sideBySide ? `${a} and ${b} side by side` : `${a} before ${b}`}: ${reason}`;
}
