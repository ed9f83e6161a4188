import { splitElementKey, type ElementKey } from '../base/names.js';
import { diagnose } from '../model/source.js';
import { pointerOf } from '../model/locate.js';
import { findCycles, wayRound } from './cycles.js';
import type { Edits } from './edits.js';
import type { AcceptedModel } from './model.js';
import { Order } from './order.js';
import { writtenClusters, writtenElement, writtenRelationships } from './declare.js';

export interface Reordered {
  readonly cycles: readonly (readonly ElementKey[])[];
  readonly nextRank: number;
  /** Elements that came into a cycle or out of one. */
  readonly dirty: readonly ElementKey[];
}

/** Brings the kept order up to date with the edges that changed, and finds the cycles that they closed. */
export function reorder(edits: Edits, base: AcceptedModel | null): Reordered {
  const before = base?.cycles ?? [];
  // An order that held cycles once cannot be trusted for what is left of them.
  const whole = before.length > 0 && edits.rewired.size > 0;
  const keys = whole ? (edits.elements.keys() as ElementKey[]) : [...edits.rewired].sort();
  const order = new Order(edits.ranks, whole ? 0 : (base?.nextRank ?? 0), {
    providers: (key) => edits.providersOf(key),
    consumers: (key) => edits.consumersOf(key),
  });
  for (const key of whole ? (edits.ranks.keys() as ElementKey[]) : keys) {
    if (whole || !edits.elements.has(key)) order.remove(key);
  }
  const existing = keys.filter((key) => edits.elements.has(key));
  const fresh = new Set(existing.filter((key) => !edits.ranks.has(key)));
  order.add(existing);
  let sound = true;
  for (const key of existing) {
    sound = order.connect(key) && sound;
    if (fresh.has(key)) sound = order.connectConsumers(key) && sound;
  }
  if ((sound && before.length === 0) || edits.rewired.size === 0) {
    // They are the same cycles, but their files may say them on other lines.
    for (const part of before) reportCycle(edits, part);
    return { cycles: before, nextRank: order.nextRank, dirty: [] };
  }
  const cycles = findCycles(existing, (key) => edits.providersOf(key));
  edits.cycleOf = new Set(cycles.flat());
  for (const part of before) edits.troubles.delete(`cycle:${part[0]}`);
  for (const part of cycles) reportCycle(edits, part);
  const touched = [...before.flat(), ...edits.cycleOf].filter((key) => edits.elements.has(key));
  for (const key of touched) edits.changed.add(`cycle:${key}`);
  return { cycles, nextRank: order.nextRank, dirty: [...new Set(touched)] };
}

function reportCycle(edits: Edits, part: readonly ElementKey[]): void {
  const way = wayRound(part, (key) => edits.providersOf(key));
  const [first, second] = way;
  if (first === undefined || second === undefined) return;
  const { solution, element } = splitElementKey(first);
  const record = edits.solutions.get(solution);
  if (record === undefined) return;
  const diagnostic = diagnose(
    record.source,
    relationshipTo(edits, first, second) ?? pointerOf('elements', element),
    {
      code: 'relationship.cycle',
      message: `elements depend on each other in a circle: ${way.join(' → ')}`,
      fix: 'Remove one of these relationships.',
    },
  );
  const owners = [...new Set(part.map((key) => splitElementKey(key).solution))].sort();
  edits.trouble(`cycle:${part[0]}`, { owners, diagnostics: [diagnostic], blocked: [] });
}

function relationshipTo(edits: Edits, consumer: ElementKey, provider: ElementKey): string | null {
  const { solution, element } = splitElementKey(consumer);
  const record = edits.solutions.get(solution);
  if (record === undefined || record.document === null) return null;
  const written = writtenElement(record.source, record.document, element, undefined);
  if (written === null) return null;
  for (const cluster of writtenClusters(written)) {
    const found = writtenRelationships(written, cluster).find((other) => other.provider === provider);
    if (found !== undefined) return found.pointer;
  }
  return null;
}
