import type { Json } from '../../../core/base/data.js';
import { unavailable, type UnavailablePart } from '../../../core/model/unavailable.js';
import { baseModel, domainFile, labFile, shopFile, withValue } from './base-model.js';
import type { Chain, Step } from './cases.js';

/** Where each part of a document stands in the base model. */
const places: Readonly<Record<UnavailablePart, { readonly file: string; readonly path: readonly string[] }>> =
  {
    domain: { file: domainFile, path: [] },
    component: { file: labFile, path: [] },
    dependency: { file: labFile, path: ['dependencies', 'store'] },
    solution: { file: shopFile, path: [] },
    element: { file: shopFile, path: ['elements', 'api'] },
  };

/** What people would write there, going by the plan of the format. */
const anything: readonly Json[] = ['inPlace', 'retain', true, false];

/** What the format will mean one day is refused by its name, never ignored. */
export function refusals(): Chain[] {
  return (Object.keys(places) as UnavailablePart[]).map((part) => ({
    name: `${part}: what is not in this release`,
    field: part,
    steps: unavailable[part].flatMap((feature) => stepsOf(part, feature)),
  }));
}

function stepsOf(
  part: UnavailablePart,
  feature: { readonly key: string; readonly refuses?: (value: Json) => boolean },
): Step[] {
  const { file, path } = places[part];
  const { key, refuses } = feature;
  const values = refuses === undefined ? ['anything', { a: 1 }] : anything.filter(refuses);
  return values.map((value) => ({
    label: `${key}: ${JSON.stringify(value)}`,
    model: withValue(baseModel(), file, [...path, key], value),
    expect: 'feature.unavailable',
  }));
}
