import type { Json } from '../base/data.js';
import { equalData } from '../base/data.js';
import type { DesiredElement, RolloutPolicy } from '../base/desired.js';
import { activeSize } from '../base/desired.js';
import { byCodeUnit } from '../base/order.js';
import { plainOf } from '../base/template.js';
import type { Action, Change, ElementShape, ValueChange } from './types.js';

/** What has to happen to one element; null where nothing does. */
export function changeOf(before: DesiredElement | null, after: DesiredElement | null): Change | null {
  if (before === null && after === null) return null;
  if (before !== null && after !== null && before.digest === after.digest) return null;
  const shown = (after ?? before) as DesiredElement;
  const action = actionOf(before, after);
  return {
    element: shown.key,
    action,
    before: before && shapeOf(before),
    after: after && shapeOf(after),
    values: before !== null && after !== null ? valueChanges(before, after) : [],
    reason: reasonOf(action, before, after),
    position: shown.position,
    destroysData: sizeOf(after) < sizeOf(before),
  };
}

export function shapeOf(element: DesiredElement): ElementShape {
  return {
    component: element.component,
    digest: element.digest,
    size: activeSize(element),
    clusters: element.clusters.map((cluster) => ({
      key: cluster.key,
      version: cluster.definition.version,
      state: cluster.state,
      size: cluster.size,
    })),
    ranges: rangesOf(element),
  };
}

function rangesOf(element: DesiredElement): ElementShape['ranges'] {
  const [only, ...others] = element.clusters;
  if (only === undefined) return [];
  const first = rangesIn(only);
  // Nearly always there is one cluster, whose relationships stand in their order already.
  if (
    others.length === 0 &&
    first.every((range, i) => i === 0 || rangeKey(first[i - 1] as Range) < rangeKey(range))
  )
    return first;
  const unique = new Map([...first, ...others.flatMap(rangesIn)].map((range) => [rangeKey(range), range]));
  return [...unique.keys()].sort(byCodeUnit).map((key) => unique.get(key) as Range);
}

type Range = ElementShape['ranges'][number];

function rangesIn({ definition }: DesiredElement['clusters'][number]): Range[] {
  return definition.relationships.map(({ name, provider, range }) => ({
    relationship: name,
    provider,
    range,
  }));
}

function rangeKey({ relationship, provider, range }: Range): string {
  return `${relationship}\n${provider}\n${range}`;
}

function sizeOf(element: DesiredElement | null): number {
  return (element?.clusters ?? []).reduce(
    (sum, cluster) => sum + (cluster.state === 'initial' ? 0 : cluster.size),
    0,
  );
}

function actionOf(before: DesiredElement | null, after: DesiredElement | null): Action {
  if (before === null) return 'create';
  if (after === null) return 'retire';
  if (!equalData(versions(before), versions(after)) || before.component !== after.component) return 'update';
  if (!equalData(keys(before), keys(after))) return 'replace';
  if (!equalData(sizes(before), sizes(after))) return 'scale';
  return 'reconfigure';
}

function versions(element: DesiredElement): string[] {
  return element.clusters.map((cluster) => cluster.definition.version).sort();
}

function keys(element: DesiredElement): string[] {
  return element.clusters.map((cluster) => cluster.key).sort();
}

function sizes(element: DesiredElement): string[] {
  return element.clusters
    .map((cluster) => `${cluster.key} ${cluster.state} ${cluster.size} ${cluster.weight}`)
    .sort();
}

function reasonOf(action: Action, before: DesiredElement | null, after: DesiredElement | null): string {
  switch (action) {
    case 'create':
      return 'is new in the model';
    case 'retire':
      return 'is no longer in the model';
    case 'update':
      return `version ${list(before)} → ${list(after)}`;
    case 'replace':
      return 'a change that running instances cannot take over: new instances beside the old ones';
    case 'scale':
      return `size ${activeSize(before)} → ${activeSize(after)}`;
    default:
      return 'changed in place, no new instances';
  }
}

function list(element: DesiredElement | null): string {
  return element === null ? '' : versions(element).join(', ');
}

/** Values of the configuration in effect, and of how it is run, that differ. */
function valueChanges(before: DesiredElement, after: DesiredElement): ValueChange[] {
  const old = valuesOf(before);
  const next = valuesOf(after);
  const paths = [...new Set([...old.keys(), ...next.keys()])].sort(byCodeUnit);
  return paths.flatMap((path) =>
    equalData(old.get(path), next.get(path)) ? [] : [{ path, before: old.get(path), after: next.get(path) }],
  );
}

function valuesOf(element: DesiredElement): Map<string, Json> {
  const values = new Map<string, Json>();
  const cluster = element.clusters.find((candidate) => candidate.state === 'active') ?? element.clusters[0];
  if (cluster !== undefined) flatten('configuration', plainOf(cluster.definition.configuration), values);
  if (cluster !== undefined) flatten('health', cluster.definition.health as Json, values);
  flatten('rollout', policyValues(element.rollout), values);
  values.set('repair', element.repair);
  if (element.expose !== null) values.set('expose.port', element.expose.port);
  return values;
}

/** Steps by their number and gates by their name, so that a change within one of them is told alone. */
function policyValues({ canary, ...others }: RolloutPolicy): Json {
  const steps = (canary ?? []).map(({ share, pauseMs, gates }, i) => {
    const byName = Object.fromEntries(gates.map(({ name, ...gate }) => [name, gate]));
    return [String(i + 1), { [share.kind]: share.value, pauseMs, gates: byName }] as const;
  });
  return { ...others, canary: Object.fromEntries(steps) } as unknown as Json;
}

function flatten(path: string, value: Json, into: Map<string, Json>): void {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    for (const [key, member] of Object.entries(value)) flatten(`${path}.${key}`, member, into);
  } else into.set(path, value);
}
