import type { ProviderName } from '../base/names.js';
import type { SafeText } from '../base/safe-text.js';
import type { SolutionEntry } from './entries.js';
import type { Facts } from './facts.js';
import type { EngineMs } from './state.js';

/** What a decision gathers: facts to record, when to look again, and why the rollout cannot go on. */
export interface Draft {
  readonly entries: SolutionEntry[];
  /** Earliest engine time at which the decision may become another one. */
  wakeAt: EngineMs | null;
  /** The rollout of this element has failed. */
  failing: SafeText | null;
  /** A new instance waits for a provider: deadlines stand still. */
  waiting: boolean;
  readonly given: GivenPorts;
}

/** Ports that were given away in one pass of decisions and stand in no state yet, by range. */
export type GivenPorts = Map<ProviderName | 'gateway', number>;

export function newDraft(given: GivenPorts): Draft {
  return { entries: [], wakeAt: null, failing: null, waiting: false, given };
}

/** The next port of the range that nobody has, counting what this pass gave away before. */
export function givePort(
  draft: Draft,
  provider: ProviderName | 'gateway',
  facts: Pick<Facts, 'freePort'>,
): number | null {
  const nth = draft.given.get(provider) ?? 0;
  draft.given.set(provider, nth + 1);
  return facts.freePort(provider, nth);
}

export function wake(draft: Draft, at: EngineMs): void {
  if (draft.wakeAt === null || at < draft.wakeAt) draft.wakeAt = at;
}
