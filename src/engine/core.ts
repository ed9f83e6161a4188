import type { DomainName } from '../core/base/names.js';
import type { JournalRecord } from '../core/journal/record.js';
import type { State } from '../core/journal/fold.js';
import type { Facts } from '../core/rollout/facts.js';
import type { World } from '../core/rollout/world.js';
import type { Alarms } from './alarms.js';
import type { Carrier } from './carrier.js';
import type { Dirty } from './dirty.js';
import type { LatestPlan } from './forge/latest-plan.js';
import type { Inbox } from './inbox.js';
import type { Journal } from './journal/journal.js';
import type { EngineOptions, EnginePorts } from './ports.js';
import type { Sightings } from './sightings.js';
import type { StatusBranch } from './status-branch.js';
import type { Troubles } from './troubles.js';
import type { Turns } from './turns.js';

/** What the parts of one running engine share. */
export interface Core {
  readonly ports: EnginePorts;
  readonly options: EngineOptions;
  readonly domain: DomainName;
  readonly state: State;
  readonly journal: Journal;
  readonly inbox: Inbox;
  readonly alarms: Alarms;
  readonly sightings: Sightings;
  readonly dirty: Dirty;
  readonly world: World;
  readonly facts: Facts;
  readonly branch: StatusBranch;
  /** Null: the state folder outlives the controller. */
  readonly carrier: Carrier | null;
  readonly troubles: Troubles;
  readonly plans: LatestPlan;
  /** By instance or key of a listener: whoever has an effect on it waits for the one before. */
  readonly turns: Turns;
  /** Engine time: goes on where the last incarnation stopped. */
  now(): number;
  /** The clock's time at which engine time will be `at`. */
  monoAt(at: number): number;
  /** Called with each record after it was folded. */
  readonly followers: Set<(record: JournalRecord) => void>;
}
