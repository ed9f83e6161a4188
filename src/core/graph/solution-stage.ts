import { equalData } from '../base/data.js';
import type { DesiredElement } from '../base/desired.js';
import { digestOf } from '../base/digest.js';
import { elementKey, type ElementKey, type ElementName, type SolutionName } from '../base/names.js';
import { byCodeUnit } from '../base/order.js';
import type { SolutionDocument } from '../model/kinds.js';
import { memberPlaces } from '../model/locate.js';
import type { SourceFile } from '../model/source.js';
import type { Edits } from './edits.js';
import type { SolutionRecord } from './model.js';
import { readability } from './readability.js';
import { solutionClaim, sourceOf } from './source-stage.js';

export interface DirtySolutions {
  readonly names: Set<string>;
  readonly elements: Set<ElementKey>;
}

/**
 * Which elements each dirty solution has now. All of them, old and new, are to be looked at; with `incremental`, where
 * nothing but the files of solutions changed, those that stand where they stood and say what they said are left out.
 */
export function declareSolutions(
  edits: Edits,
  dirty: ReadonlySet<string>,
  incremental: boolean,
): DirtySolutions {
  const elements = new Set<ElementKey>();
  for (const name of [...dirty].sort(byCodeUnit)) {
    edits.touched++;
    const before = edits.solutions.get(name);
    const source = sourceOf(edits, solutionClaim(name));
    const document = source?.document?.kind === 'Solution' ? source.document : null;
    const broken = new Set((document === null ? [] : (source?.broken ?? [])) as ElementName[]);
    const names = ([...Object.keys(document?.elements ?? {}), ...broken] as ElementName[]).sort(byCodeUnit);
    const kept = incremental ? keptElements(edits, before, source, document) : null;
    for (const element of new Set([...(before?.elements ?? []), ...names])) {
      if (kept?.has(element) !== true) elements.add(elementKey(name as SolutionName, element));
    }
    if ((before?.elements ?? []).join() !== names.join()) edits.changed.add(`names:${name}`);
    if ((before === undefined) !== (source === null)) edits.changed.add('solutions');
    for (const element of new Set([...(before?.broken ?? []), ...broken])) {
      if (before?.broken.has(element) !== broken.has(element))
        edits.changed.add(`broken:${elementKey(name as SolutionName, element)}`);
    }
    const now = source === null ? undefined : { document, broken };
    if (readability(before) !== readability(now)) edits.changed.add(`solution:${name}`);
    if (source === null) removeSolution(edits, name);
    else {
      const kept = { desired: before?.desired ?? null, reads: before?.reads ?? [] };
      edits.solutions.set(name, {
        ...kept,
        name: name as SolutionName,
        source,
        document,
        broken,
        elements: names,
      });
    }
  }
  return { names: new Set(dirty), elements };
}

/** Elements that this version of the file cannot have changed, positions included; what is in trouble is always looked at. */
function keptElements(
  edits: Edits,
  before: SolutionRecord | undefined,
  source: SourceFile | null,
  document: SolutionDocument | null,
): ReadonlySet<ElementName> | null {
  const old = before?.document ?? null;
  if (before === undefined || old === null || document === null || source === null) return null;
  if (before.source.path !== source.path || edits.cycleOf.size > 0) return null;
  if (!equalData(withoutElements(old), withoutElements(document))) return null;
  const kept = new Set<ElementName>();
  const places = memberPlaces(source.located, 'elements');
  for (const name of before.elements) {
    const record = edits.elements.get(elementKey(before.name, name));
    const position = record?.troubled === false ? record.desired?.position : undefined;
    const place = places.get(name);
    if (position === undefined || place?.line !== position.line || place.column !== position.column) continue;
    if (equalData(old.elements?.[name], document.elements?.[name])) kept.add(name);
  }
  return kept;
}

function withoutElements(document: SolutionDocument): unknown {
  return { ...document, elements: null };
}

function removeSolution(edits: Edits, name: string): void {
  edits.readers.move(`=${name}`, edits.solutions.get(name)?.reads ?? [], []);
  edits.solutions.delete(name);
  edits.troubles.delete(`solution:${name}`);
}

/** The desired solution of its elements; none while one of them is wrong. */
export function assemble(edits: Edits, name: string): void {
  const record = edits.solutions.get(name);
  if (record === undefined) return;
  edits.touched++;
  const elements = new Map<ElementName, DesiredElement>();
  const digests: Record<string, string> = {};
  for (const element of record.elements) {
    const desired = edits.elements.get(elementKey(record.name, element))?.desired ?? null;
    if (desired === null) continue;
    elements.set(element, desired);
    digests[element] = desired.digest;
  }
  const whole = record.document !== null && elements.size === record.elements.length;
  const desired = whole
    ? { name: record.name, file: record.source.path, elements, digest: digestOf({ name, elements: digests }) }
    : null;
  edits.solutions.set(name, { ...record, desired });
}
