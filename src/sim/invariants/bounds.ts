import type { ElementState, InstanceState } from '../../core/rollout/state.js';
import type { SolutionEntry } from '../../core/rollout/entries.js';
import type { DomainEntry } from '../../core/rollout/domain.js';
import { splitInstanceId } from '../../core/base/names.js';
import { findInstance } from '../../core/rollout/find.js';
import { elementAt } from '../../core/rollout/tables.js';
import type { Engine } from '../../engine/engine.js';
import type { Life } from '../life.js';
import { statusRef } from '../repository.js';
import type { Stage } from '../stage.js';
import type { Watcher } from '../watcher.js';

/** Status commits in a minute, beside those that a verdict hurries: one a second. */
const commitsAMinute = 60;
const minuteMs = 60_000;
/** Revisions, and rollouts, that are kept in memory beside those that are open. */
const keptRevisions = 200;
const keptRollouts = 100;
/** Bytes of the journal before a snapshot replaces it, and as much again while that is made. */
const journalBytes = 2 * 8 * 1024 * 1024;

/** 20. Tries, queues, commits, journal and what is kept in memory have their limits. */
export function bounded(stage: Stage): Watcher {
  const { world } = stage;
  const tries = new Map<string, number>();
  const pace = new Pace();
  const check = (incarnation: Life): void => {
    const problem = incarnation.engine === null ? null : overfull(incarnation, incarnation.engine);
    if (problem !== null) world.violate(20, problem);
  };
  return {
    recorded(incarnation, { entry, stream }) {
      const known = entry as SolutionEntry | DomainEntry;
      if (known.kind === 'verdict.given') pace.hurried(world.now);
      if (beginsAnew(known)) return forget(tries, `${incarnation.number} ${stream}`);
      if ('instance' in known && incarnation.engine !== null) {
        const key = `${incarnation.number} ${stream} ${known.instance}`;
        const problem = tried(tries, key, known, incarnation.engine);
        if (problem !== null) world.violate(20, problem);
      }
    },
    sent({ by }) {
      const { engine } = by;
      if (engine !== null && engine.executor.underWay > by.options.concurrency)
        world.violate(
          20,
          `${engine.executor.underWay} calls are under way, and ${by.options.concurrency} may be`,
        );
    },
    swapped(ref, from, to, by) {
      if (ref !== statusRef || by === null || to === null) return;
      if (isJournalAlone(world.repository.changes(from, to))) return;
      const count = pace.committed(by, world.now);
      if (count !== null) world.violate(20, `${count} status commits within a minute`);
    },
    died: check,
    ended: () => world.incarnations.filter(({ dead }) => !dead).forEach(check),
  };
}

/** What is carried before an effect is bounded by the effects. */
function isJournalAlone(changes: ReadonlyMap<string, unknown>): boolean {
  return changes.size > 0 && [...changes.keys()].every((path) => path.startsWith('prod/intents/'));
}

/** Status commits of an incarnation, and verdicts, of the last minute. */
class Pace {
  private readonly commits = new Map<Life, number[]>();
  private verdicts: number[] = [];

  hurried(now: number): void {
    this.verdicts.push(now);
  }

  /** Null: not too many. */
  committed(by: Life, now: number): number | null {
    const recent = (times: readonly number[]): number[] => times.filter((time) => time > now - minuteMs);
    const commits = recent([...(this.commits.get(by) ?? []), now]);
    this.commits.set(by, commits);
    this.verdicts = recent(this.verdicts);
    // The claim is a commit too.
    return commits.length > commitsAMinute + this.verdicts.length + 1 ? commits.length : null;
  }
}

/** A plan, a person or a pause that ends gives everybody a new round of tries. */
function beginsAnew({ kind }: SolutionEntry | DomainEntry): boolean {
  return [
    'rollout.planned',
    'rollout.phase',
    'rollout.aborted',
    'rollout.reverting',
    'solution.restored',
    'operator.acted',
  ].includes(kind);
}

function forget(tries: Map<string, number>, prefix: string): void {
  for (const key of tries.keys()) if (key.startsWith(prefix)) tries.delete(key);
}

/**
 * Counts what fails in one round, each transition by itself: what was seen to have happened after all is followed by
 * another one.
 */
function tried(
  tries: Map<string, number>,
  key: string,
  entry: Extract<SolutionEntry | DomainEntry, { instance: string }>,
  engine: Engine,
): string | null {
  if (entry.kind === 'instance.trouble' && entry.trouble === null) forget(tries, key);
  if (entry.kind !== 'operation.ended') return null;
  if (entry.trouble === null) forget(tries, key);
  if (entry.outcome === 'done' || entry.trouble === null) return null;
  const one = `${key} ${entry.trouble.transition}`;
  const count = (tries.get(one) ?? 0) + 1;
  tries.set(one, count);
  const limit = limitOf(engine, entry.instance);
  return limit !== null && count > limit + 1
    ? `${entry.trouble.transition} of ${entry.instance} was tried ${count} times in one round, and ${limit + 1} are allowed`
    : null;
}

function limitOf({ core }: Engine, id: InstanceState['id']): number | null {
  const parts = splitInstanceId(id);
  const element: ElementState | null = parts === null ? null : elementAt(core.state.tables, parts.element);
  const found = element === null ? null : findInstance(element, id);
  return found?.cluster.definition.retries.limit ?? null;
}

function overfull({ machine }: Life, { core }: Engine): string | null {
  const { domain, logs, tables } = core.state;
  const open = [...domain.revisions.values()].filter(
    ({ verdicts }) => Object.keys(verdicts).length === 0,
  ).length;
  if (domain.revisions.size > keptRevisions + open + 1)
    return `${domain.revisions.size} revisions are remembered`;
  const running = [...logs.values()].filter(({ endedWallMs }) => endedWallMs === null).length;
  if (logs.size > keptRollouts + running + tables.solutions.size)
    return `${logs.size} rollouts are remembered`;
  let bytes = 0;
  for (const content of machine.disk.contents().values()) bytes += content.length;
  return bytes > journalBytes ? `the state folder holds ${bytes} bytes` : null;
}
