import type { JsonMap } from '../../../core/base/data.js';
import { rolloutSites } from './rollout-sites.js';
import { durations, to, type Sites } from './site.js';

const network: JsonMap = { dependency: 'network', element: 'net', solution: 'base' };

/** The fields of a relationship stand in two places, and mean the same in both. */
function relationshipSites(path: string, at: string): Sites {
  return {
    [path]: {
      at: `${at}/net`,
      values: [to('store', 'rejected'), to('nobody', 'rejected')],
      but: { removed: 'relationship.missing' },
    },
    [`${path}.dependency`]: {
      at: `${at}/net/dependency`,
      values: [to('store', 'rejected'), to('nothing', 'relationship.dependency')],
      but: { removed: 'relationship.dependency' },
    },
    [`${path}.element`]: { at: `${at}/net/element`, values: [to('nobody', 'relationship.element')] },
    [`${path}.solution`]: {
      at: `${at}/net/solution`,
      values: [to('nowhere', 'relationship.solution'), to('shop', 'relationship.element')],
      but: { removed: 'relationship.element' },
    },
    [`${path}.configuration`]: {
      at: `${at}/net/configuration`,
      values: [to({ topic: 'a' }, 'feature.unavailable')],
      but: { empty: 'feature.unavailable' },
    },
  };
}

const sizes = (): readonly ReturnType<typeof to>[] => [to(1), to(3), to(24)];

const missing = { removed: 'relationship.missing', empty: 'relationship.missing' } as const;

const api = 'elements/api';
const cluster = 'elements/lab/clusters/1.0.0-dev.1';

export const solutionSites: Sites = {
  apiVersion: { values: [to('heliostat/v0', 'rejected')] },
  kind: { values: [to('solution', 'rejected'), to('Domain', 'rejected')] },
  name: { values: [to('store2'), to('base', 'name.duplicate')] },
  configuration: {
    values: [
      to({ logLevel: 'warn' }),
      to({ logLevel: 'loud' }, 'configuration.value'),
      to({ loglevel: 'warn' }, 'configuration.unknown'),
      to({ workers: null }),
    ],
  },
  elements: {
    values: [to({ store: { component: 'store', version: '1.0.0' } }, 'configuration.unknown')],
    but: { empty: 'configuration.unknown' },
  },
  'elements.*': { at: 'elements/lab', values: [] },
  'elements.*.component': {
    at: `${api}/component`,
    values: [to('lab', 'component.version'), to('nothing', 'component.unknown')],
  },
  'elements.*.version': {
    at: 'elements/store/version',
    values: [to('1.1.0'), to('1.0.1', 'component.version'), to('2.0.0', 'component.version')],
    but: { removed: 'element.form' },
  },
  'elements.*.size': { at: `${api}/size`, values: sizes(), but: { most: null } },
  'elements.*.clusters': { at: 'elements/lab/clusters', values: [], but: { removed: 'element.form' } },
  'elements.*.clusters.*': {
    at: cluster,
    values: [],
    but: { removed: 'schema.value', empty: 'relationship.missing' },
  },
  'elements.*.clusters.*.state': { at: `${cluster}/state`, values: [] },
  'elements.*.clusters.*.size': { at: `${cluster}/size`, values: sizes(), but: { most: null } },
  'elements.*.clusters.*.weight': { at: `${cluster}/weight`, values: [to(100)] },
  'elements.*.clusters.*.configuration': {
    at: `${cluster}/configuration`,
    values: [
      to({ workers: 9, logLevel: 'debug' }),
      to({ workers: null }),
      to({ other: 1 }, 'configuration.unknown'),
    ],
  },
  'elements.*.clusters.*.relationships': {
    at: `${cluster}/relationships`,
    values: [to({ network })],
    but: missing,
  },
  ...relationshipSites('elements.*.clusters.*.relationships.*', `${cluster}/relationships`),
  'elements.*.configuration': {
    at: `${api}/configuration`,
    values: [
      to({ workers: 7 }),
      to({ logLevel: 'debug' }),
      to({ workers: 'many' }, 'configuration.value'),
      to({ wrkers: 1 }, 'configuration.unknown'),
    ],
  },
  'elements.*.relationships': {
    at: `${api}/relationships`,
    values: [to({ store: { element: 'store' }, network })],
    but: missing,
  },
  ...relationshipSites('elements.*.relationships.*', `${api}/relationships`),
  'elements.*.rollout': { at: `${api}/rollout`, values: [to({ minHealthyTime: '2s' })] },
  ...rolloutSites('elements.*.rollout', `${api}/rollout`, true),
  'elements.*.repair': { at: `${api}/repair`, values: [] },
  'elements.*.repairInterval': { at: `${api}/repairInterval`, values: durations() },
  'elements.*.expose': { at: `${api}/expose`, values: [to({ port: 8081 }), to({ port: 'auto' })] },
  'elements.*.expose.port': { at: `${api}/expose/port`, values: [to(9090), to('auto')] },
  'elements.*.protect': { at: `${api}/protect`, values: [to(true, 'feature.unavailable')] },
};
