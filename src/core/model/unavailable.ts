import type { Json, JsonMap } from '../base/data.js';
import { isMap } from '../base/data.js';
import type { Findings, Path } from './findings.js';
import { quoted } from './quote.js';

/** A key or value of the format whose meaning comes with a later release. Never ignored: that would be a promise broken. */
interface Feature {
  readonly key: string;
  /** Which values of the key; by default all. */
  readonly refuses?: (value: Json) => boolean;
  readonly instead: string;
}

const is =
  (...values: readonly Json[]) =>
  (value: Json): boolean =>
    values.includes(value);

/** By the part of a document in which it would stand. Whoever lists them learns of a new one by itself. */
export const unavailable = {
  domain: [
    { key: 'catalogs', instead: 'Remove it, and keep the catalog in the folder of this file.' },
    { key: 'architectures', instead: 'Remove it, and write the elements into the solutions.' },
  ],
  component: [
    { key: 'extends', instead: 'Remove it, and write out what the other release says.' },
    { key: 'upgrade', refuses: is('inPlace'), instead: 'Write upgrade: sideBySide.' },
    {
      key: 'onRemove',
      refuses: is('retain'),
      instead: 'Remove it, and use provider: external for what must stay.',
    },
  ],
  dependency: [
    {
      key: 'exclusive',
      refuses: is(true),
      instead: 'Remove it, and use strategy: recreate for the consumer.',
    },
  ],
  solution: [
    { key: 'architecture', instead: 'Write the elements instead.' },
    { key: 'movedFrom', instead: 'Keep the former name.' },
  ],
  element: [
    {
      key: 'protect',
      refuses: is(true),
      instead: 'Remove it; `heliostat apply` asks before it destroys anything for good.',
    },
    { key: 'movedFrom', instead: 'Keep the former name.' },
  ],
} satisfies Readonly<Record<string, readonly Feature[]>>;

export type UnavailablePart = keyof typeof unavailable;

/** Reports, at its line, each feature in the map that is not there yet. */
export function refuseUnavailable(
  part: UnavailablePart,
  map: Json | undefined,
  path: Path,
  findings: Findings,
): void {
  if (!isMap(map)) return;
  for (const feature of unavailable[part] as readonly Feature[]) refuse(feature, map, path, findings);
}

function refuse({ key, refuses, instead }: Feature, map: JsonMap, path: Path, findings: Findings): void {
  const value = map[key];
  if (value === undefined || (refuses !== undefined && !refuses(value))) return;
  const shown = refuses === undefined ? `the key ${quoted(key)}` : quoted(`${key}: ${String(value)}`);
  findings.atKey([...path, key], {
    code: 'feature.unavailable',
    message: `${shown} has no meaning in this release of Heliostat yet`,
    fix: instead,
  });
}
