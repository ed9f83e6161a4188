import type { DesiredElement } from '../base/desired.js';
import { digestOf } from '../base/digest.js';
import { elementKey, type ElementKey, type ElementName, type SolutionName } from '../base/names.js';
import { byCodeUnit } from '../base/order.js';
import type { Edits } from './edits.js';
import { solutionClaim, sourceOf } from './source-stage.js';

export interface DirtySolutions {
  readonly names: Set<string>;
  readonly elements: Set<ElementKey>;
}

/** Which elements each dirty solution has now; all of them, old and new, are to be looked at. */
export function declareSolutions(edits: Edits, dirty: ReadonlySet<string>): DirtySolutions {
  const elements = new Set<ElementKey>();
  for (const name of [...dirty].sort(byCodeUnit)) {
    edits.touched++;
    const before = edits.solutions.get(name);
    const source = sourceOf(edits, solutionClaim(name));
    const document = source?.document?.kind === 'Solution' ? source.document : null;
    const names = Object.keys(document?.elements ?? {}).sort(byCodeUnit) as ElementName[];
    for (const element of new Set([...(before?.elements ?? []), ...names])) {
      elements.add(elementKey(name as SolutionName, element));
    }
    if ((before?.elements ?? []).join() !== names.join()) edits.changed.add(`names:${name}`);
    if ((before === undefined) !== (source === null)) edits.changed.add('solutions');
    const state = (has: unknown, readable: unknown): string =>
      !has ? 'absent' : readable ? 'readable' : 'broken';
    if (state(before, before?.document) !== state(source, document)) edits.changed.add(`solution:${name}`);
    if (source === null) removeSolution(edits, name);
    else {
      const kept = { desired: before?.desired ?? null, reads: before?.reads ?? [] };
      edits.solutions.set(name, { ...kept, name: name as SolutionName, source, document, elements: names });
    }
  }
  return { names: new Set(dirty), elements };
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
