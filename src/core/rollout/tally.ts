import { splitElementKey } from '../base/names.js';
import { satisfies } from '../base/version.js';
import { bindingFloorOf, ceilingOf, floorOf, isRecreate, sizesOf } from './amounts.js';
import type { Facts } from './facts.js';
import { unreadyContext, unreadyService } from './needs.js';
import { reservations } from './reservation.js';
import type { ClusterState, ElementState } from './state.js';
import { standsTwice } from './side-by-side.js';
import type { ElementView, InstanceView } from './view.js';
import { countHealthy, countHealthyInRange, countLive, isUnjudged } from './view.js';

/** Running totals of one decision: each action that is taken is counted before the next one is judged. */
export interface Tally {
  live: number;
  healthy: number;
  /** Live, or on the way there: what the ceiling will have to bear. */
  committed: number;
  readonly ceiling: number;
  /** Everything old goes before anything new starts. */
  readonly isRecreate: boolean;
  floor: number;
  /** Of the live ones, those that leave: room that will be free. */
  goingDown: number;
  /** Left the rotation in this very decision. */
  readonly leaving: Set<InstanceView>;
  /** Begun to start in this very decision. */
  readonly starting: Set<InstanceView>;
  /** On their way down to come back, for repair or with another configuration. */
  restarting: number;
}

export function tallyOf(view: ElementView, facts: Facts): Tally {
  const exempt = view.instances.filter((instance) => isStuck(instance, view, facts)).length;
  const held = view.instances.filter(
    ({ live, wanted, state }) => live && wanted !== 'active' && facts.dependents(state.id) > 0,
  ).length;
  const isContextUpgrade = held > 0;
  const { whole, next } = sizesOf(view.element);
  return {
    live: countLive(view) - exempt,
    healthy: countHealthy(view),
    committed: view.instances.filter(isCommitted).length - exempt,
    // What lives on the old ones is made anew on the new ones, so both have to stand for a while;
    // after several upgrades in a row there may be more old ones than the element ever had.
    ceiling:
      isContextUpgrade || standsTwice(view.element, facts)
        ? Math.max(ceilingOf(view.element), Math.max(whole, held - exempt) + next)
        : ceilingOf(view.element),
    isRecreate: isRecreate(view.element.target) && !isContextUpgrade,
    floor: floorOf(view.element, view.whole),
    goingDown: view.instances.filter(isGoingDown).length,
    leaving: new Set(),
    starting: new Set(),
    restarting: view.instances.filter(
      (instance) =>
        instance.isNew && (isGoingDown(instance) || instance.state.operation?.transition === 'reset'),
    ).length,
  };
}

/** Left behind, not wanted any more, and may not go because of those that use it: it must not block its successor. */
export function isStuck(instance: InstanceView, view: ElementView, facts: Facts): boolean {
  const { cluster, live, state } = instance;
  const isDesired = view.element.target?.clusters.some((desired) => desired.key === cluster.key) ?? false;
  if (!live || isDesired || !isLeftBehind(cluster, view.element, facts)) return false;
  if (facts.dependents(state.id) > 0) return true;
  return instance.healthy && !bindingsHold(view, instance, new Set(), facts);
}

/** Never whole; or whole in a rollout that was overtaken, so that nobody goes back to it. */
function isLeftBehind(
  { key, everStable }: ClusterState,
  { key: element, name }: ElementState,
  facts: Facts,
): boolean {
  if (!everStable) return true;
  const before = facts.solution?.(splitElementKey(element).solution)?.former[name] ?? null;
  return before !== null && !before.clusters.some((cluster) => cluster.key === key);
}

function isCommitted(instance: InstanceView): boolean {
  return instance.live || (instance.wanted === 'active' && instance.state.runtime !== null);
}

function isGoingDown({ live, state }: InstanceView): boolean {
  return live && (state.draining !== null || state.operation?.transition === 'stop');
}

/** Start if live ≤ ceiling after it; with `recreate` only when nothing old is live. */
export function mayStart(view: ElementView, tally: Tally): boolean {
  if (tally.live + 1 > tally.ceiling) return false;
  return !tally.isRecreate || !view.instances.some((other) => other.live && other.wanted !== 'active');
}

/** The floor is checked when an instance leaves the rotation; its stop then follows unconditionally. */
export function mayLeave(view: ElementView, instance: InstanceView, tally: Tally, facts: Facts): boolean {
  if (facts.dependents(instance.state.id) > 0 || isUnjudged(instance)) return false;
  const floor = instance.moves ? relaxed(tally.floor, view) : tally.floor;
  if (!instance.healthy) return tally.healthy >= floor || successorMayStart(view, tally, facts);
  return tally.healthy - 1 >= floor && bindingsHold(view, instance, tally.leaving, facts);
}

/** Where surge cannot help, at least one may be unavailable. */
function relaxed(floor: number, view: ElementView): number {
  const least = view.element.target?.rollout.allowDowntime === true ? 0 : 1;
  const { whole, next } = sizesOf(view.element);
  return Math.min(floor, Math.max(least, Math.min(whole, next) - 1));
}

/** One goes for one that comes: more successors could start at once than there is, or will be, room for. */
function successorMayStart(view: ElementView, tally: Tally, facts: Facts): boolean {
  const room = Math.max(0, tally.ceiling - tally.live + tally.goingDown);
  return view.instances.filter((other) => couldStart(other, tally, facts)).length > room;
}

function couldStart(instance: InstanceView, tally: Tally, facts: Facts): boolean {
  const { state, cluster } = instance;
  return (
    instance.isNew &&
    !instance.live &&
    !tally.starting.has(instance) &&
    state.lifecycle === 'inactive' &&
    state.ready &&
    state.operation === null &&
    state.trouble === null &&
    unreadyService(cluster, facts) === null &&
    unreadyContext(state, cluster, facts) === null
  );
}

/** Every live consumer cluster keeps its floor of healthy backends in its range. */
function bindingsHold(
  view: ElementView,
  instance: InstanceView,
  leaving: ReadonlySet<InstanceView>,
  facts: Facts,
): boolean {
  const strict = bindingFloorOf(view.element);
  const floor = instance.moves ? relaxed(strict, view) : strict;
  return bindingsHoldAt(floor, view, instance, { leaving, facts });
}

function bindingsHoldAt(
  floor: number,
  view: ElementView,
  instance: InstanceView,
  { leaving, facts }: { readonly leaving: ReadonlySet<InstanceView>; readonly facts: Facts },
): boolean {
  const { version } = instance.cluster.definition;
  for (const key of facts.consumers(view.element.key)) {
    const consumer = facts.element(key);
    const reserved = consumer === null ? [] : reservations(consumer, view.element.key, version, facts);
    for (const { range } of reserved) {
      const left = [...leaving].filter(
        (other) => other.healthy && satisfies(other.cluster.definition.version, range),
      );
      if (countHealthyInRange(view, range) - left.length - 1 < floor) return false;
    }
  }
  return true;
}

/** An interrupting change of configuration counts as unavailable: at least one always may be, the only one too. */
export function mayInterrupt(view: ElementView, instance: InstanceView, tally: Tally, facts: Facts): boolean {
  if (facts.dependents(instance.state.id) > 0 || isUnjudged(instance)) return false;
  // What does not serve need not stay for the floor; but no two at once, or a bad probe would stop all of them.
  if (!instance.healthy) return tally.restarting === 0;
  const floor = Math.min(tally.floor, Math.max(0, view.element.wholeSize - 1));
  const strict = bindingFloorOf(view.element);
  return (
    tally.healthy - 1 >= floor &&
    bindingsHoldAt(Math.min(strict, floor), view, instance, { leaving: tally.leaving, facts })
  );
}
