import type { ElementKey, ElementName, SolutionName } from '../core/base/names.js';
import { splitElementKey } from '../core/base/names.js';
import { byCodeUnit } from '../core/base/order.js';
import type { DomainEntry } from '../core/rollout/domain.js';
import type { SolutionEntry } from '../core/rollout/entries.js';
import { isOpen } from '../core/rollout/mode.js';
import { solutionsUnder } from '../core/rollout/pause.js';
import type { ElementState } from '../core/rollout/state.js';
import { touchedBy } from '../core/rollout/touched.js';
import type { Tables } from '../core/rollout/tables.js';

/** Elements that have to be decided anew, by solution. */
export class Dirty {
  private readonly elements = new Map<SolutionName, Set<ElementName>>();
  /** How many were ever marked: the cost of a change, counted. */
  marked = 0;
  /** Elements whose health may be another one since it was last asked for. */
  private readonly unsure = new Set<ElementKey>();
  private readonly unwellElements = new Map<SolutionName, Set<ElementName>>();

  constructor(private readonly tables: Tables) {}

  get isEmpty(): boolean {
    return this.elements.size === 0;
  }

  mark(key: ElementKey): void {
    const { solution, element } = splitElementKey(key);
    const set = this.elements.get(solution);
    if (set === undefined) this.elements.set(solution, new Set([element]));
    else set.add(element);
    this.unsure.add(key);
    this.marked++;
  }

  /** Solutions of which an element is not healthy or not there yet, sorted. Looks only at what was marked since the last call. */
  unwell(isHealthy: (element: ElementState) => boolean): readonly SolutionName[] {
    for (const key of this.unsure) {
      const { solution, element } = splitElementKey(key);
      const found = this.tables.solutions.get(solution)?.elements.get(element);
      const unwell = this.unwellElements.get(solution) ?? new Set();
      if (found !== undefined && !isHealthy(found)) unwell.add(element);
      else unwell.delete(element);
      if (unwell.size > 0) this.unwellElements.set(solution, unwell);
      else this.unwellElements.delete(solution);
    }
    this.unsure.clear();
    return [...this.unwellElements.keys()].sort(byCodeUnit);
  }

  markSolution(solution: SolutionName): void {
    for (const element of this.tables.solutions.get(solution)?.elements.values() ?? [])
      this.mark(element.key);
    if (!this.elements.has(solution)) this.elements.set(solution, new Set());
  }

  /** What was seen of an element matters to those that use it. */
  markWithConsumers(key: ElementKey): void {
    this.mark(key);
    for (const consumer of this.tables.consumers.get(key) ?? []) this.mark(consumer);
  }

  /** What was first seen of an instance matters to those that it uses, too: it may have reserved them. */
  markWithNeighbours(key: ElementKey): void {
    this.markWithConsumers(key);
    for (const provider of this.tables.providers.get(key) ?? []) this.mark(provider);
  }

  /** What an entry changes for the element itself and for its neighbours. */
  markFor(solution: SolutionName, entry: SolutionEntry): void {
    for (const key of touchedBy(solution, entry)) {
      this.mark(key);
      if (concernsConsumers(entry))
        for (const consumer of this.tables.consumers.get(key) ?? []) this.mark(consumer);
      if (concernsProviders(entry))
        for (const provider of this.tables.providers.get(key) ?? []) this.mark(provider);
    }
    if (
      entry.kind.startsWith('rollout.') ||
      entry.kind.startsWith('track.') ||
      entry.kind === 'element.gone'
    ) {
      if (!this.elements.has(solution)) this.elements.set(solution, new Set());
    }
    if (concernsAll(entry)) this.markSolution(solution);
    if (entry.kind === 'rollout.planned') this.markInherited(solution);
    if (entry.kind === 'rollout.ended') this.markPutOff(solution);
    if (entry.kind.startsWith('rollout.')) this.markNeighbours(solution);
  }

  /** Whoever is to end with this rollout, and not before, has to hear what became of it. */
  private markNeighbours(solution: SolutionName): void {
    const { consumers, providers, solutions } = this.tables;
    for (const { key } of solutions.get(solution)?.elements.values() ?? [])
      for (const neighbour of [...(consumers.get(key) ?? []), ...(providers.get(key) ?? [])]) {
        const other = splitElementKey(neighbour).solution;
        const found = other === solution ? undefined : solutions.get(other);
        if (found !== undefined && isOpen(found) && !this.elements.has(other))
          this.elements.set(other, new Set());
      }
  }

  /** What stands still from now on, or goes on. */
  markForDomain(entry: DomainEntry): void {
    if (entry.kind !== 'pause.began' && entry.kind !== 'pause.ended') return;
    for (const name of solutionsUnder(entry.target, this.tables.solutions.keys())) this.markSolution(name);
  }

  /** What an older rollout of the solution had under way, or had paused, goes on in the new one. */
  private markInherited(solution: SolutionName): void {
    for (const element of this.tables.solutions.get(solution)?.elements.values() ?? [])
      if (element.track !== null && !element.track.done) this.mark(element.key);
  }

  /** What has to wait until a rollout is over: the end of a restart, and of a standby. */
  private markPutOff(solution: SolutionName): void {
    for (const element of this.tables.solutions.get(solution)?.elements.values() ?? [])
      if (element.restart != null || element.standby != null) this.mark(element.key);
  }

  /** The solutions in order, each with its elements; the set is empty afterwards. */
  take(): { readonly solution: SolutionName; readonly elements: ReadonlySet<ElementName> }[] {
    const taken = [...this.elements.entries()]
      .sort(([a], [b]) => byCodeUnit(a, b))
      .map(([solution, elements]) => ({ solution, elements }));
    this.elements.clear();
    return taken;
  }
}

/** What is to be done of all elements of the solution follows from another rule now. */
function concernsAll(entry: SolutionEntry): boolean {
  switch (entry.kind) {
    case 'rollout.phase':
    case 'rollout.heldBack':
    case 'rollout.aborted':
    case 'rollout.reverting':
    case 'solution.attached':
    case 'solution.restored':
      return true;
    case 'rollout.ended':
      // What the way back left unwell is repaired from now on.
      return entry.phase === 'blocked';
    default:
      return false;
  }
}

/** A step is another target: what lives on it may have to move, what uses it to wait. */
function concernsConsumers(entry: SolutionEntry): boolean {
  switch (entry.kind) {
    case 'rollout.planned':
    case 'rollout.aborted':
    case 'rollout.reverting':
    case 'step.begun':
    case 'solution.down':
    case 'element.whole':
    case 'element.gone':
    case 'instance.healthy':
    case 'instance.draining':
    case 'instance.observed':
    case 'operation.ended':
    case 'listener.assigned':
    case 'listener.gone':
    case 'route.ended':
      return true;
    default:
      return false;
  }
}

function concernsProviders(entry: SolutionEntry): boolean {
  switch (entry.kind) {
    case 'rollout.planned':
    case 'rollout.aborted':
    case 'rollout.reverting':
    case 'step.begun':
    case 'solution.down':
    case 'element.gone':
    case 'instance.observed':
    case 'operation.ended':
      return true;
    default:
      return false;
  }
}
