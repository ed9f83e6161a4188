import type { DesiredElement } from '../base/desired.js';
import { activeSize } from '../base/desired.js';
import type { ElementKey } from '../base/names.js';
import { compareVersions } from '../base/version.js';
import type { Change, ElementShape, ValueChange } from '../plan/types.js';
import type { RolloutHead } from './history.js';

/** What somebody asks about an element. `configuration`: all that its instances are given, and how they are reached. */
export type Aspect = 'version' | 'size' | 'configuration';

export const aspects: readonly Aspect[] = ['version', 'size', 'configuration'];

/** A rollout that changed an aspect of an element, or was to. */
export interface Attempt {
  readonly rollout: RolloutHead;
  /** `1.4.0`, `3`; a generation of the configuration. Null: it was not there. */
  readonly before: string | null;
  readonly after: string | null;
  /** Of the configuration: what differs. */
  readonly values: readonly ValueChange[];
}

export interface AspectBlame {
  readonly aspect: Aspect;
  /** What the executor holds the element to; null: it is not there, or it goes. */
  readonly value: string | null;
  /** Null: it was so before the oldest rollout that is remembered. */
  readonly by: Attempt | null;
  /** What came after that and did not last, newest first. */
  readonly undone: readonly Attempt[];
}

/**
 * Which rollouts made an element what it is held to. `rollouts`: all of its solution, newest first; who is under way
 * counts as if it were to succeed.
 */
export function blameElement(
  key: ElementKey,
  target: DesiredElement | null,
  rollouts: readonly RolloutHead[],
): AspectBlame[] {
  const lasting = lastingOf(rollouts);
  return aspects.map((aspect) => {
    const value = presentValue(aspect, target);
    const undone: Attempt[] = [];
    for (const rollout of rollouts) {
      const attempt = attemptOf(aspect, key, rollout);
      if (attempt === null) continue;
      const lasts = lasting.get(rollout) ?? false;
      if (lasts === 'partly' ? attempt.after === value : lasts) return { aspect, value, by: attempt, undone };
      undone.push(attempt);
    }
    return { aspect, value, by: null, undone };
  });
}

/**
 * Who goes back goes back to what was applied last: nothing of what came in between lasts. What was given up stays as far
 * as it had come.
 */
function lastingOf(rollouts: readonly RolloutHead[]): Map<RolloutHead, boolean | 'partly'> {
  const lasting = new Map<RolloutHead, boolean | 'partly'>();
  let takenBack = false;
  for (const rollout of rollouts) {
    const { phase } = rollout;
    if (phase === 'reverting' || phase === 'reverted') takenBack = true;
    else if (phase === 'succeeded') takenBack = false;
    const givenUp = phase === 'failed' || phase === 'blocked' || phase === 'aborting';
    lasting.set(rollout, takenBack ? false : givenUp ? 'partly' : true);
  }
  return lasting;
}

function attemptOf(aspect: Aspect, key: ElementKey, rollout: RolloutHead): Attempt | null {
  const change = rollout.changes.find(({ element }) => element === key);
  if (change === undefined) return null;
  const before = valueOf(aspect, change.before);
  const after = valueOf(aspect, change.after);
  const values = aspect === 'configuration' ? given(change) : [];
  return values.length > 0 || differs(aspect, change) ? { rollout, before, after, values } : null;
}

function differs(aspect: Aspect, change: Change): boolean {
  const { action, before, after } = change;
  if (aspect === 'version' && before?.component !== after?.component) return true;
  // Another version is another generation, though it may be given the same.
  if (aspect === 'configuration' && action === 'update') return false;
  return valueOf(aspect, before) !== valueOf(aspect, after);
}

/** How a rollout goes, and whether drift is repaired, is nothing that instances are given. */
function given({ values }: Change): ValueChange[] {
  return values.filter(({ path }) => path !== 'repair' && !path.startsWith('rollout.'));
}

function valueOf(aspect: Aspect, shape: ElementShape | null): string | null {
  if (shape === null || shape.clusters.length === 0) return null;
  switch (aspect) {
    case 'version':
      return listed(shape.clusters.map(({ version }) => version));
    case 'size':
      return String(shape.size);
    case 'configuration':
      return generations(shape.clusters.map((cluster) => cluster.key));
  }
}

function presentValue(aspect: Aspect, target: DesiredElement | null): string | null {
  if (target === null || target.clusters.length === 0) return null;
  switch (aspect) {
    case 'version':
      return listed(target.clusters.map(({ definition }) => definition.version));
    case 'size':
      return String(activeSize(target));
    case 'configuration':
      return generations(target.clusters.map((cluster) => cluster.key));
  }
}

function listed(versions: readonly ElementShape['clusters'][number]['version'][]): string {
  return [...new Set(versions)].sort(compareVersions).join(' and ');
}

function generations(keys: readonly string[]): string {
  return [...new Set(keys.map((key) => key.slice(key.indexOf('~') + 1)))].sort().join(' and ');
}
