import type { Engine } from './engine.js';

/** What the controller did since its start, in records looked at: the cost of a change, counted and not timed. */
export interface Counters {
  /** Revisions that were read. */
  readonly loads: number;
  /** Of the last one: model files in all, and those that were read. */
  readonly modelFiles: number;
  readonly filesRead: number;
  /** Records of the model that the last load looked at. */
  readonly recordsTouched: number;
  /** How often an element was to be decided. */
  readonly elementsMarked: number;
  readonly elements: number;
  readonly journalBytes: number;
}

export function countersOf(engine: Engine): Counters {
  const { core, tips } = engine;
  let elements = 0;
  for (const solution of core.state.tables.solutions.values()) elements += solution.elements.size;
  return {
    loads: tips.counts.loads,
    modelFiles: tips.counts.model,
    filesRead: tips.counts.read,
    recordsTouched: tips.counts.touched,
    elementsMarked: core.dirty.marked,
    elements,
    journalBytes: core.journal.sizeSinceSnapshot,
  };
}
