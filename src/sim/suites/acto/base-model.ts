import type { Json, JsonMap } from '../../../core/base/data.js';
import type { Files } from '../../repository.js';

/** A model repository as data: YAML holds JSON, so nothing is lost by writing it so. */
export type Model = ReadonlyMap<string, JsonMap>;

export const domainFile = 'heliostat.yaml';
export const shopFile = 'solutions/shop.yaml';
export const labFile = 'catalog/lab/1.0.0-dev.1.yaml';
/** The same as the lab's, but released: whoever changes it is turned away. */
export const apiFile = 'catalog/api/1.0.0.yaml';
export const nextApiFile = 'catalog/api/1.1.0.yaml';

export const quick: JsonMap = {
  strategy: 'rolling',
  maxSurge: 1,
  maxUnavailable: 0,
  minHealthyTime: '1s',
  healthyDeadline: '20s',
  progressDeadline: '40s',
  drainDelay: '1s',
  onFailure: 'pause',
  allowDowntime: false,
};

/** Small, stable, and with every field of the format in it that can stand beside the others. */
export function baseModel(): Model {
  return new Map<string, JsonMap>([
    [domainFile, domain()],
    ['catalog/net/1.0.0.yaml', net('1.0.0')],
    ['catalog/net/1.1.0.yaml', net('1.1.0')],
    ['catalog/store/1.0.0.yaml', store('1.0.0')],
    ['catalog/store/1.1.0.yaml', store('1.1.0')],
    [apiFile, everything('api', '1.0.0')],
    [labFile, everything('lab', '1.0.0-dev.1')],
    [
      'solutions/base.yaml',
      { ...head('Solution', 'base'), elements: { net: { component: 'net', version: '1.0.0' } } },
    ],
    [shopFile, shop()],
  ]);
}

/** Beside the model: what releases pin. */
const artifacts: Files = new Map([
  ['services/api/server.mjs', 'serve();\n'],
  ['services/api/lib/answer.mjs', 'answer();\n'],
  ['services/other/other.mjs', 'other();\n'],
]);

export function filesOf(model: Model): Files {
  const files = new Map(artifacts);
  for (const [path, document] of model) files.set(path, `${JSON.stringify(document, null, 2)}\n`);
  return files;
}

/** A copy of the model in which this stands at the path; `undefined`: nothing does. */
export function withValue(
  model: Model,
  file: string,
  path: readonly string[],
  value: Json | undefined,
): Model {
  const document = model.get(file) ?? {};
  return new Map(model).set(file, placed(document, path, value) as JsonMap);
}

function placed(json: Json, [key, ...rest]: readonly string[], value: Json | undefined): Json {
  if (key === undefined) return value ?? null;
  if (Array.isArray(json)) {
    const list = [...(json as readonly Json[])];
    const index = Number(key);
    if (rest.length === 0 && value === undefined) list.splice(index, 1);
    else list[index] = placed(list[index] ?? {}, rest, value);
    return list;
  }
  const map: Record<string, Json> = { ...(json as JsonMap) };
  if (rest.length === 0 && value === undefined) delete map[key];
  else map[key] = placed(map[key] ?? {}, rest, value);
  return map;
}

function head(kind: string, name: string): JsonMap {
  return { apiVersion: 'heliostat/v1', kind, name };
}

function domain(): JsonMap {
  return {
    ...head('Domain', 'prod'),
    requires: '>=0.1 <1',
    defaults: { rollout: quick, repair: 'auto', repairInterval: '30s' },
    limits: { elementsPerSolution: 50 },
  };
}

function net(version: string): JsonMap {
  return { ...head('Component', 'net'), version, provider: 'rules', endpoint: { name: '${instance.name}' } };
}

function store(version: string): JsonMap {
  return {
    ...head('Component', 'store'),
    version,
    provider: 'cloud',
    endpoint: { url: 'http://${instance.address}:${instance.port}' },
  };
}

/** A component that says all that a component can say. */
function everything(name: string, version: string): JsonMap {
  return {
    ...head('Component', name),
    version,
    provider: 'machine',
    artifacts: ['services/api/**'],
    parameters: {
      type: 'object',
      properties: {
        logLevel: { enum: ['debug', 'info', 'warn'], default: 'info' },
        workers: { type: 'integer', default: 2 },
      },
    },
    configuration: {
      setting: '${configuration.logLevel}',
      workers: '${configuration.workers}',
      port: '${instance.port}',
      url: '${relationships.store.endpoint.url}',
      token: '${secrets.token}',
    },
    dependencies: {
      store: {
        type: 'service',
        component: 'store',
        version: '>=1.0 <2',
        optional: false,
        many: false,
        exclusive: false,
      },
      network: { type: 'context', component: 'net', version: '>=1.0 <2' },
    },
    endpoint: { url: 'http://${instance.address}:${instance.port}' },
    health: {
      http: { path: '/healthz', status: [200] },
      interval: '2s',
      timeout: '1s',
      healthyAfter: 1,
      unhealthyAfter: 2,
    },
    timeouts: { create: '10s', configure: '10s', start: '10s', stop: '10s', destroy: '10s' },
    retries: { limit: 2, backoff: '1s', maxBackoff: '4s' },
    upgrade: 'sideBySide',
    onRemove: 'destroy',
    revertible: true,
  };
}

function shop(): JsonMap {
  const network: JsonMap = { dependency: 'network', element: 'net', solution: 'base' };
  return {
    ...head('Solution', 'shop'),
    configuration: { logLevel: 'info' },
    elements: {
      store: { component: 'store', version: '1.0.0' },
      api: {
        component: 'api',
        version: '1.0.0',
        size: 2,
        configuration: { workers: 3 },
        relationships: { store: 'store', net: network },
        rollout: quick,
        repair: 'auto',
        repairInterval: '30s',
        expose: { port: 8080 },
        protect: false,
      },
      lab: {
        component: 'lab',
        clusters: {
          '1.0.0-dev.1': {
            state: 'active',
            size: 2,
            weight: 10,
            configuration: { workers: 4 },
            relationships: { net: network },
          },
        },
        relationships: { store: { element: 'store' } },
      },
    },
  };
}
