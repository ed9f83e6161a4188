import { domainStream } from '../../core/journal/entry.js';
import type { Revision } from '../../core/base/names.js';
import { isFinal, scopeOf, type DomainEntry, type RevisionState } from '../../core/rollout/domain.js';
import { verdictOf } from '../../core/rollout/verdicts.js';
import { marker } from '../../core/status/comment/document.js';
import { readComment } from '../../core/status/comment/read.js';
import type { Verdict } from '../../core/status/view.js';
import type { Engine } from '../../engine/engine.js';
import { statusKey } from '../forge.js';
import type { Life } from '../life.js';
import { mainRef } from '../repository.js';
import type { Stage } from '../stage.js';
import type { ForgeWrite, Watcher } from '../watcher.js';

const context = 'heliostat/prod';

/**
 * 9. What a forge holds stood in the journal before, and could not be lost there any more: `success` that it is applied or
 * superseded, `failure` that it is not. In the end the tip, and its pull request, say its verdict.
 */
export function forgeTrue(stage: Stage): Watcher {
  const { world } = stage;
  // Places of the verdicts in the journal of a life.
  const given = new Map<Life, Map<Revision, number>>();
  return {
    recorded(incarnation, { entry, sequence, stream }) {
      const known = entry as DomainEntry;
      if (stream !== domainStream || (known.kind !== 'verdict.given' && known.kind !== 'revision.rejected'))
        return;
      const places = given.get(incarnation) ?? new Map<Revision, number>();
      given.set(incarnation, places.set(known.revision, sequence));
    },
    telling(incarnation, write) {
      const { engine, machine } = incarnation;
      const { revision, state } = write;
      if (engine === null || revision === null || write.verb !== 'writeStatus') return;
      const problem = untrue(engine, revision, state);
      if (problem !== null) world.violate(9, `the forge is told ${state} of ${revision}, and ${problem}`);
      const place = given.get(incarnation)?.get(revision) ?? 0;
      if (state === 'pending' || place === 0) return;
      machine.journal.refresh();
      if ((machine.journal.sequences.get(domainStream) ?? 0) < place)
        world.violate(9, `the forge is told ${state} of ${revision}, which a loss of power would take back`);
    },
    died: (incarnation) => void given.delete(incarnation),
    ended() {
      const problem = unlikeVerdict(stage);
      if (problem !== null) world.violate(9, `in the end ${problem}`);
    },
  };
}

function untrue(engine: Engine, revision: Revision, state: ForgeWrite['state']): string | null {
  const known = engine.core.state.domain.revisions.get(revision);
  if (known === undefined) return 'nobody knows it';
  const verdicts = scopeOf(known).map((scoped) => known.verdicts[scoped]?.verdict ?? null);
  const isGood = isFinal(known) && verdicts.every((one) => one === 'applied' || one === 'superseded');
  const isBad = verdicts.some((one) => one === 'failed' || one === 'reverted' || one === 'rejected');
  if (state === 'success') return isGood ? null : `its verdicts are ${verdicts.join(', ')}`;
  if (state === 'pending') return isGood || isBad ? `its verdicts are ${verdicts.join(', ')}` : null;
  return isBad ? null : `its verdicts are ${verdicts.join(', ')}`;
}

const states: { readonly [verdict in Verdict]: string } = {
  applied: 'success',
  superseded: 'success',
  rejected: 'failure',
  failed: 'failure',
  reverted: 'failure',
  held: 'pending',
  pending: 'pending',
  progressing: 'pending',
};

function unlikeVerdict({ world, engine }: Stage): string | null {
  const { forge } = world;
  const tip = (world.repository.refs.get(mainRef) ?? null) as Revision | null;
  const domain = engine?.core.state.domain;
  const known = tip === null ? undefined : domain?.revisions.get(tip);
  if (forge === null || engine === null || domain === undefined || known === undefined) return null;
  const verdict = verdictOf(known, domain, engine.core.state.tables.solutions);
  const state = forge.statuses.get(statusKey(known.revision, context))?.state;
  if (!forge.refuses.has('writeStatus') && state !== states[verdict])
    return `the forge says ${state ?? 'nothing'} of the tip ${known.revision}, which is ${verdict}`;
  return unsaid(world, known, verdict);
}

/** A pull request whose commit changes nothing here has no comment. */
function unsaid({ forge, now }: Stage['world'], known: RevisionState, verdict: Verdict): string | null {
  const isHeard = ['writeComment', 'pullRequestsOf'].every((verb) => forge?.refuses.has(verb) !== true);
  if (forge === null || !isHeard || (known.scope.length === 0 && verdict === 'applied')) return null;
  for (const { number, merged } of forge.pullRequestsOf(known.revision, now)) {
    if (merged !== known.revision) continue;
    const body = forge.comment(number, marker)?.body ?? '';
    const memory = [...(readComment(body)?.sections.values() ?? [])][0]?.memory;
    if (memory?.phase !== verdict)
      return `the comment of #${number} says ${memory?.phase ?? 'nothing'} of the tip, which is ${verdict}`;
  }
  return null;
}
