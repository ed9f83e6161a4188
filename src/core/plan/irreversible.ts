import type { DesiredElement } from '../base/desired.js';
import type { ComponentName, DomainName, ElementKey } from '../base/names.js';
import type { Version } from '../base/version.js';
import { compareVersions } from '../base/version.js';
import type { Hold } from './types.js';

/** The highest version of which an instance was started and that says `revertible: false`. */
export interface PointOfNoReturn {
  readonly component: ComponentName;
  readonly version: Version;
}

/** A way down from such a version. */
export interface WayDown {
  readonly element: ElementKey;
  readonly from: Version;
  readonly to: Version;
}

/** Null: it stays above, goes to another component, or goes altogether. */
export function wayDown(
  target: DesiredElement | null,
  point: PointOfNoReturn | null | undefined,
): WayDown | null {
  if (target === null || point == null) return null;
  const versions = target.clusters
    .filter(({ state, definition }) => state !== 'initial' && definition.component === point.component)
    .map(({ definition }) => definition.version)
    .sort(compareVersions);
  const to = versions.at(-1);
  if (to === undefined || compareVersions(to, point.version) >= 0) return null;
  return { element: target.key, from: point.version, to };
}

export function describeWays(ways: readonly WayDown[]): string {
  return ways
    .map(({ element, from, to }) => `${element} from ${from} to ${to} (${from} says revertible: false)`)
    .join(', ');
}

/** A commit that leads down from there. */
export function irreversibleHold(domain: DomainName, ways: readonly WayDown[]): Hold {
  return {
    id: 'plan.irreversible',
    code: 'plan.irreversible',
    reason: `this commit leads down from a version that was started and cannot be undone by starting another: ${describeWays(ways)}`,
    releasedBy: 'a commit with a higher version, or an operator',
    command: `heliostat approve plan.irreversible --domain ${domain} --reason TEXT`,
  };
}
