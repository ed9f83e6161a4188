import type { Stage } from '../stage.js';
import type { Watcher } from '../watcher.js';
import { fencing, singleActor } from './actor.js';
import { bounded } from './bounds.js';
import { costFollowsChange } from './cost.js';
import { noDoubleCreate, noOrphan } from './creation.js';
import { dependencies } from './dependencies.js';
import { floorAndCeiling } from './floor.js';
import { pauseHolds, quarantineHolds } from './forbidden.js';
import { forgeTrue } from './forge-truth.js';
import { fewWords, oneProposal, silentWithout } from './forge-words.js';
import { intentFirst } from './intent.js';
import { replay } from './replay.js';
import { converged, idempotent } from './rest.js';
import { inOrder, nothingRejected } from './revisions.js';
import { secretsKept } from './secrets.js';
import { statusLinear } from './status.js';
import { gatesPassed, withinStep } from './steps.js';
import { statusTrue } from './truth.js';
import { lookFirst } from './unknown.js';
import { oneVerdict } from './verdicts.js';
import { incrementalIsWhole } from './whole.js';

export interface Invariant {
  /** Of the list in docs/reliability.md. */
  readonly number: number;
  readonly title: string;
  readonly watch: (stage: Stage) => Watcher;
}

/** What must always hold, in the order of the list. */
export const invariants: readonly Invariant[] = [
  { number: 1, title: 'No orphan', watch: noOrphan },
  { number: 2, title: 'No double create', watch: noDoubleCreate },
  { number: 3, title: 'Intent first', watch: intentFirst },
  { number: 4, title: 'Single actor', watch: singleActor },
  { number: 5, title: 'Fencing', watch: fencing },
  { number: 5, title: 'Silent without the domain', watch: silentWithout },
  { number: 6, title: 'Floor and ceiling', watch: floorAndCeiling },
  { number: 6, title: 'Within its step', watch: withinStep },
  { number: 7, title: 'Dependencies', watch: dependencies },
  { number: 8, title: 'Status linear', watch: statusLinear },
  { number: 9, title: 'Status true', watch: statusTrue },
  { number: 9, title: 'True on the forge', watch: forgeTrue },
  { number: 10, title: 'One verdict', watch: oneVerdict },
  { number: 11, title: 'Nothing from a rejected revision', watch: nothingRejected },
  { number: 11, title: 'Nothing that is in quarantine', watch: quarantineHolds },
  { number: 11, title: 'Nothing that is paused', watch: pauseHolds },
  { number: 12, title: 'Order', watch: inOrder },
  { number: 12, title: 'Steps after their gates', watch: gatesPassed },
  { number: 13, title: 'Idempotent', watch: idempotent },
  { number: 14, title: 'Convergence', watch: converged },
  { number: 17, title: 'Replay', watch: replay },
  { number: 18, title: 'Unknown outcome', watch: lookFirst },
  { number: 19, title: 'Secrets', watch: secretsKept },
  { number: 20, title: 'Bounded', watch: bounded },
  { number: 20, title: 'Few words on the forge', watch: fewWords },
  { number: 20, title: 'One comment, one proposal', watch: oneProposal },
  { number: 21, title: 'Incremental = whole', watch: incrementalIsWhole },
  { number: 22, title: 'Cost', watch: costFollowsChange },
];

export const allInvariants: readonly Invariant['watch'][] = invariants.map(({ watch }) => watch);
