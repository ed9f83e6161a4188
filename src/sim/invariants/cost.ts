import type { DesiredElement } from '../../core/base/desired.js';
import { splitInstanceId, type ElementKey, type SolutionName } from '../../core/base/names.js';
import type { AcceptedModel } from '../../core/graph/model.js';
import type { JournalRecord } from '../../core/journal/record.js';
import { solutionOf } from '../../core/journal/entry.js';
import type { DomainEntry } from '../../core/rollout/domain.js';
import type { SolutionEntry } from '../../core/rollout/entries.js';
import { touchedBy } from '../../core/rollout/touched.js';
import type { Engine } from '../../engine/engine.js';
import type { Life } from '../life.js';
import type { Stage } from '../stage.js';
import type { Watcher } from '../watcher.js';

/** Records of the model that a load may look at for each one that has changed or is a neighbour of such a one. */
export const recordsAChange = 8;
/** How often an element may be taken up for each record and sight that concerns it or a neighbour; its clocks ring too. */
export const decisionsAnEvent = 6;

interface Seen {
  base: AcceptedModel | null;
  revision: string | null;
  /** Records and sights so far, each with the neighbours of what it is about. */
  events: number;
}

/** 22. What a change costs follows what has changed and its neighbours, not what there is. */
export function costFollowsChange(stage: Stage): Watcher {
  const { world } = stage;
  const lives = new Map<Life, Seen>();
  const check = (incarnation: Life): void => {
    const marked = incarnation.engine?.core.dirty.marked ?? 0;
    const events = lives.get(incarnation)?.events ?? 0;
    if (marked > decisionsAnEvent * events)
      world.violate(22, `${marked} decisions were made about ${events} events and neighbours`);
  };
  return {
    booted(incarnation) {
      const { engine } = incarnation;
      if (engine !== null)
        lives.set(incarnation, { base: null, revision: null, events: 1 + everything(engine) });
    },
    answered(incarnation, { port, verb, key }) {
      const { engine } = incarnation;
      const life = lives.get(incarnation);
      if (engine === null || life === undefined) return;
      if (port === 'prober') life.events += widest(engine);
      if (port === 'provider' && verb === 'observe')
        for (const id of key.split(' ')) life.events += around(engine, splitInstanceId(id)?.element);
    },
    recorded(incarnation, record) {
      const { engine } = incarnation;
      const life = lives.get(incarnation);
      if (engine === null || life === undefined) return;
      life.events += concernedBy(engine, record);
      const known = record.entry as DomainEntry;
      if (known.kind !== 'revision.accepted') return;
      const before = { ...life };
      life.revision = known.revision;
      life.base = engine.tips.base;
      const problem = loadProblem(stage, engine, before, known.revision);
      if (problem !== null) world.violate(22, `${known.revision}: ${problem}`);
    },
    died(incarnation) {
      check(incarnation);
      lives.delete(incarnation);
    },
    ended: () => [...lives.keys()].forEach(check),
  };
}

/** Null also where nothing was known before: then everything is new. */
function loadProblem({ world }: Stage, engine: Engine, before: Seen, revision: string): string | null {
  const { base } = engine.tips;
  if (before.revision === null || before.base === null || base === null) return null;
  const changes = world.repository.changes(before.revision, revision);
  const { touched, read } = engine.tips.counts;
  const allowed = recordsAChange * concerned([...changes.keys()], before.base, base);
  if (touched > allowed) return `${touched} records were looked at, and ${allowed} are allowed`;
  return read > changes.size ? `${read} files were read, and ${changes.size} have changed` : null;
}

/** Changed files, the elements that they are about or that are another by them, and the neighbours of those. */
function concerned(paths: readonly string[], before: AcceptedModel, after: AcceptedModel): number {
  const found = new Set<string>(paths);
  const [old, now] = [elementsOf(before), elementsOf(after)];
  for (const [key, element] of [...old, ...now]) {
    const isOther = old.get(key)?.digest !== now.get(key)?.digest;
    if (!isOther && !paths.some((path) => isAbout(path, element))) continue;
    found.add(key).add(element.solution);
    for (const neighbour of [...providersOf(element), ...(after.tables.consumers.get(key) ?? [])])
      found.add(neighbour);
  }
  return found.size;
}

function elementsOf({ desired }: AcceptedModel): Map<ElementKey, DesiredElement> {
  const found = new Map<ElementKey, DesiredElement>();
  for (const { elements } of desired.values())
    for (const element of elements.values()) found.set(element.key, element);
  return found;
}

function isAbout(path: string, { component, solution }: DesiredElement): boolean {
  return (
    !path.includes('/') || path.startsWith(`catalog/${component}/`) || path === `solutions/${solution}.yaml`
  );
}

function providersOf({ clusters }: DesiredElement): ElementKey[] {
  return clusters.flatMap(({ definition }) => definition.relationships.map(({ provider }) => provider));
}

function concernedBy(engine: Engine, { stream, entry }: JournalRecord): number {
  const solution = solutionOf(stream);
  if (solution === null) return 1;
  const known = entry as SolutionEntry;
  const keys = /^(rollout|solution|track)\./.test(known.kind)
    ? keysOf(engine, solution)
    : touchedBy(solution, known);
  return 1 + keys.reduce((sum, key) => sum + around(engine, key), 0);
}

function keysOf({ core }: Engine, solution: SolutionName): ElementKey[] {
  return [...(core.state.tables.solutions.get(solution)?.elements.values() ?? [])].map(({ key }) => key);
}

/** An element and its neighbours. */
function around({ core }: Engine, key: ElementKey | undefined): number {
  if (key === undefined) return 0;
  const { consumers, providers } = core.state.tables;
  return 1 + (consumers.get(key)?.size ?? 0) + (providers.get(key)?.length ?? 0);
}

/** The most neighbours that any element has: a probe does not say whom it was for. */
function widest({ core }: Engine): number {
  const { consumers } = core.state.tables;
  let most = 0;
  for (const { size } of consumers.values()) most = Math.max(most, size);
  return 1 + most;
}

function everything(engine: Engine): number {
  let sum = 0;
  for (const name of engine.core.state.tables.solutions.keys())
    for (const key of keysOf(engine, name)) sum += around(engine, key);
  return sum;
}
