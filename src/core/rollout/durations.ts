import type { Transition } from '../base/desired.js';
import type { ComponentName, ElementKey, RolloutId } from '../base/names.js';
import { splitInstanceId } from '../base/names.js';
import type { Version } from '../base/version.js';
import type { Change } from '../plan/types.js';
import type { StepRecord } from './log.js';

/** As much of a rollout's log as tells how long its steps took. */
export interface TimedRollout {
  readonly id: RolloutId;
  readonly changes: readonly Pick<Change, 'element' | 'before' | 'after'>[];
  readonly steps: readonly Pick<StepRecord, 'transition' | 'instance' | 'durationMs' | 'outcome'>[];
}

/** How long a transition takes; the rollouts that told it, none: it is assumed. */
export interface Duration {
  readonly ms: number;
  readonly rollouts: readonly RolloutId[];
}

export interface Durations {
  of(transition: Transition, component: ComponentName, version: Version): Duration;
}

/** How long a transition is assumed to take where no history tells, in milliseconds. */
export const assumedMs: { readonly [transition in Transition]: number } = {
  create: 100,
  configure: 20,
  start: 400,
  reconfigure: 20,
  stop: 200,
  destroy: 100,
  reset: 200,
};

export const assumedDurations = {
  of: (transition: Transition): Duration => ({ ms: assumedMs[transition], rollouts: [] }),
};

/** The median of what the steps of earlier rollouts took: of the same version, else of the same component. */
export function durationsFrom(logs: Iterable<TimedRollout>): Durations {
  const samples = new Map<string, Sample[]>();
  for (const log of logs) collect(log, samples);
  const known = new Map<string, Duration | null>();
  const measured = (key: string): Duration | null => {
    let found = known.get(key);
    if (found === undefined) known.set(key, (found = medianOf(samples.get(key) ?? [])));
    return found;
  };
  return {
    of: (transition, component, version) =>
      measured(`${transition} ${component} ${version}`) ??
      measured(`${transition} ${component}`) ??
      assumedDurations.of(transition),
  };
}

interface Sample {
  readonly ms: number;
  readonly rollout: RolloutId;
}

function collect(log: TimedRollout, samples: Map<string, Sample[]>): void {
  const components = componentsOf(log);
  for (const { transition, instance, durationMs, outcome } of log.steps) {
    // What failed says how long it takes to fail.
    if (outcome !== 'done' || durationMs === null) continue;
    const parts = splitInstanceId(instance);
    if (parts === null) continue;
    const version = parts.cluster.slice(0, parts.cluster.indexOf('~')) as Version;
    const component = components.get(`${parts.element} ${version}`);
    if (component === undefined) continue;
    const sample = { ms: durationMs, rollout: log.id };
    for (const key of [`${transition} ${component} ${version}`, `${transition} ${component}`]) {
      const list = samples.get(key);
      if (list === undefined) samples.set(key, [sample]);
      else list.push(sample);
    }
  }
}

/** Element and version → component: an element may go over to another one. */
function componentsOf({ changes }: TimedRollout): Map<string, ComponentName> {
  const components = new Map<string, ComponentName>();
  const note = (element: ElementKey, shape: Change['after']): void => {
    for (const { version } of shape?.clusters ?? [])
      if (shape !== null) components.set(`${element} ${version}`, shape.component);
  };
  for (const { element, before, after } of changes) {
    note(element, before);
    note(element, after);
  }
  return components;
}

function medianOf(samples: readonly Sample[]): Duration | null {
  if (samples.length === 0) return null;
  const sorted = samples.map(({ ms }) => ms).sort((a, b) => a - b);
  const upper = sorted[sorted.length >> 1] ?? 0;
  const lower = sorted[(sorted.length - 1) >> 1] ?? 0;
  return {
    ms: Math.round((lower + upper) / 2),
    rollouts: [...new Set(samples.map(({ rollout }) => rollout))],
  };
}
