import { describe, expect, it } from 'vitest';
import { parseVersion, type Version } from '../../../src/core/base/version.js';
import { claimsKind, readKind } from '../../../src/core/model/kind.js';
import { readText } from '../../../src/core/model/text.js';

const programVersion = parseVersion('1.2.3') as Version;

function read(text: string, file = 'file.yaml', folder: string | null = null) {
  return readKind(file, readText(Buffer.from(text)), { programVersion, folder });
}

/** `line:column code`, in the order shown. */
function found(text: string): string[] {
  return read(text).diagnostics.map(({ line, column, code }) => `${line}:${column} ${code}`);
}

const solution = 'apiVersion: heliostat/v1\nkind: Solution\nname: shop\n';
const component = 'apiVersion: heliostat/v1\nkind: Component\nname: api\nversion: 1.4.0\nprovider: process\n';
const domain = 'apiVersion: heliostat/v1\nkind: Domain\nname: prod\n';

describe('readKind', () => {
  it('gives the document of a valid file, and nothing to say', () => {
    const { document, diagnostics } = read(
      `${solution}elements:\n  api: { component: api, version: 1.4.0, size: 3, expose: { port: auto } }\n`,
    );
    expect(diagnostics).toEqual([]);
    expect(document).toMatchObject({
      kind: 'Solution',
      elements: { api: { size: 3, expose: { port: 'auto' } } },
    });
  });

  it('takes the component of the handbook whole', () => {
    const text = `${component}artifacts: [services/api/**]
parameters:
  type: object
  properties: { logLevel: { enum: [debug, info, warn], default: info } }
configuration:
  command: [node, services/api/server.mjs]
  env: { PORT: "\${instance.port}" }
dependencies:
  store: { type: service, component: store, version: ">=1.2 <3" }
endpoint: { url: "http://\${instance.address}:\${instance.port}" }
health: { http: { path: /healthz }, interval: 1s, timeout: 1s, healthyAfter: 2, unhealthyAfter: 3 }
timeouts: { create: 60s, start: 60s, stop: 30s, destroy: 60s }
retries: { limit: 3, backoff: 1s, maxBackoff: 60s }
upgrade: sideBySide
revertible: true
`;
    expect(read(text).diagnostics).toEqual([]);
  });

  it('shows all mistakes at once, in the order of the file', () => {
    const text = `${solution}elements:
  api: { component: Api, verison: 1.0.0 }
  web: { component: web, version: v2, size: -1, rollout: { strategy: blueGrean, minHealthyTime: 10 } }
`;
    expect(found(text)).toEqual([
      '5:3 element.form',
      '5:21 name.invalid',
      '5:26 schema.unknownKey',
      '6:35 version.prefix',
      '6:45 value.number',
      '6:70 schema.choice',
      '6:97 value.duration',
    ]);
  });

  it('still gives the elements without errors, and names the others', () => {
    const { document, partly } = read(
      `${solution}elements:\n  api: { component: api, version: 1.0.0 }\n  web: { component: web, version: 1.0.0, size: -1 }\n  Bad: { component: b, version: 1.0.0 }\n  none:\n`,
    );
    expect(document).toBeNull();
    expect(partly?.broken).toEqual(['Bad', 'none', 'web']);
    expect(partly?.document.elements).toEqual({ api: { component: 'api', version: '1.0.0' } });
  });

  it.each(['elemnts: {}\nelements: { a: { component: a, version: 1.0.0, size: -1 } }', 'elements: []'])(
    'gives nothing of a solution that is wrong elsewhere: %s',
    (text) => {
      expect(read(`${solution}${text}\n`)).toMatchObject({ document: null, partly: null });
    },
  );

  it('gives nothing of an element that was not looked at because others have very many errors', () => {
    const lines = Array.from({ length: 300 }, (_, i) => `  e${i}: { component: a, version: 1.0.0, x: 1 }\n`);
    const { document, partly } = read(`${solution}elements:\n${lines.join('')}`);
    expect(document).toBeNull();
    expect(partly).toBeNull();
  });

  it('passes on what was wrong with the text, with the name of the file', () => {
    expect(read('a: 1\na: 2\n', 'solutions/shop.yaml').diagnostics).toMatchObject([
      { code: 'yaml.duplicateKey', file: 'solutions/shop.yaml', line: 2 },
    ]);
  });

  it('says of a value once what is wrong with it', () => {
    expect(found(`${solution}elements: { api: { component: api, version: 1.10 } }\n`)).toEqual([
      '4:45 version.number',
    ]);
    expect(found(`${component}timeouts: { create: 99999h }\n`)).toEqual(['6:21 value.duration']);
  });

  it('proposes the key that was probably meant, also inside elements, clusters and relationships', () => {
    const text = `${solution}elements:
  api:
    component: api
    clusters: { 1.0.0: { wieght: 1 } }
    relationships: { store: { element: store, solutoin: platform } }
    rollout: { maxSurg: 1 }
`;
    expect(read(text).diagnostics.map(({ fix }) => fix)).toEqual([
      'Write weight.',
      'Write solution.',
      'Write maxSurge.',
    ]);
  });

  it('asks for exactly one way to probe', () => {
    expect(found(`${component}health: { interval: 1s }\n`)).toEqual(['6:1 health.probe']);
    expect(found(`${component}health: { tcp: {}, http: {} }\n`)).toEqual(['6:1 health.probe']);
    expect(found(`${component}health: { command: [check] }\n`)).toEqual([]);
  });

  it('refuses the short and the long form together', () => {
    const text = `${solution}elements: { api: { component: api, version: 1.0.0, size: 1, clusters: { 1.0.0: {} } } }\n`;
    expect(found(text)).toEqual(['4:36 element.form', '4:52 element.form']);
  });
});

describe('what has no meaning in this release', () => {
  const refused: readonly [start: string, text: string][] = [
    [domain, 'catalogs: [../catalog]'],
    [domain, 'architectures: [../architectures]'],
    [component, 'extends: 1.3.0'],
    [component, 'upgrade: inPlace'],
    [component, 'onRemove: retain'],
    [component, 'dependencies: { a: { type: context, component: a, version: "1", exclusive: true } }'],
    [solution, 'architecture: { name: web, version: 1.0.0 }'],
    [`${solution}elements: {}\n`, 'movedFrom: old'],
    ...['protect: true', 'movedFrom: old'].map(
      (text) => [solution, `elements: { a: { component: a, version: 1.0.0, ${text} } }`] as [string, string],
    ),
    ['', 'apiVersion: heliostat/v1\nkind: Architecture\nname: web\n'],
    ['', 'apiVersion: heliostat/v1\nkind: Policy\nname: web\n'],
  ];
  it.each(refused.map(([start, text]) => [text, start] as const))(
    'is refused, never ignored: %s',
    (text, start) => {
      const { diagnostics } = read(`${start}${text}\n`);
      expect(diagnostics.map(({ code }) => code)).toEqual(['feature.unavailable']);
      expect(diagnostics[0]?.line).toBeGreaterThan(0);
    },
  );

  const taken: readonly [start: string, text: string][] = [
    [solution, 'elements: { a: { component: a, version: 1.0.0, protect: false } }'],
    [component, 'upgrade: sideBySide'],
    [component, 'onRemove: destroy'],
    [component, 'revertible: true'],
    [component, 'revertible: false'],
  ];
  it.each(taken.map(([start, text]) => [text, start] as const))(
    'is taken where it says what happens anyway: %s',
    (text, start) => {
      expect(read(`${start}${text}\n`).diagnostics).toEqual([]);
    },
  );
});

describe('requires', () => {
  it('lets a version in its range read the domain', () => {
    expect(read(`${domain}requires: ">=1.2 <2"\n`).diagnostics).toEqual([]);
  });

  it('stops any other, at its line', () => {
    expect(found(`${domain}requires: ">=2"\n`)).toEqual(['4:11 domain.requires']);
    expect(found(`${domain}requires: ">>2"\n`)).toEqual(['4:11 version.range']);
    expect(found(`${domain}requires: 1.2\n`)).toEqual(['4:11 version.number']);
  });
});

describe('the place of a file', () => {
  it.each([
    [`${domain}`, 'envs/prod/heliostat.yaml', 'envs/prod'],
    [`${component}`, 'catalog/api/1.4.0.yaml', ''],
    [`${solution}elements: {}\n`, 'envs/prod/solutions/shop.yaml', 'envs/prod'],
  ])('is as expected: %#', (text, file, folder) => {
    expect(read(text, file, folder).diagnostics).toEqual([]);
  });

  it('is only a convention: elsewhere a warning names the expected path, and the file is read', () => {
    const { document, diagnostics } = read(component, 'catalog/api.yml', '');
    expect(document).not.toBeNull();
    expect(diagnostics).toMatchObject([
      {
        code: 'file.place',
        severity: 'warning',
        file: 'catalog/api.yml',
        fix: 'Move it to catalog/api/1.4.0.yaml.',
      },
    ]);
  });
});

describe('claimsKind', () => {
  it('tells our files from other YAML in the repository', () => {
    const claims = (text: string) => claimsKind(readText(Buffer.from(text)));
    expect(claims('apiVersion: heliostat/v2\nkind: Whatever\n')).toBe(true);
    expect(claims('apiVersion: apps/v1\nkind: Deployment\n')).toBe(false);
    expect(claims('services: {}\n')).toBe(false);
    expect(claims('- a\n')).toBe(false);
  });
});
