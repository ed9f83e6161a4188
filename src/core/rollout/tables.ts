import { sortedBy } from '../base/order.js';
import type { DomainName, ElementKey, ElementName, InstanceId, SolutionName } from '../base/names.js';
import { elementKey, listenerName, splitElementKey, splitInstanceId } from '../base/names.js';
import type { SolutionEntry } from './entries.js';
import type { Place } from './place.js';
import { emptySolution, evolve } from './evolve.js';
import { findInstance } from './find.js';
import type { ElementState, InstanceState, SolutionState } from './state.js';

/** All solutions of a domain, with the indexes that keep the cost of a decision at its neighbours. */
export interface Tables {
  readonly domain: DomainName;
  readonly solutions: Map<SolutionName, SolutionState>;
  /** Provider → its consumers, and back. */
  readonly consumers: Map<ElementKey, Set<ElementKey>>;
  readonly providers: Map<ElementKey, readonly ElementKey[]>;
  /** Instance → how many were placed on it. */
  readonly dependents: Map<InstanceId, number>;
  /** Port → who has it. */
  readonly ports: Map<number, string>;
}

export function emptyTables(domain: DomainName): Tables {
  return {
    domain,
    solutions: new Map(),
    consumers: new Map(),
    providers: new Map(),
    dependents: new Map(),
    ports: new Map(),
  };
}

/** Applies one entry and keeps the indexes true. */
export function evolveTables(tables: Tables, name: SolutionName, entry: SolutionEntry, place: Place): void {
  const before = tables.solutions.get(name) ?? emptySolution(name);
  switch (entry.kind) {
    case 'solution.restored': {
      for (const element of before.elements.values()) dropElement(tables, element);
      const after = evolve(before, entry, place);
      tables.solutions.set(name, after);
      for (const element of after.elements.values()) addElement(tables, element);
      return;
    }
    case 'instance.assigned':
    case 'operation.ended': {
      const instance = instanceIn(before, entry.instance);
      if (instance !== null) countInstance(tables, instance, -1);
      tables.solutions.set(name, evolve(before, entry, place));
      const after = instanceIn(before, entry.instance);
      if (after !== null) countInstance(tables, after, 1);
      return;
    }
    case 'listener.assigned':
    case 'listener.gone': {
      const port = before.elements.get(entry.element)?.listeners.get(entry.binding)?.port;
      const holder = listenerName(elementKey(name, entry.element), entry.binding);
      if (port !== undefined) freePort(tables, port, holder);
      tables.solutions.set(name, evolve(before, entry, place));
      if (entry.kind === 'listener.assigned') tables.ports.set(entry.port, holder);
      return;
    }
    case 'rollout.planned':
    case 'rollout.aborted':
    case 'rollout.reverting':
    case 'solution.down': {
      const after = evolve(before, entry, place);
      tables.solutions.set(name, after);
      for (const element of Object.keys(entry.targets) as ElementName[]) widen(tables, after, element);
      return;
    }
    case 'rollout.ended':
      tables.solutions.set(name, evolve(before, entry, place));
      for (const element of before.elements.keys()) reindex(tables, before, element);
      return;
    case 'element.gone':
      tables.solutions.set(name, evolve(before, entry, place));
      reindex(tables, before, entry.element);
      return;
    default:
      tables.solutions.set(name, evolve(before, entry, place));
  }
}

function elementOf(id: InstanceId, solution: SolutionName): ElementName {
  return (splitInstanceId(id)?.element.slice(solution.length + 1) ?? '') as ElementName;
}

function instanceIn(solution: SolutionState, id: InstanceId): InstanceState | null {
  const element = solution.elements.get(elementOf(id, solution.name));
  return element === undefined ? null : (findInstance(element, id)?.instance ?? null);
}

function countInstance(tables: Tables, instance: InstanceState, by: 1 | -1): void {
  for (const on of Object.values(instance.runtime?.placement ?? {})) {
    const count = (tables.dependents.get(on) ?? 0) + by;
    if (count <= 0) tables.dependents.delete(on);
    else tables.dependents.set(on, count);
  }
  const port = instance.runtime?.port ?? null;
  if (port === null) return;
  if (by === 1) tables.ports.set(port, instance.id);
  else freePort(tables, port, instance.id);
}

/** An exposed port may have gone over to another element before the former one let it go. */
function freePort(tables: Tables, port: number, holder: string): void {
  if (tables.ports.get(port) === holder) tables.ports.delete(port);
}

function addElement(tables: Tables, element: ElementState): void {
  index(tables, element.key, providersOf(element));
  for (const listener of element.listeners.values())
    tables.ports.set(listener.port, listenerName(element.key, listener.binding));
  for (const cluster of element.clusters.values())
    for (const instance of cluster.instances.values()) countInstance(tables, instance, 1);
}

function dropElement(tables: Tables, element: ElementState): void {
  index(tables, element.key, []);
  for (const listener of element.listeners.values())
    freePort(tables, listener.port, listenerName(element.key, listener.binding));
  for (const cluster of element.clusters.values())
    for (const instance of cluster.instances.values()) countInstance(tables, instance, -1);
}

function reindex(tables: Tables, solution: SolutionState, name: ElementName): void {
  const element = solution.elements.get(name);
  index(tables, `${solution.name}/${name}` as ElementKey, element === undefined ? [] : providersOf(element));
}

/** Former providers stay until the rollout ends: they have to hear that they are not needed any more. */
function widen(tables: Tables, solution: SolutionState, name: ElementName): void {
  const key = `${solution.name}/${name}` as ElementKey;
  const element = solution.elements.get(name);
  const providers = new Set(tables.providers.get(key) ?? []);
  for (const provider of element === undefined ? [] : providersOf(element)) providers.add(provider);
  index(
    tables,
    key,
    sortedBy(providers, (provider) => provider),
  );
}

function providersOf(element: ElementState): ElementKey[] {
  const providers = new Set<ElementKey>();
  for (const cluster of element.clusters.values()) {
    for (const relationship of cluster.definition.relationships) providers.add(relationship.provider);
  }
  return sortedBy(providers, (key) => key);
}

function index(tables: Tables, consumer: ElementKey, providers: readonly ElementKey[]): void {
  for (const provider of tables.providers.get(consumer) ?? [])
    tables.consumers.get(provider)?.delete(consumer);
  if (providers.length === 0) tables.providers.delete(consumer);
  else tables.providers.set(consumer, providers);
  for (const provider of providers) {
    const consumers = tables.consumers.get(provider);
    if (consumers === undefined) tables.consumers.set(provider, new Set([consumer]));
    else consumers.add(consumer);
  }
}

export function elementAt(tables: Tables, key: ElementKey): ElementState | null {
  const { solution, element } = splitElementKey(key);
  return tables.solutions.get(solution)?.elements.get(element) ?? null;
}
