import type { Random } from '../random.js';
import type { Element, Model, Policy, StepWords } from './model.js';
import { consumersOf, keyOf, needsOf, withElement, withRelease } from './model.js';
import { releaseText, textsOf } from './texts.js';

/** Files with one mistake among them. */
export interface Broken {
  readonly mistake: string;
  readonly files: ReadonlyMap<string, string>;
}

const plain: Policy = {
  strategy: 'rolling',
  surge: 1,
  unavailable: 0,
  onFailure: null,
  steps: [],
  promote: null,
  times: [],
};
const canary: Policy = { ...plain, strategy: 'canary' };

function stepOf(weight: number): StepWords {
  return { share: `weight: ${weight}`, pause: '0s', gates: [] };
}

type Breaker = (model: Model, element: Element, random: Random) => ReadonlyMap<string, string> | null;

const breakers: Readonly<Record<string, Breaker>> = {
  'broken YAML': (model, { solution }) => text(model, `solutions/${solution}.yaml`, (was) => `${was}  - [\n`),
  'a tab': (model, { solution }) => text(model, `solutions/${solution}.yaml`, (was) => `${was}\tx: 1\n`),
  'duplicate key': (model, { solution }) =>
    text(model, `solutions/${solution}.yaml`, (was) => `${was}elements: {}\n`),
  'unknown key': (model, { solution }) =>
    text(model, `solutions/${solution}.yaml`, (was) => `${was}elemnts: {}\n`),
  'other kind': (model, { solution }) =>
    text(model, `solutions/${solution}.yaml`, (was) => was.replace('kind: Solution', 'kind: Solutoin')),
  'no such version': (model, element) => textsOf(withElement(model, { ...element, version: '9.9.9' })),
  'no such component': (model, element) => textsOf(withElement(model, { ...element, component: 'nothing' })),
  'size -1': (model, element) => textsOf(withElement(model, { ...element, size: -1 })),
  'duplicate port': (model, element) => {
    const other = [...model.elements.values()].find((one) => one !== element);
    if (other === undefined) return null;
    const both = withElement(model, { ...other, expose: 8_080 });
    return textsOf(withElement(both, { ...element, expose: 8_080 }));
  },
  'provider of size 0': (model, element) =>
    element.size > 0 && consumersOf(model, keyOf(element)).some(({ size }) => size > 0)
      ? textsOf(withElement(model, { ...element, size: 0 }))
      : null,
  'no such element': (model, element) => {
    const [need] = needsOf(model, element);
    if (need === undefined) return null;
    const bindings = { ...element.bindings, [need.component]: `${element.solution}/nobody` };
    return textsOf(withElement(model, { ...element, bindings }));
  },
  'out of range': (model, element) => released(model, element, '>=7'),
  'not a range': (model, element) => released(model, element, '>>7'),
  circle: (model, element) => {
    const [consumer] = consumersOf(model, keyOf(element));
    const release = model.releases.get(`${element.component}@${element.version}`);
    if (consumer === undefined || release === undefined) return null;
    const need = { component: consumer.component, type: 'service', range: '*', optional: false } as const;
    const next = withRelease(model, { ...release, version: '9.1.0', needs: [...release.needs, need] });
    const bindings = { ...element.bindings, [consumer.component]: keyOf(consumer) };
    return textsOf(withElement(next, { ...element, version: '9.1.0', bindings }));
  },
  'no room': (model, element) =>
    textsOf(
      withElement(model, {
        ...element,
        policy: { ...plain, surge: 0, unavailable: 0 },
      }),
    ),
  'steps that fall': (model, element) =>
    textsOf(withElement(model, { ...element, policy: { ...canary, steps: [stepOf(50), stepOf(10)] } })),
  'steps of a rolling rollout': (model, element) =>
    textsOf(withElement(model, { ...element, policy: { ...plain, steps: [stepOf(10)] } })),
  'no such provider': (model, element) => {
    const release = model.releases.get(`${element.component}@${element.version}`);
    if (release === undefined) return null;
    const files = textsOf(withElement(model, { ...element, version: '9.2.0' }));
    const wrong = releaseText({ ...release, version: '9.2.0' }).replace(/provider: \w+/, 'provider: nobody');
    return files.set(`catalog/${element.component}/9.2.0.yaml`, wrong);
  },
  'no domain': (model) => {
    const files = textsOf(model);
    files.delete('heliostat.yaml');
    return files;
  },
  'not in this release': (model) =>
    text(model, 'heliostat.yaml', (was) => was.replace('kind: Domain', 'kind: Domain\ncatalogs: [catalog]')),
};

/** A commit that must be rejected. */
export function broken(model: Model, random: Random): Broken | null {
  const elements = [...model.elements.values()];
  if (elements.length === 0) return null;
  const names = Object.keys(breakers);
  for (let i = 0; i < 8; i++) {
    const mistake = random.pick(names);
    const files = breakers[mistake]?.(model, random.pick(elements), random) ?? null;
    if (files !== null) return { mistake, files };
  }
  return null;
}

/** Changes what was released, which is for ever. */
export function changedRelease(model: Model, key: string): Broken | null {
  const release = model.releases.get(key);
  if (release === undefined) return null;
  const files = textsOf(withRelease(model, { ...release, build: release.build + 100 }));
  return { mistake: `changed release ${key}`, files };
}

function text(model: Model, path: string, edit: (was: string) => string): Map<string, string> {
  const files = textsOf(model);
  return files.set(path, edit(files.get(path) ?? ''));
}

/** A release in whose range none of its providers is. */
function released(model: Model, element: Element, range: string): Map<string, string> | null {
  const release = model.releases.get(`${element.component}@${element.version}`);
  const [need, ...others] = needsOf(model, element);
  if (release === undefined || need === undefined) return null;
  const next = withRelease(model, { ...release, version: '9.0.0', needs: [{ ...need, range }, ...others] });
  return textsOf(withElement(next, { ...element, version: '9.0.0' }));
}
