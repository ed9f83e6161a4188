import type { DesiredElement } from '../../../src/core/base/desired.js';
import { digestOf } from '../../../src/core/base/digest.js';
import type { InstanceId, Revision, SolutionName } from '../../../src/core/base/names.js';
import { splitElementKey, splitInstanceId } from '../../../src/core/base/names.js';
import { byCodeUnit } from '../../../src/core/base/order.js';
import { canonicalJson } from '../../../src/core/base/data.js';
import { safe } from '../../../src/core/base/safe-text.js';
import type { Item } from '../../../src/core/journal/entry.js';
import { inDomain, inSolution, solutionOf, streamOf } from '../../../src/core/journal/entry.js';
import type { State } from '../../../src/core/journal/fold.js';
import {
  decodeState,
  emptyState,
  encodeState,
  foldRecord,
  stateAsData,
} from '../../../src/core/journal/fold.js';
import type { JournalRecord } from '../../../src/core/journal/record.js';
import { abortEntry } from '../../../src/core/rollout/fail.js';
import type { SolutionEntry } from '../../../src/core/rollout/entries.js';
import type { Plan, PlannedStep } from '../../../src/core/plan/types.js';
import type { Durations } from '../../../src/core/rollout/durations.js';
import { assumedMs } from '../../../src/core/rollout/durations.js';
import { operationId } from '../../../src/core/rollout/place.js';
import type { Facts } from '../../../src/core/rollout/facts.js';
import { isOpen } from '../../../src/core/rollout/mode.js';
import type { Simulation } from '../../../src/core/rollout/preview.js';
import { simulate } from '../../../src/core/rollout/preview.js';
import { asSettled } from '../../../src/core/rollout/settled.js';
import { decideReturnHolds } from '../../../src/core/rollout/held-back.js';
import { decideSolution } from '../../../src/core/rollout/solution.js';
import type { InstanceState } from '../../../src/core/rollout/state.js';
import { isAwaited } from '../../../src/core/rollout/steps.js';
import { decideVerdicts } from '../../../src/core/rollout/verdicts.js';
import type { World } from '../../../src/core/rollout/world.js';
import { factsOver } from '../../../src/core/rollout/world.js';
import { accept, arrivalOf, arrive } from '../../../src/engine/accept.js';
import { planFor } from '../../../src/engine/plan-for.js';
import type { Core } from '../../../src/engine/core.js';
import { Dirty } from '../../../src/engine/dirty.js';
import {
  interruptedItems,
  measuredItems,
  noteObserved,
  noteOutcome,
  outcomeItems,
} from '../../../src/engine/events.js';
import type { Observer } from '../../../src/engine/observe.js';
import { Sightings } from '../../../src/engine/sightings.js';
import { overdue } from '../../../src/engine/pauses.js';
import type { Outcome } from '../../../src/ports/provider.js';
import { domain, worldOver } from '../desired.js';
import { checkAction, indexesWrong } from './checks.js';
import type { Model } from './generate.js';
import { Random } from './random.js';
import { Truth } from './truth.js';

/** How the world treats the controller while faults are on: chances from 0 to 1. */
export interface Weather {
  readonly failed: number;
  readonly hopeless: number;
  readonly unknown: number;
  readonly routeFailed: number;
}

const calm: Weather = { failed: 0, hopeless: 0, unknown: 0, routeFailed: 0 };

export class Broken extends Error {}

interface Event {
  readonly at: number;
  readonly order: number;
  readonly incarnation: number;
  run(): void;
}

/** The controller's core between a journal and a world of a few instances, on a virtual clock. */
export class SmallWorld {
  readonly truth = new Truth();
  readonly random: Random;
  state: State = emptyState(domain);
  clock = 0;
  weather: Weather = calm;
  /** Whether the provider takes an instance out of service to give it another configuration. */
  interrupts = false;
  /** Everything takes as long as a preview assumes, and is seen at once. */
  punctual = false;
  /** Called whenever everything was decided. */
  watch: (facts: Facts) => void = () => undefined;
  steps = 0;
  entries = 0;
  private readonly story: { readonly at: number; readonly item: Item }[] = [];
  readonly seenPhases = new Set<string>();
  /** Operations that were begun. */
  begun = 0;
  /** How often what was about to be done was held against a floor, and a ceiling. */
  readonly held = { floors: 0, ceilings: 0 };
  /** `solution/element/cluster` that is well by its own word, and of which gates alone find out what is wrong. */
  readonly useless = new Set<string>();
  private readonly journal: string[] = [];
  private shadow: State = emptyState(domain);
  private readonly sequences = new Map<string, number>();
  private events: Event[] = [];
  private order = 0;
  private incarnation = 0;
  private readonly wakes = new Map<string, number>();
  private core!: Core;
  private facts!: Facts;
  private readonly observer: Observer;
  private revision = 0;

  constructor(seed: number) {
    this.random = new Random(seed);
    this.observer = {
      ask: (id: InstanceId) => this.lookSoon(id),
      probeSoon: () => undefined,
    } as unknown as Observer;
    this.boot();
  }

  private boot(): void {
    const sightings = new Sightings();
    const world = {
      ...this.worldOverTables(),
      begunAt: this.clock,
      wallNow: () => this.clock,
      seen: (id: InstanceId) => sightings.seen(id),
    };
    this.facts = factsOver(world);
    this.core = {
      state: this.state,
      sightings,
      dirty: new Dirty(this.state.tables),
      now: () => this.clock,
      facts: this.facts,
      ports: { redact: safe },
    } as unknown as Core;
  }

  /** The process dies: what is kept is the journal, and of some journals a snapshot. */
  restart(): void {
    this.incarnation++;
    this.wakes.clear();
    // What was sent may have landed or not; either way nobody tells.
    for (const event of this.events.filter((open) => open.incarnation >= 0 && this.random.chance(0.5)))
      this.silently(event);
    this.events = this.events.filter((event) => event.incarnation < 0);
    const live = canonicalJson(stateAsData(this.state));
    this.state = this.refold();
    if (canonicalJson(stateAsData(this.state)) !== live)
      throw new Broken('replay differs from what was live');
    this.boot();
    this.record(interruptedItems(this.core));
    for (const name of this.state.tables.solutions.keys()) this.core.dirty.markSolution(name);
    for (const instance of this.instances()) this.lookSoon(instance.id);
  }

  private isDead = false;

  private silently(event: Event): void {
    this.isDead = true;
    event.run();
    this.isDead = false;
  }

  private refold(): State {
    const cut = this.random.between(0, this.journal.length);
    let state = emptyState(domain);
    for (const [i, text] of this.journal.entries()) {
      if (i === cut) state = decodeState(encodeState(state)) as State;
      foldRecord(state, JSON.parse(text) as JournalRecord);
    }
    return state;
  }

  record(items: readonly Item[]): void {
    for (const item of items) {
      if (item.solution !== null) {
        const wrong = checkAction(this.state.tables, this.facts, item.solution, item.entry);
        if (wrong !== null) throw new Broken(`${wrong}: ${describe(item)}`);
        this.count(item.entry);
        if ('phase' in item.entry) this.seenPhases.add(item.entry.phase);
        else this.seenPhases.add(item.entry.kind);
      }
      const stream = streamOf(item);
      const sequence = (this.sequences.get(stream) ?? 0) + 1;
      this.sequences.set(stream, sequence);
      const record: JournalRecord = {
        stream,
        sequence,
        epoch: 1,
        at: this.clock,
        wallMs: this.clock,
        entry: item.entry,
        schema: 1,
      };
      const text = JSON.stringify(record);
      this.journal.push(text);
      this.entries++;
      this.story.push({ at: this.clock, item });
      foldRecord(this.state, record);
      foldRecord(this.shadow, JSON.parse(text) as JournalRecord);
      if (item.solution === null) this.core.dirty.markForDomain(item.entry);
      else this.follow(item.solution, item.entry, record);
    }
  }

  private count(entry: SolutionEntry): void {
    if (entry.kind === 'instance.draining' || entry.kind === 'route.begun') this.held.floors++;
    if (entry.kind !== 'operation.begun') return;
    this.begun++;
    if (entry.transition === 'start') this.held.ceilings++;
  }

  private follow(solution: SolutionName, entry: SolutionEntry, record: JournalRecord): void {
    const { core } = this;
    core.dirty.markFor(solution, entry);
    switch (entry.kind) {
      case 'instance.assigned':
        if (core.sightings.token(entry.instance) === 0) core.sightings.markAbsent(entry.instance);
        return;
      case 'operation.ended':
        return core.sightings.bump(entry.instance);
      case 'operation.begun':
        core.sightings.bump(entry.instance);
        if (entry.transition === 'start') core.sightings.restartCount(entry.instance);
        return this.operate(solution, entry, record);
      case 'route.begun':
        return this.route(solution, entry);
      case 'gate.begun':
        return this.measure(solution, entry);
      case 'listener.gone':
        this.truth.routes.delete(`${solution}/${entry.element}#${entry.binding}`);
        return;
      default:
    }
  }

  private operate(
    solution: SolutionName,
    entry: Extract<SolutionEntry, { kind: 'operation.begun' }>,
    record: JournalRecord,
  ): void {
    const { weather, random, truth } = this;
    const operation = operationId(record);
    const roll = random.next();
    const afterMs = this.punctual ? assumedMs[entry.transition] : random.pick([0, 1, 10, 400]);
    this.later(afterMs, () => {
      let outcome: Outcome;
      const failed = (retryable: boolean): Outcome => {
        if (random.chance(0.5)) truth.spoil(entry.instance, entry.transition);
        return { kind: 'failed', retryable, code: 'test.failed', message: safe('failed') };
      };
      if (roll < weather.failed) outcome = failed(true);
      else if (roll < weather.failed + weather.hopeless) outcome = failed(false);
      else if (roll < weather.failed + weather.hopeless + weather.unknown) {
        if (random.chance(0.5)) truth.apply(entry.instance, entry.transition, entry.digest);
        outcome = { kind: 'unknown', message: safe('no answer') };
      } else if (truth.apply(entry.instance, entry.transition, entry.digest))
        outcome = { kind: 'done', observation: truth.observe(entry.instance) };
      else
        outcome = {
          kind: 'failed',
          retryable: true,
          code: 'test.gone',
          message: safe('there is nothing to act on'),
        };
      if (this.isDead) return;
      const event = {
        kind: 'outcome' as const,
        solution,
        operation,
        instance: entry.instance,
        outcome,
      };
      this.record(outcomeItems(this.core, event));
      noteOutcome(this.core, this.observer, event);
    });
  }

  private route(solution: SolutionName, entry: Extract<SolutionEntry, { kind: 'route.begun' }>): void {
    const key = `${solution}/${entry.element}#${entry.binding}`;
    this.later(this.punctual ? 5 : this.random.pick([0, 1, 5]), () => {
      const fails = this.random.chance(this.weather.routeFailed);
      if (!fails || this.random.chance(0.5)) this.truth.routes.set(key, entry.backends);
      if (this.isDead) return;
      this.record([
        inSolution(solution, {
          kind: 'route.ended',
          element: entry.element,
          binding: entry.binding,
          failure: fails ? safe('the gateway did not answer') : null,
        }),
      ]);
    });
  }

  private measure(
    solution: SolutionName,
    { element, gate }: Extract<SolutionEntry, { kind: 'gate.begun' }>,
  ): void {
    const state = this.state.tables.solutions.get(solution)?.elements.get(element);
    const step = state?.track?.step?.digest;
    if (state === undefined || step === undefined) return;
    this.later(this.punctual ? 5 : this.random.pick([0, 1, 5]), () => {
      if (this.isDead) return;
      const fresh = [...state.clusters.values()].filter(({ everStable }) => !everStable);
      const isGood = fresh.every(
        ({ key, instances }) =>
          !this.useless.has(`${state.key}/${key}`) &&
          [...instances.values()].every(({ id }) => !this.truth.isBad(id)),
      );
      const answer = { outcome: isGood ? 'passed' : 'failed', detail: safe('asked') } as const;
      const measured = { kind: 'measured', solution, element, step, gate, answer } as const;
      this.record(measuredItems(this.core, measured));
    });
  }

  /** A person lets go on what waits for one. False: nothing of it does. */
  promote(solution: SolutionName): boolean {
    const elements = [...(this.state.tables.solutions.get(solution)?.elements.values() ?? [])];
    const awaited = elements.filter(isAwaited).map(({ name }) => name);
    this.record(awaited.map((element) => inSolution(solution, { kind: 'step.promoted', element })));
    if (awaited.length > 0) this.resume(solution);
    return awaited.length > 0;
  }

  /** A person has tried again what stayed out. */
  endQuarantine(solution: SolutionName): void {
    const clusters = this.state.tables.solutions.get(solution)?.quarantine?.clusters ?? null;
    if (clusters !== null)
      this.record([inSolution(solution, { kind: 'quarantine.ended', clusters, reason: safe('mended') })]);
  }

  /** An answer that enters this incarnation; negative: the world's own doing. */
  private later(afterMs: number, run: () => void, ofWorld = false): void {
    this.events.push({
      at: this.clock + afterMs,
      order: this.order++,
      incarnation: ofWorld ? -1 : this.incarnation,
      run,
    });
  }

  /** Something that the world does by itself. */
  happen(afterMs: number, run: () => void): void {
    this.later(afterMs, run, true);
  }

  lookSoon(id: InstanceId, afterMs = this.punctual ? 0 : this.random.pick([0, 1, 50])): void {
    const token = this.core.sightings.token(id);
    this.later(afterMs, () => {
      if (this.isDead) return;
      const observation = this.truth.observe(id);
      noteObserved(this.core, this.observer, {
        kind: 'observed',
        sightings: [{ observation, token }],
      } as never);
    });
  }

  lookAtAll(): void {
    for (const instance of this.instances()) this.lookSoon(instance.id, 0);
  }

  markUnknown(id: InstanceId): void {
    this.core.sightings.markUnknown(id);
  }

  *instances(): Generator<InstanceState> {
    for (const solution of this.state.tables.solutions.values())
      for (const element of solution.elements.values())
        for (const cluster of element.clusters.values()) yield* cluster.instances.values();
  }

  /** A commit arrives. False: the plan refuses it. */
  commit(model: Model, again = false): boolean {
    const accepted = this.accepted(model, again);
    if (accepted === null) return false;
    const commit = { oid: accepted.revision, subject: '', author: '', committedMs: 0 } as never;
    this.record(arrive(this.state, commit, [], safe));
    this.record(accepted.items);
    for (const name of accepted.scope) this.wanted.set(name, model.get(name)?.digest ?? null);
    return true;
  }

  /** The plan of a commit, whether or not it is there already; null: it is refused. */
  plan(model: Model): Plan | null {
    return this.accepted(model, true)?.plan ?? null;
  }

  /** How a commit would go, from the code that then runs it. */
  preview(model: Model, durations?: Durations): Simulation {
    const planned = (this.accepted(model, false)?.items ?? []).flatMap((item) =>
      item.solution === null ? [] : [{ solution: item.solution, entry: item.entry }],
    );
    return simulate({ ...this.worldOverTables(), seen: asSettled(this.state.tables) }, planned, durations);
  }

  private worldOverTables(): World {
    const world = worldOver(this.state.tables, () => this.clock);
    return {
      ...world,
      pauses: () => this.state.domain.pauses ?? [],
      traits: { ...world.traits, reconfigureInterrupts: () => this.interrupts },
    };
  }

  private accepted(
    model: Model,
    again: boolean,
  ): {
    readonly items: readonly Item[];
    readonly plan: Plan;
    readonly revision: Revision;
    readonly scope: readonly SolutionName[];
  } | null {
    const changed = new Set<SolutionName>([...this.state.tables.solutions.keys(), ...model.keys()]);
    const scope = [...changed]
      .filter((name) => again || this.desiredDigest(name) !== (model.get(name)?.digest ?? null))
      .sort(byCodeUnit);
    const desired = { name: domain, folder: '', solutions: model, consumers: () => [] };
    const revision = `r${String(++this.revision).padStart(11, '0')}` as Revision;
    const plan = planFor(this.state, desired, scope, { revision, basis: { kind: 'live', atMs: 0 } });
    if (plan.diagnostics.length > 0 || plan.holds.some(({ code }) => code === 'plan.noPath')) return null;
    const validation = { stale: [], releases: [], tip: { errors: {} }, diagnostics: [] } as never;
    const items = accept(this.state, plan, validation, {
      revision,
      arrival: arrivalOf(this.state, revision),
      desired,
      scope,
    });
    return { items, plan, revision, scope };
  }

  /** Until nothing happens any more. */
  rest(stepLimit = 20_000, patienceMs = 3 * 60 * 60 * 1_000): void {
    const end = this.clock + patienceMs;
    for (let i = 0; this.step(); i++) {
      if (i > stepLimit) throw new Broken('it never comes to rest');
      if (this.clock > end) throw new Broken('it takes for ever');
    }
  }

  private readonly wanted = new Map<SolutionName, unknown>();

  private desiredDigest(name: SolutionName): unknown {
    return this.wanted.get(name) ?? null;
  }

  pause(solution: SolutionName): void {
    this.record([inSolution(solution, { kind: 'rollout.phase', phase: 'paused', reason: safe('by hand') })]);
  }

  resume(solution: SolutionName): void {
    this.record([inSolution(solution, { kind: 'rollout.phase', phase: 'progressing', reason: null })]);
  }

  abort(solution: SolutionName): void {
    const state = this.state.tables.solutions.get(solution);
    if (state !== undefined && isOpen(state))
      this.record([inSolution(solution, abortEntry(state, safe('by hand')))]);
  }

  rollouts(): { readonly solution: SolutionName; readonly phase: string; readonly reason: string | null }[] {
    return [...this.state.tables.solutions.values()].flatMap((solution) =>
      solution.rollout === null
        ? []
        : [{ solution: solution.name, phase: solution.rollout.phase, reason: solution.rollout.reason }],
    );
  }

  /** Decides all that is dirty, then lets the next thing happen. False: nothing will ever happen again. */
  step(until = Number.POSITIVE_INFINITY): boolean {
    this.settle();
    this.watch(this.facts);
    this.steps++;
    if (this.steps % 8 === 0) {
      const wrong = indexesWrong(this.state.tables);
      if (wrong !== null) throw new Broken(wrong);
    }
    if (this.steps % 256 === 0) this.compareShadow();
    const ends = (this.state.domain.pauses ?? []).flatMap(({ untilWallMs }) => untilWallMs ?? []);
    const wakeAt = Math.min(Number.POSITIVE_INFINITY, ...this.wakes.values(), ...ends);
    let next: Event | null = null;
    for (const event of this.events)
      if (next === null || event.at < next.at || (event.at === next.at && event.order < next.order))
        next = event;
    const at = Math.min(wakeAt, next?.at ?? Number.POSITIVE_INFINITY);
    if (at === Number.POSITIVE_INFINITY || at > until) {
      if (until !== Number.POSITIVE_INFINITY) this.clock = Math.max(this.clock, until);
      return false;
    }
    this.clock = Math.max(this.clock, at);
    if (next !== null && next.at <= at) {
      const due = this.punctual ? this.dueNow() : [next];
      this.events = this.events.filter((event) => !due.includes(event));
      for (const event of due) event.run();
    } else {
      for (const [key, due] of this.wakes) {
        if (due > this.clock) continue;
        this.wakes.delete(key);
        this.core.dirty.markWithConsumers(key as never);
      }
    }
    return true;
  }

  /** What happens at one moment reaches the engine in one turn. */
  private dueNow(): Event[] {
    const due = this.events.filter((event) => event.at <= this.clock);
    return due.sort((a, b) => a.at - b.at || a.order - b.order);
  }

  /** The steps since an entry, with milliseconds since then, without those of a standby whose time was over: no rollout takes them. */
  taken(from: number): PlannedStep[] {
    const startedAt = this.story[from]?.at ?? 0;
    const over = new Set<string>();
    return this.story.slice(from).flatMap(({ at, item: { solution, entry } }) => {
      if (entry.kind === 'standby.ended') over.add(`${solution}/${entry.element}`);
      if (entry.kind !== 'operation.begun') return [];
      if (entry.transition === 'destroy' && over.has(splitInstanceId(entry.instance)?.element ?? ''))
        return [];
      return [{ atMs: at - startedAt, transition: entry.transition, instance: entry.instance }];
    });
  }

  /** What was recorded, for people. */
  told(from = 0): string[] {
    return this.story.slice(from).map(({ at, item }) => `${at} ${describe(item)}`);
  }

  compareShadow(): void {
    if (canonicalJson(stateAsData(this.shadow)) !== canonicalJson(stateAsData(this.state)))
      throw new Broken('the fold of the encoded entries differs from what is live');
  }

  settle(): void {
    this.record(overdue(this.state, this.clock));
    for (let round = 0; !this.core.dirty.isEmpty; round++) {
      if (round > 1_000) throw new Broken('decisions never end');
      for (const { solution, elements } of this.core.dirty.take()) {
        const state = this.state.tables.solutions.get(solution);
        if (state === undefined) continue;
        const decision = decideSolution(domain, state, elements, this.facts);
        for (const wake of decision.wakes) {
          const known = this.wakes.get(wake.element);
          if (known === undefined || wake.at < known) this.wakes.set(wake.element, wake.at);
        }
        this.record([
          ...decision.entries.map((entry) => inSolution(solution, entry)),
          ...decision.others.map(({ solution: other, entry }) => inSolution(other, entry)),
        ]);
      }
      this.record(decideVerdicts(this.state.domain, this.state.tables.solutions).map(inDomain));
      this.record(decideReturnHolds(this.state.domain, this.state.tables.solutions).map(inDomain));
    }
  }

  /** Everything is decided anew: at A = T nothing follows. */
  askAgain(): readonly string[] {
    const before = this.story.length;
    for (const name of this.state.tables.solutions.keys()) this.core.dirty.markSolution(name);
    this.settle();
    return this.told(before);
  }

  /** Where what exists differs from what the model asks for; empty: A = T. */
  differences(model: Model): string[] {
    const found: string[] = [];
    const expected = new Set<InstanceId>();
    for (const solution of model.values())
      for (const desired of solution.elements.values()) this.differ(desired, expected, found);
    for (const id of this.truth.resources.keys()) if (!expected.has(id)) found.push(`${id} was left behind`);
    for (const instance of this.instances())
      if (!expected.has(instance.id)) found.push(`${instance.id} is still kept`);
    for (const solution of this.state.tables.solutions.values())
      for (const element of solution.elements.values())
        if (model.get(solution.name)?.elements.has(element.name) !== true)
          found.push(`${element.key} is still there`);
    for (const key of this.truth.routes.keys()) {
      const [element, binding] = key.split('#') as [never, never];
      const { solution, element: name } = splitElementKey(element);
      if (this.state.tables.solutions.get(solution)?.elements.get(name)?.listeners.has(binding) !== true)
        found.push(`a listener is left at ${key}`);
    }
    return found;
  }

  private differ(desired: DesiredElement, expected: Set<InstanceId>, found: string[]): void {
    const element = this.facts.element(desired.key);
    if (element === null) {
      if (desired.clusters.some((cluster) => cluster.size > 0)) found.push(`${desired.key} is missing`);
      return;
    }
    for (const cluster of desired.clusters) {
      if (cluster.state === 'initial') continue;
      for (let ordinal = 0; ordinal < cluster.size; ordinal++) {
        const id = `${domain}/${desired.key}/${cluster.key}/${ordinal}` as InstanceId;
        expected.add(id);
        const resource = this.truth.resources.get(id);
        const state = element.clusters.get(cluster.key);
        const instance = state?.instances.get(ordinal);
        const digest =
          state === undefined || instance === undefined
            ? null
            : this.facts.configurationDigest(instance, state);
        if (resource?.state !== cluster.state) found.push(`${id} is ${resource?.state ?? 'gone'}`);
        else if (resource.broken || this.truth.isBad(id)) found.push(`${id} is not well`);
        else if (resource.digest !== digest) found.push(`${id} is not configured as it should be`);
      }
    }
    for (const listener of element.listeners.values()) {
      const routed = this.truth.routes.get(`${desired.key}#${listener.binding}`) ?? [];
      if (canonicalJson(routed) !== canonicalJson(listener.backends ?? []))
        found.push(`the gateway sends elsewhere at ${desired.key}#${listener.binding}`);
      for (const { instance } of routed)
        if (!expected.has(instance)) found.push(`${desired.key}#${listener.binding} sends to ${instance}`);
    }
  }

  get pending(): number {
    return this.events.length;
  }
}

function describe(item: Item): string {
  if (item.solution === null) return item.entry.kind;
  const { kind, ...rest } = item.entry;
  if (kind === 'rollout.planned' || kind === 'rollout.aborted')
    return `${item.solution} ${kind} ${Object.entries('targets' in item.entry ? item.entry.targets : {})
      .map(
        ([name, target]) =>
          `${name}:${target === null ? 'gone' : target.clusters.map((c) => `${c.key}x${c.size}`).join('+')}`,
      )
      .join(' ')}`;
  return `${item.solution} ${kind} ${JSON.stringify(rest)}`;
}

export function ordinalOf(id: InstanceId): number {
  return splitInstanceId(id)?.ordinal ?? -1;
}

export { digestOf, solutionOf };
