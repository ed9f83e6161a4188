import type { CanaryStep } from '../../core/base/canary.js';
import { activeSize } from '../../core/base/desired.js';
import { elementKey, splitInstanceId, type ElementKey, type ElementName } from '../../core/base/names.js';
import { solutionOf } from '../../core/journal/entry.js';
import type { SolutionEntry } from '../../core/rollout/entries.js';
import type { ElementState, StepState } from '../../core/rollout/state.js';
import { stepsOf } from '../../core/rollout/steps.js';
import { elementAt } from '../../core/rollout/tables.js';
import type { Engine } from '../../engine/engine.js';
import type { Stage } from '../stage.js';
import type { Watcher } from '../watcher.js';

/** 6. While old ones serve, a new version has no more instances, and no more of the traffic, than its step gives it. */
export function withinStep({ world }: Stage): Watcher {
  return {
    recorded({ engine, number }, { stream, entry }) {
      if (engine === null) return;
      const known = entry as SolutionEntry;
      const problem =
        known.kind === 'operation.begun' && known.transition === 'start'
          ? tooMany(engine, known.instance)
          : known.kind === 'route.begun'
            ? tooMuch(elementOf(engine, stream, known.element), known.backends)
            : null;
      if (problem !== null) world.violate(6, `${problem} (by ${number})`);
    },
  };
}

/** 12. A step follows the one before when each of its gates was passed as often as it has to be. */
export function gatesPassed({ world }: Stage): Watcher {
  // By the target of the step, which is another one for each way: what was told to whoever asked.
  const passed = new Map<string, number>();
  const before = new Map<string, StepState>();
  return {
    measured({ engine }, gate, { instances }, { outcome }) {
      const key = splitInstanceId(instances[0]?.id ?? '')?.element;
      if (engine === null || key === undefined || outcome !== 'passed') return;
      const step = elementAt(engine.core.state.tables, key)?.track?.step;
      const name = `${key} ${step?.digest} ${gate}`;
      passed.set(name, (passed.get(name) ?? 0) + 1);
    },
    recorded({ engine, number }, { stream, entry }) {
      const known = entry as SolutionEntry;
      if (engine === null || known.kind !== 'step.begun') return;
      const element = elementOf(engine, stream, known.element);
      const step = element?.track?.step;
      if (element === null || step === undefined) return;
      const was = before.get(`${number} ${element.key}`);
      before.set(`${number} ${element.key}`, step);
      if (was === undefined || was.final.digest !== step.final.digest || step.index !== was.index + 1) return;
      const missing = (stepsOf(was.final)[was.index]?.gates ?? []).find(
        ({ name, count }) => (passed.get(`${element.key} ${was.digest} ${name}`) ?? 0) < count,
      );
      if (missing !== undefined)
        world.violate(
          12,
          `${element.key} goes on after step ${was.index + 1}, and gate ${missing.name} was not passed (by ${number})`,
        );
    },
  };
}

function elementOf(engine: Engine, stream: string, name: ElementName): ElementState | null {
  const solution = solutionOf(stream);
  return solution === null ? null : elementAt(engine.core.state.tables, elementKey(solution, name));
}

interface OnStep {
  readonly share: CanaryStep['share'];
  readonly size: number;
  /** Of clusters that are wanted in the end and never were stable. */
  readonly fresh: ReadonlySet<string>;
}

function onStep({ track, target, clusters }: ElementState): OnStep | null {
  const step = track?.step;
  const current =
    step?.digest === target?.digest ? stepsOf(step?.final ?? null)[step?.index ?? 0] : undefined;
  if (step === undefined || current === undefined) return null;
  const fresh = step.final.clusters
    .filter(({ key }) => clusters.get(key)?.everStable !== true)
    .map(({ key }) => key);
  return { share: current.share, size: activeSize(step.final), fresh: new Set(fresh) };
}

function tooMany(engine: Engine, id: string): string | null {
  const parts = splitInstanceId(id);
  const element = parts === null ? null : elementAt(engine.core.state.tables, parts.element as ElementKey);
  const step = element === null ? null : onStep(element);
  if (parts === null || element === null || step === null || step.share.kind === 'weight') return null;
  if (!step.fresh.has(parts.cluster)) return null;
  const { kind, value } = step.share;
  const most = Math.max(1, kind === 'count' ? value : Math.ceil((step.size * value) / 100));
  const live = [...(element.clusters.get(parts.cluster)?.instances.values() ?? [])].filter(
    ({ lifecycle, operation, ordinal }) =>
      ordinal < most && (lifecycle === 'active' || operation?.transition === 'start'),
  );
  return parts.ordinal < most && live.length <= most
    ? null
    : `${id} is started, and its step is of ${most} instances`;
}

function tooMuch(
  element: ElementState | null,
  backends: readonly { readonly instance: string; readonly weight: number }[],
): string | null {
  const step = element === null ? null : onStep(element);
  if (element === null || step === null || step.share.kind !== 'weight') return null;
  const sum = (isNew: boolean): number =>
    backends
      .filter(({ instance }) => step.fresh.has(splitInstanceId(instance)?.cluster ?? '') === isNew)
      .reduce((total, { weight }) => total + weight, 0);
  const [next, old] = [sum(true), sum(false)];
  // Weights are whole numbers of a thousandth of a percent.
  const isWithin = old === 0 || next <= ((next + old) * (step.share.value + 1)) / 100;
  return isWithin ? null : `${element.key} sends ${next} of ${next + old} to a step of ${step.share.value} %`;
}
