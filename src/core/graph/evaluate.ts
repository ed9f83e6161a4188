import { equalData } from '../base/data.js';
import type { ElementKey } from '../base/names.js';
import type { Change } from './change.js';
import { checkSolution } from './solution-check.js';
import { declare, writtenElement, type WrittenElement } from './declare.js';
import { Edits } from './edits.js';
import { Heap } from './heap.js';
import { emptyTables, type AcceptedModel, type DomainFile } from './model.js';
import { reorder } from './reorder.js';
import { ReleaseStage } from './release-stage.js';
import { resolve } from './resolve.js';
import { assemble, declareSolutions } from './solution-stage.js';
import { applySources } from './source-stage.js';

export interface Evaluated {
  readonly edits: Edits;
  readonly cycles: readonly (readonly ElementKey[])[];
  readonly nextRank: number;
  /** Solutions that were put together anew or are gone. */
  readonly touchedSolutions: ReadonlySet<string>;
}

/**
 * The whole check of a change, stage by stage; each hands on what its output changed, and stops there.
 * With `base` null it is the check of everything: the same code, with every key dirty.
 */
export function evaluate(base: AcceptedModel | null, change: Change): Evaluated {
  const edits = new Edits(base?.tables ?? emptyTables(), change, base?.cycles ?? []);
  const dirty = applySources(edits, change);
  new ReleaseStage(edits, change, base).run(dirty.releases);
  const everything = base === null || !sameDomain(base.domain, change.domain);
  if (everything) for (const name of edits.solutions.keys()) dirty.solutions.add(name);
  const solutions = declareSolutions(edits, dirty.solutions, !everything);
  if (base !== null && base.environment.secretStatus !== change.environment.secretStatus) {
    for (const key of edits.readers.table.keys()) if (key.startsWith('secret:')) edits.changed.add(key);
  }
  declareElements(edits, change, solutions.elements);
  const order = reorder(edits, base);
  const rechecked = resolveElements(edits, change, order.dirty);
  for (const name of rechecked) solutions.names.add(name);
  for (const name of solutions.names) checkSolution(edits, change, name);
  for (const name of solutions.names) assemble(edits, name);
  return {
    edits,
    cycles: order.cycles,
    nextRank: order.nextRank,
    touchedSolutions: solutions.names,
  };
}

function sameDomain(a: DomainFile, b: DomainFile): boolean {
  return a === b || (a.folder === b.folder && equalData(a.document, b.document));
}

/** What each dirty element says by itself; neighbours hear only of what changed. */
function declareElements(edits: Edits, change: Change, dirty: Set<ElementKey>): void {
  for (const key of edits.readersOfChanged('release:'))
    if (!key.startsWith('=')) dirty.add(key as ElementKey);
  for (const key of dirty) {
    const written = findWritten(edits, change, key);
    edits.touched++;
    if (written === null) edits.removeElement(key);
    else edits.declare(key, declare(written, edits.view(null)));
    edits.dirtyElements.add(key);
  }
}

/** Providers before consumers, so that a new generation of a context reaches what lives on it. Returns the solutions concerned. */
function resolveElements(edits: Edits, change: Change, more: readonly ElementKey[]): Set<string> {
  const heap = new Heap<ElementKey>((key) => edits.ranks.get(key) ?? 0);
  const solutions = new Set<string>();
  for (const key of [...edits.dirtyElements, ...more]) heap.push(key);
  for (const reader of edits.readersOfChanged('')) {
    if (reader.startsWith('=')) solutions.add(reader.slice(1));
    else heap.push(reader as ElementKey);
  }
  for (let key = heap.pop(); key !== undefined; key = heap.pop()) {
    const record = edits.elements.get(key);
    const written = findWritten(edits, change, key);
    if (record === undefined || written === null) continue;
    edits.touched++;
    solutions.add(written.solution);
    const reads = new Set<string>();
    const resolved = resolve(written, record.facts, edits.view(reads));
    const before = JSON.stringify(record.clusters);
    edits.resolved(key, written.solution, { ...resolved, reads: [...reads].sort() });
    if (JSON.stringify(resolved.clusters) === before) continue;
    for (const reader of edits.readers.get(`clusters:${key}`) ?? []) heap.push(reader as ElementKey);
  }
  return solutions;
}

function findWritten(edits: Edits, change: Change, key: ElementKey): WrittenElement | null {
  const slash = key.indexOf('/');
  const solution = edits.solutions.get(key.slice(0, slash));
  if (solution === undefined || solution.document === null) return null;
  return writtenElement(
    solution.source,
    solution.document,
    key.slice(slash + 1),
    change.domain.document.defaults,
  );
}
