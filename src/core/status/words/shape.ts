import { splitElementKey, type SolutionName } from '../../base/names.js';
import { compareVersions } from '../../base/version.js';
import type { Change, ClusterShape, ElementShape } from '../../plan/types.js';
import { printable } from '../../base/printable.js';
import { count, groupBy } from '../../base/words.js';

/** `1.4.0 (3 instances)`; several clusters side by side joined by `+`. */
export function shapeText(shape: ElementShape): string {
  if (shape.clusters.length === 0) return count(shape.size, 'instance');
  return shape.clusters.map(clusterText).join(' + ');
}

function clusterText(cluster: ClusterShape): string {
  return `${printable(cluster.version)} (${count(cluster.size, 'instance')}${parked(cluster)})`;
}

/** `1.4.0 → 1.5.0 (2 → 3 instances)`: what stays the same stands once. */
export function transitionText(before: ElementShape, after: ElementShape): string {
  const [old, oldRest] = [before.clusters[0], before.clusters.length - 1];
  const [young, youngRest] = [after.clusters[0], after.clusters.length - 1];
  if (old === undefined || young === undefined || oldRest > 0 || youngRest > 0 || old.state !== young.state) {
    return arrow(shapeText(before), shapeText(after));
  }
  const size =
    old.size === young.size
      ? count(young.size, 'instance')
      : `${old.size} → ${count(young.size, 'instance')}`;
  return `${arrow(printable(old.version), printable(young.version))} (${size}${parked(young)})`;
}

function parked(cluster: ClusterShape): string {
  return cluster.state === 'active'
    ? ''
    : `, ${cluster.state === 'initial' ? 'not installed' : 'not started'}`;
}

export function arrow(before: string, after: string): string {
  return before === after ? after : `${before} → ${after}`;
}

/** A forward step to a lower version: rare, and worth a second look. */
export function isDowngrade(change: Change): boolean {
  const before = highest(change.before);
  const after = highest(change.after);
  return before !== null && after !== null && compareVersions(after, before) < 0;
}

function highest(shape: ElementShape | null): ClusterShape['version'] | null {
  const versions = (shape?.clusters ?? []).map((cluster) => cluster.version);
  return versions.reduce<ClusterShape['version'] | null>(
    (best, version) => (best === null || compareVersions(version, best) > 0 ? version : best),
    null,
  );
}

type Bond = ElementShape['ranges'][number];

/** `uses store >=1.2 <3`: only the relationships that differ. */
export function bondLines(change: Change): string[] {
  const solution = splitElementKey(change.element).solution;
  const before = bonds(change.before);
  const after = bonds(change.after);
  const text = (some: readonly Bond[]) => providerText(some, solution);
  const lines: string[] = [];
  for (const [name, some] of after) {
    const old = before.get(name);
    if (old === undefined) lines.push(`+ uses ${text(some)}`);
    else if (text(old) !== text(some)) lines.push(`~ uses ${text(old)} → ${text(some)}`);
  }
  for (const [name, some] of before) if (!after.has(name)) lines.push(`- uses ${text(some)}`);
  return lines;
}

/** By relationship and provider; clusters side by side may ask for several ranges of one. */
function bonds(shape: ElementShape | null): Map<string, Bond[]> {
  return groupBy(shape?.ranges ?? [], (bond) => `${bond.relationship}\0${bond.provider}`);
}

/** An element of the same solution goes by its own name. */
function providerText(some: readonly Bond[], solution: SolutionName): string {
  const [bond] = some;
  if (bond === undefined) return '';
  const provider = splitElementKey(bond.provider);
  const name = provider.solution === solution ? provider.element : bond.provider;
  return `${printable(name)} ${some.map((each) => printable(each.range)).join(' and ')}`;
}
