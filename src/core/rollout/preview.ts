import type { Transition } from '../base/desired.js';
import type { ElementKey, ElementName, InstanceId, SolutionName } from '../base/names.js';
import { splitElementKey, splitInstanceId } from '../base/names.js';
import { byCodeUnit } from '../base/order.js';
import { safe } from '../base/safe-text.js';
import type { PlannedStage, PlannedStep, Preview } from '../plan/types.js';
import type { Durations } from './durations.js';
import { assumedDurations } from './durations.js';
import type { SolutionEntry } from './entries.js';
import { operationId } from './place.js';
import type { Facts, Seen } from './facts.js';
import { Estimates } from './estimates.js';
import { isOpen } from './mode.js';
import { decideSolution } from './solution.js';
import { asSettled } from './settled.js';
import type { ElementState, OpenOperation, SolutionState } from './state.js';
import type { OverlayTables } from './overlay.js';
import { overlayOn } from './overlay.js';
import { waitsFor } from './halted.js';
import { Levels } from './levels.js';
import { stageOf } from './stage.js';
import { isHeld } from './steps.js';
import { touchedBy } from './touched.js';
import type { Tables } from './tables.js';
import { elementAt, evolveTables } from './tables.js';
import type { World } from './world.js';
import { factsOver, unseen } from './world.js';

const routeMs = 5;
const gateMs = 100;
const stepLimit = 100_000;
/** So often it is looked again, and nothing follows: it never will. */
const idleLimit = 500;

interface Effect {
  readonly at: number;
  readonly order: number;
  readonly solution: SolutionName;
  readonly entry: SolutionEntry | null;
  readonly seen: { readonly id: InstanceId; readonly seen: Seen } | null;
}

/** The rollout as it will go: the same `decide` and `evolve` that then run it, on a virtual clock, every effect succeeding. */
export interface Simulation {
  readonly preview: Preview;
  /** False: no sequence of allowed actions leads to the end. */
  readonly ends: boolean;
  /** As they are at the end; what lies below them is not touched. */
  readonly tables: Tables;
}

export function simulate(
  world: World,
  planned: readonly { readonly solution: SolutionName; readonly entry: SolutionEntry }[],
  durations: Durations = assumedDurations,
): Simulation {
  return new Run(world, planned, durations).simulate();
}

class Run {
  private readonly tables: OverlayTables;
  private readonly world: World;
  private readonly facts: Facts;
  private readonly start: number;
  private clock: number;
  private sequence = 0;
  private effects: Effect[] = [];
  private readonly seen = new Map<InstanceId, Seen>();
  private readonly steps: PlannedStep[] = [];
  private readonly stages: PlannedStage[] = [];
  private readonly dirty = new Map<SolutionName, Set<ElementName>>();
  private readonly changed = new Set<ElementKey>();
  private readonly wakes = new Map<ElementKey, number>();
  private readonly levels = new Levels();
  private readonly estimates: Estimates;

  constructor(
    real: World,
    private readonly planned: readonly { readonly solution: SolutionName; readonly entry: SolutionEntry }[],
    durations: Durations,
  ) {
    this.tables = overlayOn(real.tables);
    this.estimates = new Estimates(this.tables, durations);
    this.start = real.now();
    this.clock = this.start;
    const { wallNow: _untimely, ...timeless } = real;
    this.world = {
      ...timeless,
      tables: this.tables,
      isPreview: true,
      // How it goes once nothing is paused any more.
      pauses: () => [],
      now: () => this.clock,
      seen: (id) => this.seen.get(id) ?? this.foundAtStart(id, real),
    };
    this.facts = factsOver(this.world);
  }

  simulate(): Simulation {
    const touched = new Set<SolutionName>();
    for (const { solution, entry } of this.planned) {
      this.record(solution, entry);
      // Where everything succeeds nothing is tried in vain, so earlier failures do not count.
      this.record(solution, { kind: 'rollout.phase', phase: 'progressing', reason: null });
      touched.add(solution);
      for (const name of this.tables.solutions.get(solution)?.elements.keys() ?? [])
        this.mark(`${solution}/${name}` as ElementKey);
    }
    this.continueUnderWay(touched);
    let idle = 0;
    for (let step = 0; step < stepLimit && idle < idleLimit; step++) {
      const before = this.sequence;
      this.decideAll();
      this.measure(touched);
      if ([...touched].every((name) => !isOpenIn(this.tables, name)))
        return this.result([...touched].every((name) => hasSucceeded(this.tables, name)));
      if (!this.advance()) return this.result(false);
      idle = this.sequence === before ? idle + 1 : 0;
    }
    return this.result(this.waitsForHeld(touched));
  }

  /** It waits for the step of another rollout, which a person lets go on: that is a way. */
  private waitsForHeld(touched: ReadonlySet<SolutionName>): boolean {
    const open = [...touched].flatMap((name) => [
      ...(this.tables.solutions.get(name)?.elements.values() ?? []),
    ]);
    return open
      .filter(({ track }) => track !== null && !track.done)
      .some((element) => waitsFor(element, this.facts, isHeld));
  }

  /** What was begun before, here or with neighbours, ends as everything does: well. */
  private continueUnderWay(touched: ReadonlySet<SolutionName>): void {
    const reached = new Set<ElementKey>();
    const queue: ElementKey[] = [...touched].flatMap((name) =>
      [...(this.tables.solutions.get(name)?.elements.values() ?? [])].map((element) => element.key),
    );
    for (let key = queue.pop(); key !== undefined; key = queue.pop()) {
      if (reached.has(key)) continue;
      reached.add(key);
      queue.push(...(this.tables.providers.get(key) ?? []), ...(this.tables.consumers.get(key) ?? []));
      const element = elementAt(this.tables, key);
      if (element !== null) this.finishOpen(splitElementKey(key).solution, element);
    }
  }

  private finishOpen(solution: SolutionName, element: ElementState): void {
    if (element.track !== null && !element.track.done) this.mark(element.key);
    for (const { binding, pending } of element.listeners.values())
      if (pending !== null)
        this.later(
          routeMs,
          solution,
          { kind: 'route.ended', element: element.name, binding, failure: null },
          null,
        );
    for (const cluster of element.clusters.values())
      for (const { id, operation } of cluster.instances.values())
        if (operation !== null) this.endLater(solution, id, operation);
  }

  private foundAtStart(id: InstanceId, real: World): Seen {
    const found = real.seen(id);
    return found.presence === 'unknown' ? asSettled(real.tables)(id) : settled(found, this.start);
  }

  private result(ends: boolean): Simulation {
    return {
      ends,
      tables: this.tables,
      preview: {
        stages: this.stages,
        steps: this.steps,
        ...this.levels.until(this.clock - this.start),
        durationMs: this.clock - this.start,
        basis: this.estimates.basis,
      },
    };
  }

  private decideAll(): void {
    for (let round = 0; this.dirty.size > 0; round++) {
      if (round > 10_000) return;
      const [name] = [...this.dirty.keys()].sort(byCodeUnit);
      const solution = this.tables.solutions.get(name as SolutionName);
      const elements = this.dirty.get(name as SolutionName) ?? new Set();
      this.dirty.delete(name as SolutionName);
      if (solution === undefined) continue;
      const decision = decideSolution(this.world.tables.domain, solution, elements, this.facts);
      for (const wake of decision.wakes) this.wakes.set(wake.element, wake.at);
      for (const entry of decision.entries) this.record(solution.name, entry);
    }
  }

  private record(solution: SolutionName, entry: SolutionEntry): void {
    const sequence = ++this.sequence;
    this.tables.own(solution);
    evolveTables(this.tables, solution, entry, {
      stream: solution,
      sequence,
      epoch: 0,
      at: this.clock,
      wallMs: 0,
    });
    this.perform(solution, entry, sequence);
    if (entry.kind === 'instance.draining' || entry.kind === 'operation.begun')
      for (const key of touchedBy(solution, entry)) this.levels.affect(key);
    for (const key of touchedBy(solution, entry)) {
      this.mark(key);
      for (const neighbour of [
        ...(this.tables.consumers.get(key) ?? []),
        ...(this.tables.providers.get(key) ?? []),
      ])
        this.mark(neighbour);
    }
  }

  private perform(solution: SolutionName, entry: SolutionEntry, sequence: number): void {
    if (entry.kind === 'instance.assigned') this.seen.set(entry.instance, { ...unseen, presence: 'absent' });
    if (entry.kind === 'route.begun') {
      const ended = {
        kind: 'route.ended' as const,
        element: entry.element,
        binding: entry.binding,
        failure: null,
      };
      this.later(routeMs, solution, ended, null);
    }
    if (entry.kind === 'gate.begun') {
      const answer = { outcome: 'passed' as const, detail: safe('as foreseen') };
      this.later(gateMs, solution, { ...entry, kind: 'gate.ended', answer }, null);
    }
    const stage = entry.kind === 'step.begun' ? stageOf(solution, entry, this.clock - this.start) : null;
    if (stage !== null) this.stages.push(stage);
    // A person who is asked says yes at once: how long it takes him is in no model.
    if (entry.kind === 'step.awaits') this.record(solution, { ...entry, kind: 'step.promoted' });
    if (entry.kind !== 'operation.begun') return;
    const { instance, transition } = entry;
    this.steps.push({ atMs: this.clock - this.start, transition, instance });
    this.estimates.count(instance, transition);
    const id = operationId({ stream: solution, sequence, epoch: 0 });
    this.endLater(solution, instance, { id, transition });
  }

  private endLater(
    solution: SolutionName,
    instance: InstanceId,
    { id, transition }: Pick<OpenOperation, 'id' | 'transition'>,
  ): void {
    const ended = {
      kind: 'operation.ended' as const,
      operation: id,
      instance,
      outcome: 'done' as const,
      trouble: null,
    };
    this.later(this.estimates.durationOf(instance, transition), solution, ended, transition);
  }

  private later(
    afterMs: number,
    solution: SolutionName,
    entry: SolutionEntry,
    transition: Transition | null,
  ): void {
    const at = this.clock + afterMs;
    this.effects.push({ at, order: ++this.sequence, solution, entry, seen: null });
    if (transition === null || entry.kind !== 'operation.ended') return;
    const id = entry.instance;
    for (const sight of this.estimates.sightsAfter(id, transition, at, this.world.seen(id)))
      this.effects.push({
        at: sight.at,
        order: ++this.sequence,
        solution,
        entry: null,
        seen: { id, seen: sight.seen },
      });
  }

  /** To the next effect or deadline; false if there is neither. */
  private advance(): boolean {
    this.effects.sort((a, b) => a.at - b.at || a.order - b.order);
    const wakeAt = Math.min(...this.wakes.values());
    const next = this.effects[0];
    if (next === undefined && !Number.isFinite(wakeAt)) return false;
    if (next === undefined || wakeAt < next.at) {
      this.clock = Math.max(this.clock, wakeAt);
      for (const [key, at] of this.wakes) {
        if (at > this.clock) continue;
        this.wakes.delete(key);
        this.mark(key);
        for (const consumer of this.tables.consumers.get(key) ?? []) this.mark(consumer);
      }
      return true;
    }
    this.clock = Math.max(this.clock, next.at);
    const due = this.effects.filter((effect) => effect.at <= this.clock);
    this.effects = this.effects.filter((effect) => effect.at > this.clock);
    for (const effect of due) {
      if (effect.seen !== null) {
        this.seen.set(effect.seen.id, effect.seen.seen);
        const key = splitInstanceId(effect.seen.id)?.element;
        if (key !== undefined) this.mark(key);
      }
      if (effect.entry !== null) this.record(effect.solution, effect.entry);
    }
    return true;
  }

  private mark(key: ElementKey): void {
    this.changed.add(key);
    const { solution, element } = splitElementKey(key);
    const set = this.dirty.get(solution);
    if (set === undefined) this.dirty.set(solution, new Set([element]));
    else set.add(element);
  }

  /** Of what was decided anew since the last look: nothing else can have changed. */
  private measure(touched: ReadonlySet<SolutionName>): void {
    for (const key of this.changed) {
      const element = elementAt(this.tables, key);
      if (element?.track != null && touched.has(splitElementKey(key).solution)) this.levels.affect(key);
      this.levels.look(key, element, this.clock - this.start, this.facts);
    }
    this.changed.clear();
  }
}

function settled(seen: Seen, now: number): Seen {
  return seen.goodSince === null ? seen : { ...seen, goodSince: Math.min(seen.goodSince, now) };
}

function isOpenIn(tables: Tables, name: SolutionName): boolean {
  const solution: SolutionState | undefined = tables.solutions.get(name);
  return solution !== undefined && isOpen(solution) && solution.rollout?.phase !== 'paused';
}

function hasSucceeded(tables: Tables, name: SolutionName): boolean {
  return tables.solutions.get(name)?.rollout?.phase === 'succeeded';
}
