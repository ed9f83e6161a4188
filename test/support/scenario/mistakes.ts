import { app, solution } from './model.js';

/** A file with one mistake; `»` stands before what is wrong. */
export interface Mistake {
  readonly code: string;
  readonly file: string;
  readonly text: string;
}

/** Component files, each wrong in its own way. */
const components: readonly (readonly [string, string, string, string])[] = [
  ['kind.apiVersion', 'apiv', 'apiVersion: heliostat/v1', '»apiVersion: heliostat/v9'],
  ['kind.unknown', 'kind', 'kind: Component', 'kind: »Componnent'],
  ['name.invalid', 'name', 'name: name', 'name: »Name'],
  ['version.prefix', 'vee', 'version: 1.0.0', 'version: »v1.0.0'],
  ['version.number', 'ten', 'version: 1.0.0', 'version: »1.10'],
  ['yaml.duplicateKey', 'twice', 'provider: process', 'provider: process\n»provider: process'],
  ['provider.unknown', 'prov', 'provider: process', 'provider: »proces'],
  ['artifacts.empty', 'arti', 'services/app.mjs]\np', '»services/none/**]\np'],
  ['schema.unknownKey', 'key', 'dependencies: {}', '»dependancies: {}'],
  ['template.unknown', 'ref', 'NOTE: "${configuration.note}"', 'NOTE: "»${configuration.nothing}"'],
  ['value.duration', 'time', 'start: 20s', 'start: »soon'],
];

const elements: readonly (readonly [string, string])[] = [
  ['component.unknown', '{ component: »wep, version: 1.0.0 }'],
  ['component.version', '{ component: web, version: »9.0.0 }'],
  ['configuration.unknown', '{ component: web, version: 1.0.0, configuration: { »noet: x } }'],
  ['configuration.value', '{ component: web, version: 1.0.0, configuration: { note: »5 } }'],
  ['relationship.missing', '{ component: user, version: 1.0.0 }'],
  ['relationship.element', '{ component: user, version: 1.0.0, relationships: { web: »nobody } }'],
];

const values: readonly (readonly [string, string])[] = [
  ['value.number', '{ component: web, version: 1.0.0, size: »-1 }'],
  ['schema.choice', '{ component: web, version: 1.0.0, rollout: { strategy: »rollling } }'],
];

/** Twenty different ones. */
export function mistakes(): Mistake[] {
  return [
    ...components.map(([code, name, right, wrong]) => {
      const [file, text] = Object.entries(app(name, '1.0.0'))[0] as [string, string];
      if (!text.includes(right)) throw new Error(`${file} has no ${right}`);
      return { code, file, text: text.replace(right, () => wrong) };
    }),
    ...elements.map(([code, text], i) => inSolution(code, `wrong-${i}`, text)),
    ...values.map(([code, text], i) => inSolution(code, `value-${i}`, text)),
    { code: 'yaml.syntax', file: 'catalog/broken/1.0.0.yaml', text: 'name: [broken\n»version: 1.0.0\n' },
  ];
}

function inSolution(code: string, name: string, element: string): Mistake {
  const [file, text] = Object.entries(solution(name, { web: element }))[0] as [string, string];
  return { code, file, text };
}

/** What else they need: a component that uses another. */
export function soundFiles(): Record<string, string> {
  return app('user', '1.0.0', {
    dependencies: '{ web: { type: service, component: web, version: ">=1 <2" } }',
  });
}

export function filesOf(all: readonly Mistake[]): Record<string, string> {
  return Object.fromEntries(all.map(({ file, text }) => [file, text.replace('»', '')]));
}

/** `code file:line:column`, lines and columns from 1. What is missing is missed at the element's name. */
export function placeOf({ code, file, text }: Mistake): string {
  if (!text.includes('»')) return `${code} ${file}:5:3`;
  const before = text.slice(0, text.indexOf('»')).split('\n');
  return `${code} ${file}:${before.length}:${(before.at(-1) ?? '').length + 1}`;
}
