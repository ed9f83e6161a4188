import type { ClusterDefinition, Transition } from '../base/desired.js';
import type { InstanceId, RolloutId } from '../base/names.js';
import { splitInstanceId } from '../base/names.js';
import type { DurationBasis } from '../plan/types.js';
import type { Duration, Durations } from './durations.js';
import { assumedDurations } from './durations.js';
import type { Seen } from './facts.js';
import type { Sight } from './foresee.js';
import { foresee } from './foresee.js';
import type { Tables } from './tables.js';
import { elementAt } from './tables.js';

/** How long things take, and what is seen of them then; remembers what it rests on. */
export class Estimates {
  /** Rollouts that told how long something takes. */
  private readonly told = new Set<RolloutId>();
  private assumedSteps = 0;

  constructor(
    private readonly tables: Tables,
    private readonly durations: Durations,
  ) {}

  get basis(): DurationBasis {
    return { rollouts: this.told.size, assumedSteps: this.assumedSteps };
  }

  /** In milliseconds. */
  durationOf(instance: InstanceId, transition: Transition): number {
    return this.find(instance, transition).ms;
  }

  /** A step is taken: what its duration is known from counts. */
  count(instance: InstanceId, transition: Transition): void {
    const { rollouts } = this.find(instance, transition);
    for (const rollout of rollouts) this.told.add(rollout);
    if (rollouts.length === 0) this.assumedSteps++;
  }

  sightsAfter(instance: InstanceId, transition: Transition, at: number, before: Seen): readonly Sight[] {
    return foresee(transition, at, before, this.definitionOf(instance)?.health ?? null);
  }

  private find(instance: InstanceId, transition: Transition): Duration {
    const definition = this.definitionOf(instance);
    return definition === null
      ? assumedDurations.of(transition)
      : this.durations.of(transition, definition.component, definition.version);
  }

  private definitionOf(id: InstanceId): ClusterDefinition | null {
    const parts = splitInstanceId(id);
    const element = parts === null ? null : elementAt(this.tables, parts.element);
    return (parts && element?.clusters.get(parts.cluster)?.definition) ?? null;
  }
}
