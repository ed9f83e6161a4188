import type { DomainName } from '../../../core/base/names.js';
import type { ApplyWanted, Ended } from '../../action/operations.js';
import type { ApplyView } from '../../cli/operations.js';
import { Failure } from '../../cli/operations.js';
import { apply } from '../apply.js';
import { look } from '../looking.js';
import { locate } from '../place.js';
import { readDomain } from '../read.js';
import { boundReason } from './bound.js';
import { endedOf } from './follow.js';
import type { Bench } from './bench.js';

/** @throws {Failure} where the domain has what cannot be applied from a runner. */
export async function applyHere(bench: Bench, domain: DomainName, wanted: ApplyWanted): Promise<Ended> {
  const { version, place, request, revision } = bench;
  await refuseBound(bench, domain);
  const { timeoutMs, takeover } = wanted;
  const view = await apply(
    version,
    { ...place(domain), revision, timeoutMs, takeover, signal: request.signal, endsAtPause: true },
    {
      // What is merged was agreed to: its destroys were shown, loudly.
      approve: () => Promise.resolve(true),
      following: () => undefined,
      uncommitted: () => undefined,
      progress: ({ message }) => wanted.progress(message),
    },
  );
  const looking = await look(version, place(domain));
  try {
    const ended = await endedOf(bench, looking, await looking.read());
    const outcome = heldOutcome(ended.outcome, view);
    return {
      ...ended,
      ...endingOf(view),
      outcome,
      verdict: view.verdict,
      command: view.command ?? ended.command,
    };
  } finally {
    await looking.close();
  }
}

/** In a pause that outlasts the step: nobody goes on with it before somebody applies again. */
function heldOutcome(outcome: Ended['outcome'], { verdict, reason }: ApplyView): Ended['outcome'] {
  return outcome === null || verdict !== 'held' || outcome.verdict === 'held'
    ? outcome
    : { ...outcome, verdict, reason };
}

function endingOf({ ending }: ApplyView): Pick<Ended, 'ending'> {
  return { ending: ending === 'timeout' ? 'timeout' : ending === 'notTip' ? 'notTip' : 'verdict' };
}

/** @throws {Failure} naming the first of them. */
async function refuseBound(bench: Bench, domain: DomainName): Promise<void> {
  const location = await locate(bench.place(domain));
  try {
    const { desired, wired } = await readDomain(bench.version, location, { revision: bench.revision });
    const reason = desired === null ? null : boundReason(desired, wired.ports.providers);
    if (reason !== null)
      throw new Failure(
        'action.bound',
        reason,
        'Let a daemon apply it on a machine that stays (heliostat run), and use command: wait.',
      );
  } finally {
    await location.repository.close();
  }
}
