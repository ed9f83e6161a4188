import { describe, expect, it } from 'vitest';
import type { DesiredElement } from '../../../src/core/base/desired.js';
import { explainElement } from '../../../src/core/graph/explain.js';
import {
  component,
  domainFile,
  loadFiles,
  manifest,
  solution,
  type Asked,
  type Files,
  type LoadedModel,
} from '../../support/model-repository.js';

const host = (level: string): Files => ({
  'catalog/host/1.0.0.yaml': component(
    'host',
    '1.0.0',
    'parameters: { properties: { disk: {} } }\nconfiguration: { disk: "${configuration.disk}" }\n',
  ),
  'solutions/base.yaml': solution(
    'base',
    `  host: { component: host, version: 1.0.0, configuration: { disk: ${level} } }\n`,
  ),
});

const app = `parameters: { properties: { level: { default: low }, port: {}, tags: { default: [a] }, deep: { properties: { x: { default: 1 }, y: { default: 2 } } } } }
configuration: { level: "\${configuration.level}", all: "\${configuration.deep}", text: "p=\${configuration.port} $\${x} \${instance.ordinal}" }
dependencies: { host: { type: context, component: host, version: ^1 }, peers: { type: service, component: app, version: ^1, many: true } }
endpoint: { url: "u" }
`;

function files(body: string, extra: Files = host('small')): Files {
  return {
    'heliostat.yaml': domainFile,
    'catalog/app/1.0.0.yaml': component('app', '1.0.0', app),
    ...extra,
    'solutions/shop.yaml': body,
  };
}

const onHost = 'relationships: { host: { element: host, solution: base } }';

async function element(input: Files, name = 'app', asked: Asked = {}): Promise<DesiredElement> {
  const loaded = await loadFiles(input, asked);
  expect(loaded.validation.diagnostics).toEqual([]);
  return elementOf(loaded, name);
}

function elementOf(loaded: LoadedModel, name: string): DesiredElement {
  const found = loaded.desired.solutions.get('shop' as never)?.elements.get(name as never);
  if (found === undefined) throw new Error(`no ${name}`);
  return found;
}

const plain = (configuration = '') =>
  solution('shop', `  app: { component: app, version: 1.0.0, ${onHost}${configuration} }\n`);

describe('the configuration in effect', () => {
  it('merges maps, replaces lists, removes by null; a whole reference keeps its type, a text does not', async () => {
    const { clusters } = await element(
      files(
        `${plain(', configuration: { deep: { x: 5 }, tags: [b], level: null, port: 80 }')}configuration: { level: high, deep: { y: 7 } }\n`,
      ),
    );
    expect(clusters[0]?.definition.configuration).toEqual({
      kind: 'map',
      entries: {
        all: { kind: 'literal', value: { x: 5, y: 7 } },
        text: { kind: 'text', segments: ['p=80 ${x} ', { of: 'instance', field: 'ordinal' }] },
      },
    });
  });

  it('says of each value who set it, and where', async () => {
    const input = files(
      `${solution('shop', `  app:\n    component: app\n    version: 1.0.0\n    ${onHost}\n    configuration:\n      deep: { x: 5 }\n`)}configuration:\n  level: high\n`,
    );
    const { model } = await loadFiles(input);
    const explained = explainElement(model, 'shop/app' as never);
    const values = explained?.clusters[0]?.values.map(({ path, value, layer, origin }) => [
      `${path}=${JSON.stringify(value)}`,
      `${layer} ${origin.file}:${origin.line}`,
    ]);
    expect(values).toEqual([
      ['deep.x=5', 'element solutions/shop.yaml:10'],
      ['deep.y=2', 'default catalog/app/1.0.0.yaml:6'],
      ['level="high"', 'solution solutions/shop.yaml:12'],
      ['tags=["a"]', 'default catalog/app/1.0.0.yaml:6'],
    ]);
    expect(explained?.clusters[0]?.configuration).toEqual({
      all: { x: 5, y: 2 },
      level: 'high',
      text: 'p= ${x} ${instance.ordinal}',
    });
    expect(explainElement(model, 'shop/none' as never)).toBeNull();
  });
});

describe('many relationships', () => {
  it('are a list in the order of their names, and are told apart by index', async () => {
    const body = component(
      'user',
      '1.0.0',
      `dependencies: { peers: { type: service, component: app, version: ^1, many: true } }
configuration: { all: "\${relationships.peers.endpoint.url}", first: "\${relationships.peers[0].endpoint.url}" }\n`,
    );
    const input = files(
      `${plain()}  b: { component: app, version: 1.0.0, ${onHost} }
  user: { component: user, version: 1.0.0, relationships: { two: { dependency: peers, element: app }, one: { dependency: peers, element: b } } }\n`,
    );
    const user = await element({ ...input, 'catalog/user/1.0.0.yaml': body }, 'user');
    const to = (name: string) => ({
      kind: 'reference',
      reference: { of: 'relationship', name, path: ['url'] },
    });
    expect(user.clusters[0]?.definition.configuration).toEqual({
      kind: 'map',
      entries: { all: { kind: 'list', items: [to('one'), to('two')] }, first: to('one') },
    });
  });
});

describe('the generation of a cluster', () => {
  const of = async (input: Files, asked: Asked = {}) => (await element(input, 'app', asked)).clusters[0]?.key;

  it('follows the configuration, and going back finds the old one again', async () => {
    const low = await of(files(plain()));
    expect(await of(files(plain(', configuration: { level: high }')))).not.toBe(low);
    expect(await of(files(plain(', configuration: { level: low }')))).toBe(low);
  });

  it('leaves out what the provider carries over live, which changes the digest alone', async () => {
    const manifests = new Map([['noop', manifest('noop', { reconfigurable: ['level'] })]]);
    const low = await element(files(plain()), 'app', { manifests });
    const high = await element(files(plain(', configuration: { level: high }')), 'app', { manifests });
    expect(high.clusters[0]?.key).toBe(low.clusters[0]?.key);
    expect(high.digest).not.toBe(low.digest);
  });

  it('changes with the context, across solutions: what lives on it is made anew', async () => {
    const before = await loadFiles(files(plain()));
    const after = await loadFiles(files(plain(), host('large')), { base: before.model });
    expect(elementOf(after, 'app').clusters[0]?.key).not.toBe(elementOf(before, 'app').clusters[0]?.key);
    expect(after.validation.changed).toEqual(['base', 'shop']);
  });

  it('does not follow size, rollout or lines', async () => {
    const one = await element(files(plain()));
    const three = await element(files(`# moved\n${plain(', size: 3, rollout: { drainDelay: 1s }')}`));
    expect(three.clusters[0]?.key).toBe(one.clusters[0]?.key);
    expect(three.digest).not.toBe(one.digest);
    expect((await element(files(`# moved\n${plain()}`))).digest).toBe(one.digest);
  });
});

describe('the long form', () => {
  it('puts versions side by side, each with its own state, size, weight and configuration', async () => {
    const input = {
      ...files(
        solution(
          'shop',
          `  app:
    component: app
    ${onHost}
    clusters:
      1.0.0: { size: 3 }
      1.1.0: { size: 1, weight: 10, configuration: { level: high } }
      1.2.0: { state: inactive }
`,
        ),
      ),
      'catalog/app/1.1.0.yaml': component('app', '1.1.0', app),
      'catalog/app/1.2.0.yaml': component('app', '1.2.0', app),
    };
    const { clusters } = await element(input);
    expect(
      clusters.map(({ definition, state, size, weight }) => [definition.version, state, size, weight]),
    ).toEqual([
      ['1.0.0', 'active', 3, null],
      ['1.1.0', 'active', 1, 10],
      ['1.2.0', 'inactive', 1, null],
    ]);
  });
});

describe('the defaults of the domain', () => {
  it('lie under what the element says, and are part of every digest', async () => {
    const before = await loadFiles(files(plain(', rollout: { drainDelay: 1s }')));
    const defaults = `${domainFile}defaults: { rollout: { drainDelay: 2s, minHealthyTime: 3s }, repair: report }\n`;
    const after = await loadFiles(
      { ...files(plain(', rollout: { drainDelay: 1s }')), 'heliostat.yaml': defaults },
      { base: before.model },
    );
    const app = elementOf(after, 'app');
    expect([app.rollout.drainDelayMs, app.rollout.minHealthyTimeMs, app.repair]).toEqual([
      1_000,
      3_000,
      'report',
    ]);
    expect(after.validation.changed).toEqual(['base', 'shop']);
  });
});
