import { isMap, type JsonMap } from '../base/data.js';
import { byCodeUnit } from '../base/order.js';
import type { SolutionDocument } from './kinds.js';
import { partsOf } from './locate.js';
import { kindSchemas, type KindName } from './schemas.js';

export interface SoundPart {
  readonly document: SolutionDocument;
  /** Names of what was left out; sorted. */
  readonly broken: readonly string[];
}

/** A solution without the elements that hold its errors, so that they do not hide those of others; null if that does not mend it. */
export function withoutBroken(kind: KindName, data: JsonMap, errors: ReadonlySet<string>): SoundPart | null {
  const { elements } = data;
  if (kind !== 'Solution' || !isMap(elements)) return null;
  const broken = new Set<string>();
  for (const pointer of errors) {
    const [key, name] = partsOf(pointer);
    if (key !== 'elements' || name === undefined || !Object.hasOwn(elements, name)) return null;
    broken.add(name);
  }
  const sound = Object.entries(elements).filter(([name]) => !broken.has(name));
  const rest = { ...data, elements: Object.fromEntries(sound) };
  // Of very many errors only the first are explained, and the others are known to the schema alone.
  if (!kindSchemas[kind].validate(rest)) return null;
  return { document: rest as unknown as SolutionDocument, broken: [...broken].sort(byCodeUnit) };
}
