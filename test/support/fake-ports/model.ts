/** A small shop: `api` uses `db`, both with an address of their own. */
export interface ShopOptions {
  readonly api?: string | null;
  readonly db?: string;
  readonly apiSize?: number;
  readonly domain?: string;
  readonly secret?: string;
  readonly more?: Readonly<Record<string, string>>;
}

export function shop(options: ShopOptions = {}): Record<string, string> {
  const { api = '1.0.0', db = '1.0.0', apiSize = 1, domain = '', more = {} } = options;
  const apiLine =
    api === null
      ? ''
      : `  api: { component: api, version: ${api}, size: ${apiSize}, relationships: { db: db } }\n`;
  return {
    'heliostat.yaml': `apiVersion: heliostat/v1
kind: Domain
name: prod
defaults:
  rollout: { minHealthyTime: 1s, drainDelay: 1s, healthyDeadline: 20s, progressDeadline: 60s, onFailure: pause }
  repairInterval: 30s
${domain}`,
    'catalog/db/1.0.0.yaml': component('db', '1.0.0', ''),
    'catalog/db/1.1.0.yaml': component('db', '1.1.0', ''),
    ...Object.fromEntries(
      ['1.0.0', '1.1.0', '1.2.0'].map((version) => [
        `catalog/api/${version}.yaml`,
        component(
          'api',
          version,
          `configuration: { db: "\${relationships.db.endpoint.url}"${options.secret ?? ''} }
dependencies: { db: { type: service, component: db, version: ">=1.0 <2" } }
`,
        ),
      ]),
    ),
    'solutions/shop.yaml': `apiVersion: heliostat/v1
kind: Solution
name: shop
elements:
  db: { component: db, version: ${db} }
${apiLine}`,
    ...more,
  };
}

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
