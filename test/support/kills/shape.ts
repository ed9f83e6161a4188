import { solution } from '../scenario/model.js';
import type { Random } from '../small-world/random.js';
import { appFile, components } from './components.js';

/** What the model asks for at one commit, small enough to be held in the hand. */
export interface Shape {
  /** First number of all versions: an api of the second needs a consumer of the second. */
  readonly line: 1 | 2;
  readonly api: Part;
  readonly web: Part;
  /** Elements that nobody uses: they come and go. */
  readonly extras: { readonly [name: string]: Part };
  readonly greeting: string;
  /**
   * The model asks for this version of web, which nobody made: it must be rejected, and what runs goes on.
   * Another one each time, as a mistake that the tip before had is no reason to reject.
   */
  readonly missing: number | null;
}

export interface Part {
  readonly minor: number;
  readonly size: number;
  readonly note: string;
}

export const firstShape: Shape = {
  line: 1,
  api: { minor: 0, size: 2, note: 'first' },
  web: { minor: 0, size: 2, note: 'first' },
  extras: { 'extra-a': { minor: 0, size: 1, note: 'first' } },
  greeting: 'hello',
  missing: null,
};

export function versionOf(shape: Shape, { minor }: Part): string {
  return `${shape.line}.${minor}.0`;
}

/** Elements that run as processes, with all of them that there must be. */
export function processParts(shape: Shape): ReadonlyMap<string, Part> {
  const extras = Object.entries(shape.extras).map(([name, part]) => [`side/${name}`, part] as const);
  return new Map([['shop/api', shape.api], ['shop/web', shape.web], ...extras]);
}

export function domainText(): string {
  return `apiVersion: heliostat/v1
kind: Domain
name: test
defaults:
  rollout: { minHealthyTime: 100ms, drainDelay: 100ms, healthyDeadline: 60s, progressDeadline: 180s, onFailure: pause }
  repairInterval: 1s
`;
}

/** Everything that never changes. */
export function catalog(): Record<string, string> {
  return { 'heliostat.yaml': domainText(), ...appFile(), ...components() };
}

/** The files that follow from a shape. */
export function filesOf(shape: Shape): Record<string, string> {
  const line = (component: string, part: Part, more = ''): string =>
    `{ component: ${component}, version: ${versionOf(shape, part)}, size: ${part.size}, configuration: { note: ${part.note} }${more} }`;
  const web = shape.missing === null ? shape.web : { ...shape.web, minor: shape.missing };
  const extras = Object.entries(shape.extras).map(([name, part]) => [name, line('worker', part)] as const);
  return {
    ...solution('shop', {
      api: line('api', shape.api, ', expose: { port: auto }'),
      web: line('web', web, ', expose: { port: auto }, relationships: { api: api }'),
    }),
    ...solution('side', {
      greeting: `{ component: greeting, version: 1.0.0, configuration: { text: ${shape.greeting} } }`,
      ...Object.fromEntries(extras),
    }),
  };
}

export type ChangeKind =
  'version' | 'line' | 'scale' | 'configuration' | 'element' | 'file' | 'invalid' | 'revert';

/** The next commit's shape; never of kind `revert`, which needs the past. */
export function changed(shape: Shape, kind: Exclude<ChangeKind, 'revert'>, random: Random): Shape {
  const sound = { ...shape, missing: null };
  switch (kind) {
    case 'version':
      return changePart(sound, random, (part) => ({
        ...part,
        minor: (part.minor + random.between(1, 2)) % 3,
      }));
    case 'line':
      return { ...sound, line: shape.line === 1 ? 2 : 1 };
    case 'scale':
      return changePart(sound, random, (part) => ({
        ...part,
        size: 1 + ((part.size - 1 + random.between(1, 2)) % 3),
      }));
    case 'configuration':
      return changePart(sound, random, (part) => ({ ...part, note: word(random) }));
    case 'element':
      return { ...sound, extras: addedOrRemoved(shape.extras, random) };
    case 'file':
      return { ...sound, greeting: word(random) };
    case 'invalid':
      return { ...sound, missing: random.between(1_000, 999_999) };
  }
}

function changePart(shape: Shape, random: Random, change: (part: Part) => Part): Shape {
  const names = Object.keys(shape.extras).sort();
  const which = random.pick(['api', 'web', ...names.slice(0, 1)]);
  if (which === 'api') return { ...shape, api: change(shape.api) };
  if (which === 'web') return { ...shape, web: change(shape.web) };
  return { ...shape, extras: { ...shape.extras, [which]: change(shape.extras[which] as Part) } };
}

function addedOrRemoved(extras: Shape['extras'], random: Random): Shape['extras'] {
  const name = random.pick(['extra-a', 'extra-b', 'extra-c']);
  const { [name]: known, ...others } = extras;
  return known === undefined ? { ...extras, [name]: { minor: 0, size: 1, note: word(random) } } : others;
}

function word(random: Random): string {
  return `n${random.between(0, 999_999)}`;
}
