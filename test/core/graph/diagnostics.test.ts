import { describe, expect, it } from 'vitest';
import type { ProviderManifest } from '../../../src/core/base/manifest.js';
import {
  component,
  domainFile,
  loadFiles,
  manifest,
  solution,
  type Asked,
  type Files,
} from '../../support/model-repository.js';

const store = component('store', '1.2.0', 'endpoint: { url: "http://x" }\n');
const api = (body = '', version = '1.4.0') =>
  component(
    'api',
    version,
    `dependencies: { store: { type: service, component: store, version: ">=1.2 <3" } }\n${body}`,
  );

interface Case {
  readonly because: string;
  readonly files: Files;
  readonly asked?: Asked;
  /** `code line:column`, and a part of the message or fix. */
  readonly wanted: readonly (readonly [place: string, text: string])[];
}

const shop = (elements: string): Files => ({
  'catalog/store/1.2.0.yaml': store,
  'catalog/api/1.4.0.yaml': api(),
  'solutions/shop.yaml': solution('shop', elements),
});
const apiElement = '  api: { component: api, version: 1.4.0, relationships: { store: store } }\n';
const storeElement = '  store: { component: store, version: 1.2.0 }\n';

const web = (relationships: string) =>
  `  web: { component: web, version: 1.4.0, relationships: ${relationships} }\n`;
const brokenStore = '  store: { component: store, version: 1.2.0, size: -1 }\n';

/** Needs two, and refers to both. */
const pair = (configuration: string): Files => ({
  'catalog/web/1.4.0.yaml': component(
    'web',
    '1.4.0',
    `dependencies:
  store: { type: service, component: store, version: "1" }
  many: { type: service, component: store, version: "1", many: true }
${configuration}`,
  ),
});

const cases: Record<string, readonly Case[]> = {
  'several mistakes': [
    {
      because: 'an element that cannot be read does not hide what is wrong with the others',
      files: shop(
        `${brokenStore}  one: { component: stoer, version: 1.2.0 }
  two: { component: api, version: 1.4.0, relationships: { store: stroe } }
  a: { component: api, version: 1.4.0, relationships: { store: b } }
  b: { component: api, version: 1.4.0, relationships: { store: a } }
`,
      ),
      wanted: [
        ['value.number 5:52', 'size'],
        ['component.unknown 6:21', 'did you mean "store"?'],
        ['relationship.element 7:66', 'did you mean "store"?'],
        ['relationship.component 8:64', 'shop/b is of component api'],
        ['relationship.component 9:64', 'shop/a is of component api'],
        ['relationship.cycle 8:64', 'shop/a → shop/b → shop/a'],
      ],
    },
    {
      because:
        'who uses an element that cannot be read is told nothing, wherever it is and whatever it refers to',
      files: {
        ...shop(
          brokenStore +
            apiElement +
            web('{ store: store, many: store, main: { dependency: many, element: store } }'),
        ),
        ...pair(
          'configuration: { a: "${relationships.store.endpoint.url}", b: "${relationships.many[1].endpoint.url}", c: "${relationships.main.endpoint.url}" }\n',
        ),
        'solutions/other.yaml': solution(
          'other',
          '  api: { component: api, version: 1.4.0, relationships: { store: { element: store, solution: shop } } }\n',
        ),
      },
      wanted: [['value.number 5:52', 'size']],
    },
    {
      because: 'a misspelt element of a solution with errors is misspelt all the same',
      files: {
        ...shop(brokenStore),
        'solutions/other.yaml': solution(
          'other',
          '  api: { component: api, version: 1.4.0, relationships: { store: { element: stroe, solution: shop } } }\n',
        ),
      },
      wanted: [
        ['value.number 5:52', 'size'],
        ['relationship.element 5:77', 'did you mean "store"?'],
      ],
    },
    {
      because: 'a key of the solution may be for the element that cannot be read',
      files: shop(`${brokenStore}configuration: { level: 1 }\n`),
      wanted: [['value.number 5:52', 'size']],
    },
    {
      because: 'one bad reference of a component does not hide those to its relationships, and is said once',
      files: {
        ...shop(storeElement + web('{ store: store }')),
        ...pair(
          `configuration:
  a: "\${instance.prot}"
  b: "\${configuration.none}"
  c: "\${relationships.stor.endpoint.url}"
  d: "\${relationships.store.endpoint.uri}"
`,
        ),
      },
      wanted: [
        ['template.unknown 10:7', 'did you mean "port"?'],
        ['template.unknown 11:7', 'there is no parameter "none"'],
        ['template.unknown 12:7', 'did you mean "store"?'],
        ['template.endpoint 13:7', 'did you mean "url"?'],
      ],
    },
    {
      because: 'a bad reference of a component does not hide what is wrong with its users',
      files: {
        ...shop('  api: { component: api, version: 1.4.0, configuration: { no: 1 } }\n'),
        'catalog/api/1.4.0.yaml': api('configuration: { a: "${instance.prot}" }\n'),
      },
      wanted: [
        ['template.unknown 7:22', 'did you mean "port"?'],
        ['relationship.missing 5:3', 'needs store'],
        ['configuration.unknown 5:59', 'no'],
      ],
    },
  ],
  components: [
    {
      because: 'a misspelt component is suggested',
      files: shop('  store: { component: stoer, version: 1.2.0 }\n'),
      wanted: [['component.unknown 5:23', 'did you mean "store"?']],
    },
    {
      because: 'an unknown version shows those that there are',
      files: shop('  store: { component: store, version: 1.3.0 }\n'),
      wanted: [['component.version 5:39', 'Use 1.2.0']],
    },
    {
      because: 'what is wrong with a release is said once, not by each user again',
      files: {
        ...shop(storeElement + apiElement),
        'catalog/api/1.4.0.yaml': api('configuration: { a: "${instance.prot}" }\n'),
      },
      wanted: [['template.unknown 7:22', 'did you mean "port"?']],
    },
    {
      because: 'two files cannot both be one release',
      files: { ...shop(storeElement), 'catalog/store/copy.yaml': store },
      wanted: [
        ['file.place 0:0', 'catalog/store/1.2.0.yaml'],
        ['name.duplicate 3:7', 'catalog/store/1.2.0.yaml and in catalog/store/copy.yaml'],
      ],
    },
  ],
  relationships: [
    {
      because: 'a misspelt element is suggested',
      files: shop(
        `${storeElement}  api: { component: api, version: 1.4.0, relationships: { store: stroe } }\n`,
      ),
      wanted: [['relationship.element 6:66', 'did you mean "store"?']],
    },
    {
      because: 'a solution of another domain does not exist here',
      files: shop(
        `${storeElement}  api: { component: api, version: 1.4.0, relationships: { store: { element: store, solution: shops } } }\n`,
      ),
      wanted: [['relationship.solution 6:94', 'did you mean "shop"?']],
    },
    {
      because: 'a dependency that is not optional needs a relationship',
      files: shop(`${storeElement}  api: { component: api, version: 1.4.0 }\n`),
      wanted: [['relationship.missing 6:3', 'needs store >=1.2 <3 as "store"']],
    },
    {
      because: 'a misspelt dependency is suggested, and is still missing',
      files: shop(
        `${storeElement}  api: { component: api, version: 1.4.0, relationships: { stor: store } }\n`,
      ),
      wanted: [
        ['relationship.missing 6:3', 'Add relationships: { store: ELEMENT }: store.'],
        ['relationship.dependency 6:59', 'did you mean "store"?'],
      ],
    },
    {
      because: 'the component has to be the one that is needed',
      files: shop(
        `${apiElement}  store: { component: api, version: 1.4.0, relationships: { store: api } }\n`,
      ),
      wanted: [
        ['relationship.component 5:66', 'shop/store is of component api'],
        ['relationship.component 6:68', 'shop/api is of component api'],
        ['relationship.cycle 5:66', 'shop/api → shop/store → shop/api'],
      ],
    },
    {
      because: 'an element cannot be its own provider',
      files: shop('  api: { component: api, version: 1.4.0, relationships: { store: api } }\n'),
      wanted: [['relationship.self 5:66', 'shop/api cannot depend on itself']],
    },
    {
      because:
        'a revision without any version in range would break the consumer, so it names all there is to know',
      files: {
        ...shop(`  store: { component: store, version: 1.0.0 }\n${apiElement}`),
        'catalog/store/1.0.0.yaml': component('store', '1.0.0'),
        'catalog/store/2.0.0.yaml': component('store', '2.0.0'),
      },
      wanted: [
        ['dependency.unsatisfied 6:66', 'shop/api 1.4.0 needs store >=1.2 <3, and shop/store is at 1.0.0'],
        ['dependency.unsatisfied 6:66', 'Set shop/store to 2.0.0 or 1.2.0'],
      ],
    },
    {
      because: 'a pre-release satisfies a range only if the range names one',
      files: {
        ...shop(`  store: { component: store, version: 2.0.0-rc.1 }\n${apiElement}`),
        'catalog/store/2.0.0-rc.1.yaml': component('store', '2.0.0-rc.1'),
      },
      wanted: [['dependency.unsatisfied 6:66', 'shop/store is at 2.0.0-rc.1']],
    },
    {
      because: 'nothing can run on a provider of which nothing runs',
      files: shop(`  store: { component: store, version: 1.2.0, size: 0 }\n${apiElement}`),
      wanted: [['dependency.sizeZero 6:66', 'needs shop/store, which has size 0']],
    },
    {
      because: 'a broken solution is reported where it is broken, not by all who use it',
      files: {
        ...shop(
          '  api: { component: api, version: 1.4.0, relationships: { store: { element: store, solution: base } } }\n',
        ),
        'solutions/base.yaml':
          'apiVersion: heliostat/v1\nkind: Solution\nname: base\nelements: {}\nelemnts: {}\n',
      },
      wanted: [['schema.unknownKey 5:1', 'elements']],
    },
  ],
  configuration: [
    {
      because: 'a key of the element has to be a parameter',
      files: {
        ...shop('  api: { component: api, version: 1.4.0, configuration: { logLevl: warn } }\n'),
        'catalog/api/1.4.0.yaml': component(
          'api',
          '1.4.0',
          'parameters: { properties: { logLevel: { type: string } } }\n',
        ),
      },
      wanted: [['configuration.unknown 5:59', 'did you mean "logLevel"?']],
    },
    {
      because: 'a key of the solution has to be a parameter of some component in it',
      files: {
        ...shop(`${storeElement}configuration: { level: 1 }\n`),
      },
      wanted: [['configuration.unknown 6:18', 'no component of solution shop has a parameter "level"']],
    },
    {
      because: 'a value has to be what its parameter allows',
      files: {
        ...shop('  api: { component: api, version: 1.4.0, configuration: { n: many } }\n'),
        'catalog/api/1.4.0.yaml': component(
          'api',
          '1.4.0',
          'parameters: { properties: { n: { type: integer } } }\n',
        ),
      },
      wanted: [['configuration.value 5:62', '"n" must be a whole number, and is a string']],
    },
    {
      because: 'a required parameter without a value is missed at the element',
      files: {
        ...shop('  api: { component: api, version: 1.4.0 }\n'),
        'catalog/api/1.4.0.yaml': component(
          'api',
          '1.4.0',
          'parameters: { properties: { n: { type: integer } }, required: [n] }\n',
        ),
      },
      wanted: [['configuration.missing 5:3', '"n" is missing']],
    },
    {
      because: 'keywords that could run for ever, or reach out, are refused with a way out',
      files: {
        'catalog/api/1.4.0.yaml': component(
          'api',
          '1.4.0',
          'parameters: { properties: { n: { pattern: "^(a+)+$" }, m: { $ref: "http://x" } } }\n',
        ),
      },
      wanted: [
        ['parameters.schema 6:34', 'patterns of foreign text can take for ever'],
        ['parameters.schema 6:61', 'references to other schemas are not read'],
      ],
    },
    {
      because: 'a default is a value like any other',
      files: {
        'catalog/api/1.4.0.yaml': component(
          'api',
          '1.4.0',
          'parameters: { properties: { n: { enum: [low], default: lwo } } }\n',
        ),
      },
      wanted: [['parameters.default 6:56', 'did you mean "low"?']],
    },
  ],
  references: [
    {
      because: 'the column is that of the reference inside the text, however it is quoted',
      files: {
        'catalog/api/1.4.0.yaml': component(
          'api',
          '1.4.0',
          'parameters: { properties: { level: { default: 1 } } }\nconfiguration:\n  a: "x ${instance.port} ${configuration.levl}"\n  b: y ${nothing.at}\n  c: |\n    first\n    then ${instance.ordinl}\n',
        ),
      },
      wanted: [
        ['template.unknown 8:26', 'did you mean "level"?'],
        ['template.unknown 9:8', 'there is nothing called "nothing"'],
        ['template.unknown 12:10', 'did you mean "ordinal"?'],
      ],
    },
    {
      because: 'a reference that is not closed is no reference',
      files: {
        'catalog/api/1.4.0.yaml': component('api', '1.4.0', 'configuration: { a: "${instance.port" }\n'),
      },
      wanted: [['template.syntax 6:22', 'not closed']],
    },
    {
      because: 'a field that the provider does not offer would only be found out at run time',
      files: {
        ...shop(storeElement + apiElement),
        'catalog/api/1.4.0.yaml': api('configuration: { a: "${relationships.store.endpoint.uri}" }\n'),
      },
      wanted: [['template.endpoint 7:22', 'the endpoint of store 1.2.0 has no "uri"; did you mean "url"?']],
    },
    {
      because: 'a misspelt relationship is suggested',
      files: {
        ...shop(storeElement + apiElement),
        'catalog/api/1.4.0.yaml': api('configuration: { a: "${relationships.stor.endpoint.url}" }\n'),
      },
      wanted: [['template.unknown 7:22', 'did you mean "store"?']],
    },
    {
      because: 'values that refer to each other can never be known',
      files: {
        ...shop(
          '  api: { component: api, version: 1.4.0, configuration: { a: "${configuration.b}", b: "${configuration.a}" } }\n',
        ),
        'catalog/api/1.4.0.yaml': component('api', '1.4.0', 'parameters: { properties: { a: {}, b: {} } }\n'),
      },
      wanted: [['template.loop 5:88', 'a → b → a']],
    },
    {
      because: 'an endpoint cannot be made of itself, nor of a secret',
      files: {
        'catalog/api/1.4.0.yaml': component(
          'api',
          '1.4.0',
          'endpoint: { a: "${element.endpoint.b}", b: "${secrets.x}" }\n',
        ),
      },
      wanted: [
        ['template.loop 6:17', 'refer to itself'],
        ['template.secret 6:45', 'an endpoint is shown to everybody'],
      ],
    },
    {
      because: 'a few lines could otherwise ask for gigabytes',
      files: {
        ...shop('  api: { component: api, version: 1.4.0 }\n'),
        'catalog/api/1.4.0.yaml': component(
          'api',
          '1.4.0',
          `parameters:\n  properties:\n    p0: { default: ${'x'.repeat(64)} }\n${Array.from({ length: 30 }, (_, i) => `    p${i + 1}: { default: "\${configuration.p${i}}\${configuration.p${i}}" }\n`).join('')}configuration: { a: "\${configuration.p30}" }\n`,
        ),
      },
      wanted: [['template.tooLarge 19:42', 'larger than 64 kB']],
    },
    {
      because: 'arguments of a process are shown to every user of the machine',
      files: {
        ...shop('  api: { component: api, version: 1.4.0, configuration: { word: "${secrets.one}" } }\n'),
        'catalog/api/1.4.0.yaml': component(
          'api',
          '1.4.0',
          'parameters: { properties: { word: { type: string } } }\nconfiguration: { command: [run, "${configuration.word}"], env: { W: "${secrets.one}" } }\n',
        ),
      },
      asked: { manifests: new Map([['noop', manifest('noop', { shownKeys: ['command'] })]]) },
      wanted: [['template.secret 7:27', 'command would show']],
    },
    {
      because: 'a secret is looked for before a rollout, not in the middle of it',
      files: {
        ...shop('  api: { component: api, version: 1.4.0 }\n'),
        'catalog/api/1.4.0.yaml': component(
          'api',
          '1.4.0',
          'configuration: { a: "${secrets.one}", b: "${secrets.two}" }\n',
        ),
      },
      asked: {
        secretStatus: (name, element) =>
          element !== 'prod/shop/api' ? 'ok' : name === 'one' ? 'missing' : 'forbidden',
      },
      wanted: [
        ['secret.missing 6:22', 'no such secret'],
        ['secret.forbidden 6:43', 'may not use'],
      ],
    },
  ],
  rollouts: [
    {
      because: 'with neither one more nor one fewer nothing can ever change',
      files: shop('  store: { component: store, version: 1.2.0, rollout: { maxSurge: 0 } }\n'),
      wanted: [
        ['rollout.downtime 5:46', 'leaves nothing of it running'],
        ['rollout.noRoom 5:57', 'can never change'],
      ],
    },
    {
      because: 'steps that nobody takes would be believed in',
      files: shop(
        '  store: { component: store, version: 1.2.0, rollout: { promote: auto, canary: { steps: [{ size: 1 }] } } }\n',
      ),
      wanted: [
        [
          'rollout.unused 5:57',
          'promote belongs to strategy canary or blueGreen, and the strategy of shop/store is rolling (by default)',
        ],
        ['rollout.unused 5:72', 'Write strategy: canary beside it, or remove canary.'],
      ],
    },
    {
      because: 'blueGreen waits for a person too, and has no steps',
      files: shop(
        '  store: { component: store, version: 1.2.0, rollout: { strategy: blueGreen, promote: auto, canary: {} } }\n',
      ),
      wanted: [
        ['rollout.unused 5:93', 'the strategy of shop/store is blueGreen'],
        ['canary.traffic 5:57', 'store 1.2.0 has an endpoint without an address'],
      ],
    },
    {
      because: 'blue and green hand over traffic, and there is none where nothing answers',
      files: {
        ...shop('  worker: { component: worker, version: 1.0.0, rollout: { strategy: blueGreen } }\n'),
        'catalog/worker/1.0.0.yaml': component('worker', '1.0.0'),
      },
      wanted: [['canary.traffic 5:59', 'use strategy canary with steps by size']],
    },
    {
      because: 'weights of what never passes the gateway would promise a share that nobody keeps',
      files: shop(
        '  store: { component: store, version: 1.2.0, rollout: { strategy: canary, canary: { steps: [{ weight: 10 }] } } }\n',
      ),
      wanted: [['canary.traffic 5:57', 'steps by weight of shop/store']],
    },
    {
      because: 'a canary without a step would ask nobody and measure nothing',
      files: shop('  store: { component: store, version: 1.2.0, rollout: { strategy: canary } }\n'),
      wanted: [['canary.noSteps 5:57', 'or strategy: rolling']],
    },
    {
      because: 'a step cannot bring up more than there will be',
      files: shop(
        '  store: { component: store, version: 1.2.0, size: 3, rollout: { strategy: canary, canary: { steps: [{ size: 1 }, { size: 5 }] } } }\n',
      ),
      wanted: [['canary.size 5:123', 'Use at most 3, or a percentage of the size']],
    },
    {
      because: 'steps in the defaults of the domain are for elements of every size, and percentages fit all',
      files: {
        'heliostat.yaml': `${domainFile}defaults: { rollout: { strategy: canary, canary: { steps: [{ size: 5 }] } } }\n`,
        ...shop(
          `${storeElement}  own: { component: store, version: 1.2.0, rollout: { canary: { steps: [{ size: 100% }] } } }\n`,
        ),
      },
      wanted: [],
    },
    {
      because: 'what is upgraded in place has no second one that could stand beside it',
      files: {
        ...shop('  store: { component: kept, version: 1.0.0, rollout: { strategy: blueGreen } }\n'),
        'catalog/kept/1.0.0.yaml': component('kept', '1.0.0', 'upgrade: inPlace\n'),
      },
      wanted: [['feature.unavailable 6:1', 'upgrade: sideBySide']],
    },
    {
      because: 'a rollout must not give up before one instance had its time',
      files: shop('  store: { component: store, version: 1.2.0, rollout: { progressDeadline: 5m } }\n'),
      wanted: [['rollout.deadlines 5:57', 'progressDeadline (5m) must be longer than healthyDeadline (5m)']],
    },
    {
      because: 'within no time nothing becomes healthy, so every rollout would fail as it began',
      files: shop(
        '  store: { component: store, version: 1.2.0, rollout: { healthyDeadline: 0s, progressDeadline: 0s } }\n',
      ),
      wanted: [
        ['rollout.noTime 5:57', 'healthyDeadline is 0s, so every rollout of it would fail at once'],
        ['rollout.noTime 5:78', 'Set progressDeadline longer than a healthy start takes'],
      ],
    },
    {
      because: 'no time in the defaults of the domain is no time for each element that leaves it there',
      files: {
        'heliostat.yaml': `${domainFile}defaults: { rollout: { progressDeadline: 0s } }\n`,
        ...shop(storeElement),
      },
      wanted: [['rollout.noTime 5:3', "progressDeadline is 0s in the domain's defaults"]],
    },
    {
      because: 'good answers that take as long together as the deadline allows never come in time',
      files: {
        ...shop(
          `${storeElement}  api: { component: slow, version: 1.0.0, rollout: { healthyDeadline: 20s } }\n`,
        ),
        'catalog/slow/1.0.0.yaml': component(
          'slow',
          '1.0.0',
          'health: { tcp: {}, interval: 5s, healthyAfter: 4 }\n',
        ),
      },
      wanted: [
        ['rollout.slowHealth 6:54', 'takes 20s (interval 5s, healthyAfter 4), and healthyDeadline is 20s'],
      ],
    },
    {
      because: 'the deadline that nobody wrote counts as well, and is said to be the default',
      files: {
        ...shop('  api: { component: slow, version: 1.0.0 }\n'),
        'catalog/slow/1.0.0.yaml': component('slow', '1.0.0', 'health: { tcp: {}, healthyAfter: 30 }\n'),
      },
      wanted: [['rollout.slowHealth 5:3', 'healthyDeadline is 5m by default']],
    },
    {
      because: 'a check that is a little quicker than its deadline is nobody’s mistake',
      files: {
        ...shop('  api: { component: slow, version: 1.0.0, rollout: { healthyDeadline: 20s } }\n'),
        'catalog/slow/1.0.0.yaml': component(
          'slow',
          '1.0.0',
          'health: { tcp: {}, interval: 5s, healthyAfter: 3, timeout: 1m }\n',
        ),
      },
      wanted: [],
    },
    {
      because: 'everybody who loses service by recreate has to agree, and is named',
      files: shop(
        `  store: { component: store, version: 1.2.0, rollout: { strategy: recreate } }\n${apiElement}`,
      ),
      wanted: [['rollout.downtime 5:46', 'Set rollout.allowDowntime: true on shop/store, shop/api']],
    },
    {
      because: 'as many unavailable as there are is downtime by another name',
      files: shop('  store: { component: store, version: 1.2.0, size: 2, rollout: { maxUnavailable: 2 } }\n'),
      wanted: [['rollout.downtime 5:55', 'maxUnavailable lets every instance stop']],
    },
    {
      because: 'one port has one owner',
      files: shop(
        '  b: { component: store, version: 1.2.0, expose: { port: 80 } }\n  a: { component: store, version: 1.2.0, expose: { port: 80 } }\n',
      ),
      wanted: [['expose.port 5:58', 'shop/a and shop/b both expose port 80']],
    },
    {
      because: 'a file that nobody can review is refused, at a number that the domain may choose',
      files: {
        ...shop(`${storeElement}  other: { component: store, version: 1.2.0 }\n`),
        'heliostat.yaml': `${domainFile}limits: { elementsPerSolution: 1 }\n`,
      },
      wanted: [['solution.tooLarge 4:1', '2 elements, and 1 is the limit']],
    },
  ],
  providers: [
    {
      because: 'a misspelt provider is suggested',
      files: { 'catalog/api/1.4.0.yaml': component('api', '1.4.0').replace('noop', 'nop') },
      wanted: [['provider.unknown 5:11', 'did you mean "noop"?']],
    },
    {
      because: 'what the provider says of its configuration is checked, with references left open',
      files: {
        ...shop('  api: { component: api, version: 1.4.0, configuration: { n: 5 } }\n'),
        'catalog/api/1.4.0.yaml': component(
          'api',
          '1.4.0',
          'parameters: { properties: { n: {} } }\nconfiguration: { comand: [x], size: "${configuration.n}" }\n',
        ),
      },
      asked: { manifests: strict() },
      wanted: [['provider.configuration 7:18', 'did you mean "command"?']],
    },
    {
      because: 'and once more where a parameter was filled in',
      files: {
        ...shop('  api: { component: api, version: 1.4.0, configuration: { n: 5 } }\n'),
        'catalog/api/1.4.0.yaml': component(
          'api',
          '1.4.0',
          'parameters: { properties: { n: {} } }\nconfiguration: { size: "${configuration.n}" }\n',
        ),
      },
      asked: { manifests: strict() },
      wanted: [['provider.configuration 7:24', 'shop/api: provider noop: "size" must be at most 3']],
    },
  ],
  artifacts: [
    {
      because: 'a release without its files is incomplete',
      files: {
        'services/api/main.mjs': '1',
        'catalog/api/1.4.0.yaml': component(
          'api',
          '1.4.0',
          'artifacts: [services/api, "services/*.mjs", "a[b]"]\n',
        ),
      },
      wanted: [
        ['artifacts.empty 6:13', 'Write services/api/**'],
        ['artifacts.empty 6:27', 'no file of this revision'],
        ['artifacts.pattern 6:45', 'not a pattern'],
      ],
    },
    {
      because: 'a link could lead anywhere',
      files: {
        'services/api/main.mjs': { kind: 'symlink', text: '/etc/passwd' },
        'services/api/other': '1',
        'catalog/api/1.4.0.yaml': component('api', '1.4.0', 'artifacts: [services/**]\n'),
        'solutions/x.yaml': { kind: 'symlink', text: '/etc/passwd' },
        'catalog/sub': { kind: 'submodule' },
      },
      wanted: [
        ['git.symlink 6:12', 'services/api/main.mjs is a symlink'],
        ['git.submodule 0:0', 'a submodule cannot be part'],
        ['git.symlink 0:0', 'cannot be a link'],
      ],
    },
  ],
};

function strict(): ReadonlyMap<string, ProviderManifest> {
  const configuration = {
    type: 'object',
    properties: {
      command: { type: 'array', items: { type: 'string' } },
      size: { type: 'integer', maximum: 3 },
    },
  };
  return new Map([['noop', manifest('noop', { configuration })]]);
}

for (const [area, list] of Object.entries(cases)) {
  describe(`diagnostics of ${area}`, () => {
    it.each(list.map((one) => [one.because, one] as const))('%s', async (_, { files, asked, wanted }) => {
      const { validation } = await loadFiles({ 'heliostat.yaml': domainFile, ...files }, asked);
      const found = validation.diagnostics.map(({ code, line, column }) => `${code} ${line}:${column}`);
      expect(found.sort()).toEqual([...new Set(wanted.map(([place]) => place))].sort());
      for (const [place, text] of wanted) {
        const [code] = place.split(' ');
        const said = validation.diagnostics
          .filter((one) => one.code === code)
          .map((one) => `${one.message} ${one.fix}`);
        expect(said.join('\n')).toContain(text);
      }
    });
  });
}
