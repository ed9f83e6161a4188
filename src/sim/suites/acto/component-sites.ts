import type { Json, JsonMap } from '../../../core/base/data.js';
import { durations, to, type Site, type Sites } from './site.js';

const store: JsonMap = { type: 'service', component: 'store', version: '>=1.0 <2' };

/** Another way to ask than the one that the component has. */
function asking(
  how: 'http' | 'tcp' | 'command',
  wrap: (value: Json | undefined) => Json,
): Pick<Site, 'at' | 'make'> {
  return { at: 'health', make: (value) => ({ [how]: wrap(value), interval: '2s', timeout: '1s' }) };
}

function inMap(key: string): (value: Json | undefined) => Json {
  return (value) => (value === undefined ? {} : { [key]: value });
}

const port: Site['but'] = { least: 'paused', most: 'paused' };

export const componentSites: Sites = {
  apiVersion: { values: [to('v1', 'rejected')] },
  kind: { values: [to('Module', 'rejected'), to('Solution', 'rejected')] },
  name: { values: [to('other', 'component.unknown')] },
  version: {
    values: [to('1.0.0-dev.2', 'component.version'), to('v1.0.0', 'rejected'), to('1.10', 'rejected')],
  },
  provider: { values: [to('cloud'), to('rules', 'held'), to('nobody', 'provider.unknown')] },
  artifacts: {
    values: [
      to(['services/api/server.mjs']),
      to(['services/**']),
      to(['services/none/**'], 'artifacts.empty'),
    ],
  },
  'artifacts.*': {
    at: 'artifacts/0',
    values: [
      to('services/other/other.mjs'),
      to('../outside', 'artifacts.path'),
      to('/etc/passwd', 'artifacts.path'),
    ],
  },
  parameters: {
    values: [
      to({ type: 'object', properties: { logLevel: { type: 'string' }, workers: { type: 'integer' } } }),
    ],
    but: { removed: 'template.unknown' },
  },
  configuration: {
    values: [
      to({ setting: 'loud' }),
      to({ deep: { list: [1, { two: '${instance.name}' }], none: null } }),
      to({ setting: '${configuration.nothing}' }, 'rejected'),
      to({ setting: '${' }, 'template.syntax'),
      to({ url: '${relationships.nobody.endpoint.url}' }, 'rejected'),
      to({ big: 'x'.repeat(70_000) }),
    ],
  },
  dependencies: {
    values: [to({ store }, 'relationship.dependency')],
    but: { removed: 'relationship.dependency', empty: 'relationship.dependency' },
  },
  'dependencies.*': { at: 'dependencies/store', values: [], but: { removed: 'relationship.dependency' } },
  'dependencies.*.type': { at: 'dependencies/store/type', values: [] },
  'dependencies.*.component': {
    at: 'dependencies/store/component',
    values: [to('net', 'relationship.component')],
  },
  'dependencies.*.version': {
    at: 'dependencies/store/version',
    values: [to('1.0.0'), to('*'), to('>=2', 'dependency.unsatisfied'), to('<=', 'rejected')],
  },
  'dependencies.*.optional': { at: 'dependencies/store/optional', values: [] },
  'dependencies.*.many': { at: 'dependencies/store/many', values: [] },
  'dependencies.*.exclusive': {
    at: 'dependencies/store/exclusive',
    values: [to(true, 'feature.unavailable')],
  },
  endpoint: {
    values: [
      to({ url: 'tcp://${instance.address}:${instance.port}' }),
      to({ url: '${secrets.token}' }, 'template.secret'),
      to({ name: 'fixed' }),
    ],
  },
  health: {
    values: [
      to({ tcp: {} }),
      to({ http: {}, tcp: {} }, 'health.probe'),
      to({ interval: '1s' }, 'health.probe'),
    ],
    but: { empty: 'health.probe' },
  },
  'health.http': { values: [], but: { removed: 'health.probe' } },
  'health.http.path': { values: [to('/'), to('/a/b?c=d')] },
  'health.http.port': { values: [], but: port, onlyAnew: ['least', 'most'] },
  'health.http.status': { values: [to([204, 500])] },
  'health.http.status.*': { at: 'health/http/status/0', values: [], but: { removed: 'schema.value' } },
  'health.tcp': { ...asking('tcp', (value) => (value === undefined ? {} : value)), values: [] },
  'health.tcp.port': { ...asking('tcp', inMap('port')), values: [], but: port, onlyAnew: ['least', 'most'] },
  'health.command': {
    ...asking('command', (value) => (value === undefined ? ['true'] : value)),
    values: [to(['node', 'check.mjs'])],
  },
  'health.command.*': {
    ...asking('command', (value) => (value === undefined ? [] : [value])),
    values: [to('true')],
    but: { removed: 'schema.value' },
  },
  'health.interval': { values: durations(to('25s', 'rollout.slowHealth'), to('5s')) },
  'health.timeout': { values: durations() },
  'health.healthyAfter': {
    values: [to(3), to(9), to(10, 'rollout.slowHealth')],
    but: { most: 'rollout.slowHealth' },
  },
  'health.unhealthyAfter': { values: [to(5)] },
  timeouts: { values: [] },
  'timeouts.create': { values: durations() },
  'timeouts.configure': { values: durations() },
  'timeouts.start': { values: durations() },
  'timeouts.stop': { values: durations() },
  'timeouts.destroy': { values: durations() },
  retries: { values: [] },
  'retries.limit': { values: [] },
  'retries.backoff': { values: durations() },
  'retries.maxBackoff': { values: durations() },
  upgrade: { values: [to('inPlace', 'feature.unavailable')] },
  onRemove: { values: [to('retain', 'feature.unavailable')] },
  revertible: { values: [to(false)] },
};
