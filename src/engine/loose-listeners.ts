import { routeKey, splitElementKey, splitRouteKey } from '../core/base/names.js';
import { byCodeUnit } from '../core/base/order.js';
import { safe } from '../core/base/safe-text.js';
import type { Item } from '../core/journal/entry.js';
import { inSolution } from '../core/journal/entry.js';
import type { ElementState } from '../core/rollout/state.js';
import { elementAt } from '../core/rollout/tables.js';
import { cancelSource } from '../ports/clock.js';
import type { Core } from './core.js';
import { within } from './deadline.js';
import type { EngineEvent } from './inbox.js';
import { lookIntervalMs } from './orphans.js';

const lookMs = 1_000;
const listTimeoutMs = 15_000;

/**
 * The router's table against ours, asked for once a minute. Listeners that it still has and the state has not are let go
 * of once more, so that no port stays taken for ever: the order to do so has failed, was lost in a crash, or was of a
 * memory that is gone. Listeners that it has lost are told to it anew. Looked for when nothing is under way: until then a
 * listener that a lost memory does not know may be wanted again. Those of a solution that nobody remembers are orphans: a
 * person says whether they may go, as of instances that nothing accounts for; what is under way may wait for their ports.
 */
export class LooseListeners {
  /** Those that were to be let go of, and were not, or nobody knows. */
  private readonly left = new Set<string>();
  private pauseMs = lookMs;
  private askedAt: number | null = null;
  /** Of no solution that is known, when the router was asked last. */
  private suspects: ReadonlySet<string> = new Set();
  private found: readonly string[] = [];

  constructor(private readonly core: Core) {}

  start(): void {
    this.lookIn(lookMs);
  }

  /** Keys of listeners of solutions that nobody remembers, seen twice; sorted. */
  get orphaned(): readonly string[] {
    return this.found;
  }

  /** How an order to let go of one has ended. */
  released(key: string, isDone: boolean): void {
    if (isDone) this.found = this.found.filter((each) => each !== key);
    if (!isDone) {
      this.left.add(key);
      if (this.core.alarms.isSet('unroute')) return;
      this.core.alarms.set('unroute', this.core.ports.clock.monoMs() + this.pauseMs);
      this.pauseMs = Math.min(2 * this.pauseMs, lookIntervalMs);
    } else if (this.left.delete(key) && this.left.size === 0) this.pauseMs = lookMs;
  }

  /** The pause after a failure is over. What we have let go of ourselves is not wanted, whatever else is under way. */
  again(): void {
    this.core.inbox.push({ kind: 'routes', keys: [...this.left], extent: 'some' });
  }

  /** The alarm rang. */
  look(isSettled: boolean): void {
    const now = this.core.ports.clock.monoMs();
    this.lookIn(isSettled ? lookIntervalMs : lookMs);
    if (!isSettled && now - (this.askedAt ?? now - lookIntervalMs) < lookIntervalMs) return;
    this.askedAt = now;
    void this.ask(isSettled ? 'all' : 'allWhileUnderWay');
  }

  private lookIn(ms: number): void {
    this.core.alarms.set('listeners', this.core.ports.clock.monoMs() + ms);
  }

  private async ask(extent: 'all' | 'allWhileUnderWay'): Promise<void> {
    const { inbox, ports, world } = this.core;
    const { gateway } = ports.providers;
    try {
      const keys = await within(
        ports.clock,
        listTimeoutMs,
        cancelSource(),
        async () => (await gateway.routes?.(`${world.domainId}:`)) ?? null,
      );
      if (keys !== null) inbox.push({ kind: 'routes', keys, extent });
    } catch (error) {
      const what = error instanceof Error ? error.message : String(error);
      ports.log.write('warn', ports.redact(`the router does not say what it listens on: ${what}`));
    }
  }

  items({ keys, extent }: Extract<EngineEvent, { kind: 'routes' }>): Item[] {
    if (extent !== 'some') this.noteOrphaned(keys);
    if (extent === 'allWhileUnderWay') return [];
    const isAll = extent === 'all';
    // What is wanted again meanwhile was told anew, and waits for nothing.
    for (const key of this.left) if (this.loose(key) === null) this.left.delete(key);
    const loose = keys.filter((key) => !isAll || !this.left.has(key)).map((key) => this.loose(key));
    return [...loose.filter((item) => item !== null), ...(isAll ? this.lost(new Set(keys)) : [])];
  }

  /** Seen twice: at the first look its solution may not have been planned yet. */
  private noteOrphaned(keys: readonly string[]): void {
    const { alarms, ports, state } = this.core;
    const orphaned = keys.filter((key) => {
      const element = splitRouteKey(key)?.element;
      return element !== undefined && !state.tables.solutions.has(splitElementKey(element).solution);
    });
    const found = orphaned.filter((key) => this.suspects.has(key)).sort(byCodeUnit);
    this.suspects = new Set(orphaned);
    if (found.join() === this.found.join()) return;
    this.found = found;
    alarms.set('orphans', ports.clock.monoMs());
  }

  /** Null: it is wanted; or its solution is one that nobody remembers, or that was let go, and so none of ours. */
  private loose(key: string): Item | null {
    const listener = splitRouteKey(key);
    if (listener === null) return null;
    const { element, binding } = listener;
    const { solution, element: name } = splitElementKey(element);
    const { tables } = this.core.state;
    const known = tables.solutions.get(solution);
    if (known === undefined || known.detached) return null;
    if (elementAt(tables, element)?.listeners.has(binding) === true) return null;
    return inSolution(solution, { kind: 'listener.gone', element: name, binding });
  }

  /** Of what the router was told and has answered for. */
  private lost(keys: ReadonlySet<string>): Item[] {
    const { state, world } = this.core;
    const items: Item[] = [];
    for (const { name, detached, elements } of state.tables.solutions.values())
      for (const element of detached ? [] : elements.values())
        for (const { binding, backends, pending, failure } of element.listeners.values()) {
          if (backends === null || pending !== null || failure !== null) continue;
          if (keys.has(routeKey(world.domainId, element.key, binding)) || this.isRoutedElsewhere(element))
            continue;
          const lost = safe('the router has it no more');
          items.push(
            inSolution(name, { kind: 'route.ended', element: element.name, binding, failure: lost }),
          );
        }
    return items;
  }

  private isRoutedElsewhere(element: ElementState): boolean {
    const { providers } = this.core.ports;
    return [...element.clusters.values()].some(
      ({ definition }) =>
        providers.get(definition.provider)?.manifest.capabilities.includes('route') === true,
    );
  }
}
