import { standbyMsOf } from '../base/canary.js';
import type { DesiredElement } from '../base/desired.js';
import { clusterFor } from '../base/desired.js';
import type { ClusterKey } from '../base/names.js';
import { splitInstanceId } from '../base/names.js';
import { byCodeUnit } from '../base/order.js';
import { safe } from '../base/safe-text.js';
import type { Draft } from './draft.js';
import { wake } from './draft.js';
import type { SolutionEntry } from './entries.js';
import type { Facts } from './facts.js';
import type { ClusterState, ElementState, InstanceState } from './state.js';
import { finalOf } from './steps.js';

/** Named before anything of it is stopped; null: there is nothing to keep, or it has its name already. */
export function standbyToBegin(element: ElementState): SolutionEntry | null {
  const final = finalOf(element);
  if (final === null || standbyMsOf(final.rollout) === 0) return null;
  const [cluster] = [...element.clusters.values()]
    .filter((candidate) => served(candidate, final))
    .sort((a, b) => activeIn(b) - activeIn(a) || byCodeUnit(a.key, b.key));
  if (cluster === undefined || isNamed(element, cluster.key)) return null;
  return { kind: 'standby.began', element: element.name, cluster: cluster.key, size: element.wholeSize };
}

function served(cluster: ClusterState, final: DesiredElement): boolean {
  const isWanted = final.clusters.some(({ key, state }) => key === cluster.key && state === 'active');
  return !isWanted && cluster.everStable && activeIn(cluster) > 0;
}

function activeIn({ instances }: ClusterState): number {
  return [...instances.values()].filter(({ lifecycle }) => lifecycle === 'active').length;
}

function isNamed({ standby }: ElementState, key: ClusterKey): boolean {
  return standby?.cluster === key && standby.isOver !== true;
}

/**
 * The instance stays, stopped. What was lost or is broken is not made anew for it, and it goes with the instance that it
 * lives on.
 */
export function isOnStandby(element: ElementState, instance: InstanceState, facts: Facts): boolean {
  const { standby, target } = element;
  if (standby == null || target === null || standbyMsOf(target.rollout) === 0) return false;
  if (!isNamed(element, instance.cluster) || instance.ordinal >= standby.size) return false;
  const isThere = instance.lifecycle === 'active' || instance.lifecycle === 'inactive';
  return isThere && !losesContext(instance, facts);
}

function losesContext({ runtime }: InstanceState, facts: Facts): boolean {
  return Object.values(runtime?.placement ?? {}).some((on) => {
    const parts = splitInstanceId(on);
    const target = parts === null ? null : (facts.element(parts.element)?.target ?? null);
    return parts === null || clusterFor(target, parts.cluster, parts.ordinal)?.state !== 'active';
  });
}

/** Was on standby, and may go whatever is wanted of repair: its time is over. */
export function isPastStandby({ standby }: ElementState, instance: InstanceState): boolean {
  if (standby?.isOver !== true || standby.cluster !== instance.cluster) return false;
  return instance.ordinal < standby.size && instance.lifecycle !== 'active';
}

/** When the standby ends by itself, milliseconds since 1970; null: there is none, or its time has not begun. */
export function standbyUntil({ standby, target, track }: ElementState): number | null {
  if (standby == null || standby.isOver === true || target === null) return null;
  if (track !== null && !track.done) return null;
  return standby.sinceWallMs + standbyMsOf(target.rollout);
}

/** The clock of the wall may be set meanwhile: it is looked at again after so many milliseconds. */
const longestSleepMs = 60_000;

/** Ends the standby when its time has come. */
export function decideStandbyEnd(element: ElementState, facts: Facts, draft: Draft): void {
  const until = standbyUntil(element);
  const wallMs = facts.wallNow?.();
  if (until === null || wallMs === undefined) return;
  if (wallMs < until) return wake(draft, facts.now + Math.min(until - wallMs, longestSleepMs));
  draft.entries.push({ kind: 'standby.ended', element: element.name, reason: safe('its time is over') });
}

/** The time counts from when everything else was done; who serves again is on standby no more. */
export function standbyAfterRollout(element: ElementState, wallMs: number): Pick<ElementState, 'standby'> {
  const { standby, target } = element;
  if (standby == null) return {};
  const serves = target?.clusters.some(({ key, state }) => key === standby.cluster && state === 'active');
  return serves === true || standby.isOver === true
    ? { standby: null }
    : { standby: { ...standby, sinceWallMs: wallMs } };
}
