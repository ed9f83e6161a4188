import type { DomainName, ProviderName } from '../../../core/base/names.js';
import { usesAddress } from '../../../core/base/template.js';
import type { DesiredDomain } from '../../../core/graph/types.js';
import type { ApplyWanted, Ended } from '../../action/operations.js';
import type { ApplyView } from '../../cli/operations.js';
import { Failure } from '../../cli/operations.js';
import { apply } from '../apply.js';
import { look } from '../looking.js';
import { locate } from '../place.js';
import { planAndRead } from '../plan.js';
import { endedOf } from './follow.js';
import type { Bench } from './bench.js';

/** What runs on the machine of its controller, and would be gone with the runner. */
const bound: ReadonlySet<string> = new Set(['process']);

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

async function refuseBound(bench: Bench, domain: DomainName): Promise<void> {
  const location = await locate(bench.place(domain));
  try {
    const { read } = await planAndRead(bench.version, location, {
      revision: bench.revision,
      asked: bench.revision,
      preview: false,
      signal: bench.request.signal,
    });
    const reason = read.desired === null ? null : boundReason(read.desired, read.wired.ports.providers);
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

interface Known {
  get(name: ProviderName): { readonly route?: unknown } | null;
}

/** Why a runner that is gone after its job cannot apply it; null: it can. */
export function boundReason(desired: DesiredDomain, providers: Known): string | null {
  for (const solution of desired.solutions.values()) {
    for (const element of solution.elements.values()) {
      for (const { definition } of element.clusters) {
        const where = `${element.key} (${element.position.file}:${element.position.line})`;
        if (bound.has(definition.provider))
          return `${where} is of provider ${definition.provider}, whose instances run on the machine of the controller, and this machine is gone after the job`;
        const isRouted = element.expose !== null || desired.consumers(element.key).length > 0;
        const routesItself = providers.get(definition.provider)?.route !== undefined;
        if (isRouted && !routesItself && usesAddress(definition.endpoint))
          return `${where} is reached through the gateway, which runs on the machine of the controller, and this machine is gone after the job`;
      }
    }
  }
  return null;
}
