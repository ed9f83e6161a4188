import type { ModelFiles } from './models.js';

const api = `artifacts: [services/app.mjs]
parameters:
  type: object
  properties: { note: { type: string, default: none, minLength: 1 }, level: { type: integer, minimum: 1 } }
configuration: { note: "\${configuration.note}", level: "\${configuration.level}" }
dependencies:
  host: { type: context, component: host, version: ^1 }
health: { http: { path: /healthz }, interval: 250ms, timeout: 2s, healthyAfter: 2, unhealthyAfter: 3 }
`;

/** A sound model in which nearly every key of the format stands once. */
export const richModel: ModelFiles = {
  'heliostat.yaml': `apiVersion: heliostat/v1
kind: Domain
name: prod
defaults:
  rollout: { minHealthyTime: 1s, drainDelay: 1s, healthyDeadline: 20s, progressDeadline: 60s, maxSurge: 1 }
  repair: auto
  repairInterval: 30s
`,
  'services/app.mjs': 'export {};\n',
  'catalog/host/1.0.0.yaml': component('host', '1.0.0', ''),
  'catalog/api/1.0.0.yaml': component('api', '1.0.0', api),
  'catalog/api/1.1.0.yaml': component('api', '1.1.0', api),
  'catalog/web/1.0.0.yaml': component(
    'web',
    '1.0.0',
    `dependencies:
  api: { type: service, component: api, version: ">=1.0 <2" }
configuration: { url: "\${relationships.api.endpoint.url}", n: "\${instance.ordinal}" }
`,
  ),
  'solutions/shop.yaml': `apiVersion: heliostat/v1
kind: Solution
name: shop
elements:
  host: { component: host, version: 1.0.0 }
  api:
    component: api
    version: 1.0.0
    size: 2
    configuration: { note: hello, level: 2 }
    relationships: { host: host }
    rollout: { strategy: rolling, maxUnavailable: 50% }
  web: { component: web, version: 1.0.0, relationships: { api: api }, expose: { port: 25001 } }
`,
  'solutions/front.yaml': `apiVersion: heliostat/v1
kind: Solution
name: front
elements:
  web: { component: web, version: 1.0.0, relationships: { api: { element: api, solution: shop } } }
`,
};

function component(name: string, version: string, body: string): string {
  return `apiVersion: heliostat/v1
kind: Component
name: ${name}
version: ${version}
provider: noop
endpoint: { url: "http://\${instance.address}:\${instance.port}" }
timeouts: { create: 10s, configure: 10s, start: 10s, stop: 10s, destroy: 10s }
${body}`;
}
