import type { Json, JsonMap } from '../../../core/base/data.js';
import { quick } from './base-model.js';
import { fieldsOf } from './fields.js';
import { durations, to, type Site, type Sites } from './site.js';
import { triesOf, type Expectation, type Try } from './tries.js';

/** What becomes of a canary that says nothing wrong. */
const taken: Expectation = 'applied';

/** What only people know of a field below `canary`. */
interface Known {
  readonly values?: readonly Try[];
  readonly but?: Readonly<Record<string, Expectation>>;
}

const gate = 'steps.*.gates.*';

const known: Readonly<Record<string, Known>> = {
  '': { but: { removed: 'canary.noSteps', empty: 'canary.noSteps' } },
  steps: {
    values: [
      to([{ size: 1 }, { size: '50%' }], 'canary.mixed'),
      to([{ size: '25%' }, { size: '50%' }], taken),
    ],
    but: { removed: 'canary.noSteps', empty: 'canary.noSteps' },
  },
  'steps.*': {
    values: [to({ size: 1, weight: 1 }, 'canary.share')],
    but: { empty: 'canary.share', removed: 'canary.noSteps' },
  },
  'steps.*.size': { values: [to('25%', taken), to('0%', 'rejected')], but: { removed: 'canary.share' } },
  'steps.*.weight': { but: { removed: 'canary.share' } },
  'steps.*.pause': { values: times() },
  [`${gate}`]: { values: [to({ name: 'ok' }, 'gate.measure')] },
  [`${gate}.http`]: { but: { removed: 'gate.measure', empty: 'gate.target' } },
  [`${gate}.http.path`]: { but: { removed: 'gate.target' } },
  [`${gate}.http.url`]: {
    values: [to('http://127.0.0.1:1/', taken), to('ftp://a/', 'gate.url'), to('http://a:b@c/', 'gate.url')],
    but: { removed: 'gate.target' },
  },
  [`${gate}.http.json`]: { values: [to('body.ok', taken), to('body.', 'gate.condition')] },
  [`${gate}.prometheus`]: { but: { removed: 'gate.measure' } },
  [`${gate}.prometheus.threshold`]: {
    values: [to('<= 1', taken), to({ min: 1, max: 2 }, taken), to({ min: 2, max: 1 }, 'gate.threshold')],
  },
  [`${gate}.prometheus.threshold.min`]: { but: { 'a number': taken, removed: 'rejected' } },
  [`${gate}.prometheus.threshold.max`]: { but: { 'a number': taken, removed: 'rejected' } },
  [`${gate}.command`]: { but: { removed: 'gate.measure' } },
  [`${gate}.command.*`]: { but: { removed: 'rejected' } },
  [`${gate}.interval`]: { values: times(to('0s', 'gate.noTime')) },
  [`${gate}.timeout`]: { values: times(to('0s', 'gate.noTime')) },
};

/** Of its own words only: the defaults are for elements of every size. */
const ofElement: Readonly<Record<string, Known['but']>> = { 'steps.*.size': { most: 'canary.size' } };

/** Among all elements there is one without an endpoint. */
const ofDefaults: Readonly<Record<string, Known['but']>> = {
  'steps.*.weight': { least: 'canary.traffic', most: 'canary.traffic' },
};

function times(...but: readonly Try[]): readonly Try[] {
  return durations(...but).map((one) => (one.expect === 'applied' ? { ...one, expect: taken } : one));
}

/** Each field of a canary, in a rollout that has nothing else in it that could be refused. */
export function canarySites(path: string, at: string): Sites {
  const prefix = `${path}.canary`;
  const kind = path.startsWith('defaults') ? 'Domain' : 'Solution';
  const fields = fieldsOf(kind).filter((field) => field.path.startsWith(prefix));
  return Object.fromEntries(
    fields.map((field) => {
      const inside = field.path.slice(prefix.length + 1);
      const { values = [], but: exceptions = {} } = known[inside] ?? {};
      const but = { ...exceptions, ...(kind === 'Solution' ? ofElement : ofDefaults)[inside] };
      const derived = triesOf(field, undefined)
        .filter(({ expect }) => expect === 'applied')
        .map(({ label }) => [label, taken] as const);
      const keys = inside === '' ? [] : inside.split('.');
      const site: Site = {
        at,
        make: (value) => ({ ...quick, ...put(around(inside), ['canary', ...keys], value) }),
        values,
        but: { ...Object.fromEntries(derived), ...but },
      };
      return [field.path, site];
    }),
  );
}

function around(inside: string): JsonMap {
  const share: JsonMap = inside.endsWith('.weight') ? { weight: 10 } : { size: 1 };
  const steps = [{ ...share, pause: '1s', gates: [{ name: 'ok', ...measure(inside) }] }];
  return { strategy: 'canary', promote: 'auto', canary: { steps } };
}

function measure(inside: string): JsonMap {
  if (inside.includes('prometheus'))
    return {
      prometheus: { url: 'http://127.0.0.1:1', query: 'up', threshold: inside.includes('d.m') ? {} : '> 0' },
    };
  if (inside.includes('command')) return { command: ['true'] };
  return { http: inside.endsWith('.url') ? {} : { path: '/' } };
}

/** A copy with the value at the path, where `*` is the first of a list; without the key where there is no value. */
function put(json: JsonMap, [key = '', ...rest]: readonly string[], value: Json | undefined): JsonMap {
  const { [key]: now = {}, ...others } = json;
  if (rest[0] === '*') {
    const item = rest.length === 1 ? value : put((now as readonly JsonMap[])[0] ?? {}, rest.slice(1), value);
    return {
      ...others,
      ...(item === undefined ? (key === 'status' ? {} : { [key]: [] }) : { [key]: [item] }),
    };
  }
  const next = rest.length === 0 ? value : put(now as JsonMap, rest, value);
  return next === undefined ? others : { ...others, [key]: next };
}
