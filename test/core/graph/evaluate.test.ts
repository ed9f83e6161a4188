import { describe, expect, it } from 'vitest';
import { component, domainFile, loadFiles, solution, type Files } from '../../support/model-repository.js';

const base: Files = {
  'heliostat.yaml': domainFile,
  'catalog/store/1.2.0.yaml': component(
    'store',
    '1.2.0',
    'endpoint: { url: "http://${instance.address}:${instance.port}" }\n',
  ),
  'catalog/api/1.4.0.yaml': component(
    'api',
    '1.4.0',
    `parameters:
  type: object
  properties: { logLevel: { enum: [debug, info, warn], default: info } }
configuration:
  env:
    LOG_LEVEL: "\${configuration.logLevel}"
    STORE: "\${relationships.store.endpoint.url}"
dependencies:
  store: { type: service, component: store, version: ">=1.2 <3" }
endpoint: { url: "http://\${instance.address}:\${instance.port}" }
`,
  ),
  'solutions/shop.yaml': solution(
    'shop',
    `  store: { component: store, version: 1.2.0 }
  api:
    component: api
    version: 1.4.0
    size: 3
    configuration: { logLevel: warn }
    relationships: { store: store }
`,
  ),
};

describe('a good model', () => {
  it('gives what each element should be, with defaults and configuration applied', async () => {
    const { validation, desired } = await loadFiles(base);
    expect(validation.diagnostics).toEqual([]);
    const api = desired.solutions.get('shop' as never)?.elements.get('api' as never);
    expect(api?.clusters[0]?.definition.configuration).toEqual({
      kind: 'map',
      entries: {
        env: {
          kind: 'map',
          entries: {
            LOG_LEVEL: { kind: 'literal', value: 'warn' },
            STORE: { kind: 'reference', reference: { of: 'relationship', name: 'store', path: ['url'] } },
          },
        },
      },
    });
    expect(api?.rollout).toMatchObject({
      strategy: 'rolling',
      onFailure: 'revert',
      minHealthyTimeMs: 10_000,
    });
    expect(api?.position).toEqual({ file: 'solutions/shop.yaml', line: 6, column: 3 });
    expect(desired.consumers('shop/store' as never)).toEqual(['shop/api']);
    expect(validation.changed).toEqual(['shop']);
    expect(validation.releases.map((release) => release.version)).toEqual(['1.4.0', '1.2.0']);
  });
});
