import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../../../src/core/base/data.js';
import type { AcceptedModel } from '../../../src/core/graph/model.js';
import type { Ledger, ValidatedTip } from '../../../src/core/graph/types.js';
import {
  component,
  domainFile,
  ledgerAfter,
  loadFrom,
  MemoryRepository,
  type Asked,
  type Files,
  type LoadedModel,
} from '../../support/model-repository.js';

interface Element {
  component: string;
  version: string;
  size: number;
  relationships: Record<string, { element: string; solution: string }>;
  configuration: Record<string, string>;
  port: number | null;
  recreate: boolean;
  allowDowntime: boolean;
}

interface World {
  solutions: Record<string, { elements: Record<string, Element>; comment: number; broken: boolean }>;
  releases: Record<
    string,
    { range: string; context: boolean; field: string; comment: number; artifact: boolean; wrong?: boolean }
  >;
  artifact: number;
  defaults: number;
}

const versions = ['1.0.0', '1.1.0', '2.0.0', '2.1.0-dev.1'];
const components = ['a', 'b', 'c'];
const solutionNames = ['s1', 's2', 's3', 's4'];
const elementNames = ['e1', 'e2', 'e3'];

/** Component `b` needs an `a`, `c` needs a `b`: sometimes as context, sometimes as service. */
const needs: Record<string, string | undefined> = { b: 'a', c: 'b', a: undefined };

function start(): World {
  const world: World = { solutions: {}, releases: {}, artifact: 0, defaults: 10 };
  for (const name of components) {
    for (const version of versions.slice(0, 3)) {
      world.releases[`${name}@${version}`] = {
        range: '>=1 <2',
        context: name === 'b',
        field: 'url',
        comment: 0,
        artifact: version === '1.1.0',
      };
    }
  }
  for (const solution of solutionNames) {
    world.solutions[solution] = { comment: 0, broken: false, elements: {} };
    components.forEach((name, i) => {
      const need = needs[name];
      const elements = world.solutions[solution]?.elements ?? {};
      elements[elementNames[i] ?? ''] = {
        component: name,
        version: '1.0.0',
        size: 2,
        relationships: need === undefined ? {} : { [need]: { element: elementNames[i - 1] ?? '', solution } },
        configuration: {},
        port: null,
        recreate: false,
        allowDowntime: false,
      };
    });
  }
  return world;
}

function filesOf(world: World): Files {
  const files: Files = {
    'heliostat.yaml': `${domainFile}defaults: { rollout: { minHealthyTime: ${world.defaults}s } }\n`,
    'bin/tool.sh': `echo ${world.artifact}`,
  };
  for (const [key, release] of Object.entries(world.releases)) {
    const [name = '', version = ''] = key.split('@');
    const need = needs[name];
    const wrong = release.wrong === true ? ', w: "${instance.prot}"' : '';
    const lines = [
      '#\n'.repeat(release.comment),
      release.artifact ? 'artifacts: [bin/**]\n' : '',
      'parameters: { properties: { level: { type: string, default: low } } }\n',
      `endpoint: { ${release.field}: "x \${instance.port} \${configuration.level}" }\n`,
      need === undefined
        ? `configuration: { l: "\${configuration.level}"${wrong} }\n`
        : `configuration: { l: "\${configuration.level}"${wrong}, u: "\${relationships.${need}.endpoint.url}" }
dependencies: { ${need}: { type: ${release.context ? 'context' : 'service'}, component: ${need}, version: "${release.range}" } }\n`,
    ];
    files[`catalog/${name}/${version}.yaml`] = component(name, version, lines.join(''));
  }
  for (const [name, solution] of Object.entries(world.solutions)) {
    const elements = Object.entries(solution.elements).map(([element, value]) => {
      const { port, recreate, allowDowntime, ...rest } = value;
      const rollout = {
        ...(recreate ? { strategy: 'recreate' } : {}),
        ...(allowDowntime ? { allowDowntime } : {}),
      };
      return `  ${element}: ${JSON.stringify({ ...rest, rollout, ...(port === null ? {} : { expose: { port } }) })}`;
    });
    files[`solutions/${name}.yaml`] = `${'#\n'.repeat(solution.comment)}apiVersion: heliostat/v1
kind: Solution
name: ${name}
elements:${elements.length === 0 ? ' {}' : `\n${elements.join('\n')}`}
${solution.broken ? 'nonsense: [' : ''}\n`;
  }
  return files;
}

type Edit = (world: World) => void;

const anySolution = fc.constantFrom(...solutionNames);
const anyElement = fc.record({ solution: anySolution, element: fc.constantFrom(...elementNames) });
const anyRelease = fc.record({ name: fc.constantFrom(...components), version: fc.constantFrom(...versions) });

function onElement<T>(
  value: fc.Arbitrary<T>,
  change: (element: Element, value: T) => void,
): fc.Arbitrary<Edit> {
  return fc.tuple(anyElement, value).map(([{ solution, element }, chosen]) => (world) => {
    const found = world.solutions[solution]?.elements[element];
    if (found !== undefined) change(found, chosen);
  });
}

const edit: fc.Arbitrary<Edit> = fc.oneof(
  {
    weight: 4,
    arbitrary: onElement(fc.constantFrom(...versions), (element, version) => (element.version = version)),
  },
  {
    weight: 2,
    arbitrary: onElement(fc.integer({ min: -1, max: 2 }), (element, size) => (element.size = size)),
  },
  onElement(fc.constantFrom('low', 'high', '${configuration.level}', '${secrets.x}'), (element, level) => {
    element.configuration = { level };
  }),
  onElement(fc.constantFrom(null, 80, 81), (element, port) => (element.port = port)),
  onElement(fc.tuple(fc.boolean(), fc.boolean()), (element, [recreate, allow]) => {
    element.recreate = recreate;
    element.allowDowntime = allow;
  }),
  {
    weight: 3,
    arbitrary: onElement(
      fc.tuple(fc.constantFrom(...components), anyElement),
      (element, [dependency, to]) => {
        element.relationships = { [dependency]: to };
      },
    ),
  },
  onElement(fc.constantFrom(...components), (element, name) => (element.component = name)),
  anySolution.map((name) => (world: World) => {
    const found = world.solutions[name];
    if (found !== undefined) found.comment = (found.comment + 1) % 3;
  }),
  anySolution.map((name) => (world: World) => {
    const found = world.solutions[name];
    if (found !== undefined) found.broken = !found.broken;
  }),
  fc.tuple(anySolution, fc.constantFrom(...elementNames)).map(([name, element]) => (world: World) => {
    delete world.solutions[name]?.elements[element];
  }),
  fc.tuple(anySolution, anySolution).map(([from, to]) => (world: World) => {
    const copy = world.solutions[from];
    if (copy !== undefined) world.solutions[to] = structuredClone(copy);
  }),
  anySolution.map((name) => (world: World) => {
    delete world.solutions[name];
  }),
  fc
    .tuple(anyRelease, fc.constantFrom('>=1 <2', '>=1 <3', '^3', '>=2.1.0-0'), fc.boolean())
    .map(([{ name, version }, range, context]) => (world: World) => {
      world.releases[`${name}@${version}`] = { range, context, field: 'url', comment: 0, artifact: false };
    }),
  anyRelease.map(({ name, version }) => (world: World) => {
    delete world.releases[`${name}@${version}`];
  }),
  fc
    .tuple(anyRelease, fc.nat(2), fc.constantFrom('url', 'uri'))
    .map(([{ name, version }, comment, field]) => (world: World) => {
      const found = world.releases[`${name}@${version}`];
      if (found !== undefined) Object.assign(found, { comment, field });
    }),
  fc.tuple(anyRelease, fc.boolean()).map(([{ name, version }, wrong]) => (world: World) => {
    const found = world.releases[`${name}@${version}`];
    if (found !== undefined) found.wrong = wrong;
  }),
  fc.nat(3).map((artifact) => (world: World) => {
    world.artifact = artifact;
  }),
  fc.nat(1).map((more) => (world: World) => {
    world.defaults = 10 + more;
  }),
);

function shown(loaded: LoadedModel): Record<string, string> {
  const stale = new Set(loaded.validation.stale.map(({ solution }) => solution));
  const solutions = [...loaded.desired.solutions.values()]
    .filter((solution) => !stale.has(solution.name))
    .map((solution) => ({ ...solution, elements: [...solution.elements] }));
  const { diagnostics, accepted, tip, releases } = loaded.validation;
  return {
    solutions: canonicalJson(solutions),
    diagnostics: canonicalJson(diagnostics),
    verdict: canonicalJson({ accepted, stale: loaded.validation.stale }),
    tip: canonicalJson(tip),
    releases: canonicalJson(releases),
    consumers: canonicalJson(
      solutionNames.flatMap((solution) =>
        elementNames.map((element) => loaded.desired.consumers(`${solution}/${element}` as never)),
      ),
    ),
  };
}

async function loadStep(repository: MemoryRepository, tree: string, asked: Asked): Promise<LoadedModel> {
  const loaded = await loadFrom(repository, { kind: 'tree', tree }, asked);
  if (loaded.kind !== 'loaded') throw new Error(loaded.kind);
  return loaded;
}

/** After every step, what was computed from the change must equal what is computed from nothing. */
async function follow(steps: readonly (readonly Edit[])[]): Promise<void> {
  const world = start();
  const repository = new MemoryRepository();
  let base: AcceptedModel | null = null;
  let previousTip: ValidatedTip | null = null;
  let ledger: Ledger = new Map();
  for (const edits of [[], ...steps]) {
    for (const change of edits) change(world);
    const tree = repository.write(filesOf(world));
    const whole = await loadStep(repository, tree, { ledger, previousTip });
    const part = await loadStep(repository, tree, { ledger, previousTip, base });
    expect(shown(part)).toEqual(shown(whole));
    previousTip = part.validation.tip;
    if (!part.validation.accepted) continue;
    base = part.model;
    ledger = ledgerAfter(ledger, part.validation.releases);
  }
}

describe('after each of a random sequence of changes', () => {
  it('what was computed from the change equals what is computed from nothing, byte for byte', async () => {
    const steps = fc.array(fc.array(edit, { minLength: 1, maxLength: 3 }), { maxLength: 12 });
    await fc.assert(fc.asyncProperty(steps, follow), { numRuns: 30 });
  }, 120_000);
});

describe('a release that was changed, and has another mistake beside', () => {
  it('names the next version as it is now that another release came', async () => {
    const spoil: Edit = (world) => {
      const released = world.releases['a@1.0.0'];
      if (released !== undefined) released.wrong = true;
    };
    const release: Edit = (world) => {
      world.releases['a@2.1.0-dev.1'] = {
        range: '>=1 <2',
        context: false,
        field: 'url',
        comment: 0,
        artifact: false,
      };
    };
    // Told once, the mistake is known: the next revision that has it is taken up with it.
    await follow([[spoil], [spoil], [release]]);
  });
});

describe('elements that depend on each other in a circle', () => {
  it('are told at the line where the file says it now, though only a comment came above', async () => {
    const circle: Edit = (world) => {
      const consumer = world.solutions['s4']?.elements['e2'];
      if (consumer === undefined) return;
      consumer.relationships = { [needs['b'] ?? '']: { element: 'e3', solution: 's4' } };
    };
    const comment: Edit = (world) => {
      const found = world.solutions['s4'];
      if (found !== undefined) found.comment = 1;
    };
    // Told once, the mistake is known: the next revision that has it is taken up with it.
    await follow([[circle], [circle], [comment]]);
  });
});
