import { unreachable } from '../base/assert.js';
import type { DomainName, Revision } from '../base/names.js';
import { byCodeUnit } from '../base/order.js';
import type { DomainEntry, DomainState, RevertState, RevisionState } from './domain.js';
import { isFinal } from './domain.js';
import { decodeDomain } from './domain-encode.js';
import type { Pause } from './pause.js';
import { sinceOf } from './since.js';

/** How many revisions with a final verdict are kept in memory; the status branch keeps them all. */
const keptRevisions = 200;

/** More than anybody leaves lying on a branch. */
const keptAnswers = 100;

export function emptyDomain(name: DomainName): DomainState {
  return {
    id: null,
    name,
    controller: null,
    epoch: 0,
    claimedSince: 0,
    home: null,
    branch: null,
    tip: null,
    accepted: null,
    validated: { errors: {} },
    stale: [],
    revisions: new Map(),
    ledger: new Map(),
    holds: new Map(),
    released: new Map(),
    down: false,
    written: null,
  };
}

/** The only way in which the domain's state changes: total, no decisions. */
export function evolveDomain(domain: DomainState, entry: DomainEntry, wallMs: number): DomainState {
  switch (entry.kind) {
    case 'domain.claimed':
      return {
        ...domain,
        id: entry.id,
        controller: entry.controller,
        epoch: entry.epoch,
        claimedSince: entry.since,
        home: entry.home,
        branch: entry.branch,
      };
    case 'tip.seen':
      return tipSeen(domain, entry, wallMs);
    case 'revision.accepted':
      return accepted(domain, entry);
    case 'revision.rejected':
      changeRevision(domain, entry.revision, (r) => ({
        ...r,
        state: 'rejected',
        diagnostics: entry.diagnostics,
        count: entry.count,
      }));
      return { ...domain, validated: entry.tip };
    case 'verdict.given':
      changeRevision(domain, entry.revision, (r) =>
        r.arrival !== entry.arrival
          ? r
          : {
              ...r,
              verdicts: {
                ...r.verdicts,
                [entry.solution]: { verdict: entry.verdict, reason: entry.reason, rollout: entry.rollout },
              },
            },
      );
      return domain;
    case 'revert.begun': {
      const { solutions } = entry;
      changeRevert(domain, entry, { outcome: 'open', solutions, commit: null, ref: null, reason: null });
      return domain;
    }
    case 'revert.ended': {
      const { kind: _kind, revision: _revision, arrival: _arrival, ...end } = entry;
      changeRevert(domain, entry, end);
      return domain;
    }
    case 'hold.began':
      domain.holds.set(entry.hold.id, { hold: entry.hold, revision: entry.revision, sinceWallMs: wallMs });
      return domain;
    case 'hold.ended': {
      const held = domain.holds.get(entry.id);
      domain.holds.delete(entry.id);
      if (entry.released) domain.released.set(entry.id, held?.revision ?? null);
      // Nothing stood there: what ends is the release, whose reason has gone.
      else if (held === undefined) domain.released.delete(entry.id);
      return domain;
    }
    case 'pause.began': {
      const { kind: _kind, ...asked } = entry;
      return withPauses(domain, [...others(domain, entry.target), { ...asked, sinceWallMs: wallMs }]);
    }
    case 'pause.ended':
      return withPauses(domain, others(domain, entry.target));
    case 'request.answered':
      return { ...domain, answered: [...(domain.answered ?? []), entry.request].slice(-keptAnswers) };
    case 'domain.restored': {
      // The claim is younger than the memory.
      const { id, name, controller, epoch, claimedSince, home, branch } = domain;
      return {
        ...decodeDomain({ ...entry.state, epoch }),
        id,
        name,
        controller,
        epoch,
        claimedSince,
        home,
        branch,
      };
    }
    case 'domain.down':
      return { ...domain, down: true, downSinceWallMs: sinceOf(domain.downSinceWallMs, wallMs) };
    case 'status.written':
      return { ...domain, written: entry.commit };
    case 'status.lost':
      return { ...domain, written: null };
    case 'orphan.begun':
    case 'orphan.ended':
    case 'orphan.unrouted':
    case 'trouble.began':
    case 'trouble.ended':
      return domain;
    default:
      return unreachable(entry);
  }
}

function tipSeen(
  domain: DomainState,
  entry: Extract<DomainEntry, { kind: 'tip.seen' }>,
  wallMs: number,
): DomainState {
  domain.revisions.delete(entry.revision);
  domain.revisions.set(entry.revision, {
    revision: entry.revision,
    arrival: entry.arrival,
    state: 'seen',
    subject: entry.subject,
    author: entry.author,
    committedMs: entry.committedMs,
    seenWallMs: wallMs,
    scope: [],
    diagnostics: [],
    count: 0,
    verdicts: {},
  });
  forget(domain);
  return { ...domain, tip: entry.revision };
}

function accepted(
  domain: DomainState,
  entry: Extract<DomainEntry, { kind: 'revision.accepted' }>,
): DomainState {
  changeRevision(domain, entry.revision, (r) => ({
    ...r,
    state: 'accepted',
    scope: entry.scope,
    diagnostics: entry.diagnostics,
    ...(entry.plan === undefined ? {} : { plan: entry.plan }),
  }));
  for (const release of entry.releases) domain.ledger.set(`${release.component}@${release.version}`, release);
  const known = new Map(domain.stale.map((stale) => [`${stale.solution}:${stale.code}`, stale.since]));
  const since = firstRejected(domain, entry.revision);
  const stale = entry.stale.map((item) => ({
    ...item,
    since: known.get(`${item.solution}:${item.code}`) ?? since,
  }));
  return {
    ...domain,
    accepted: entry.revision,
    validated: entry.tip,
    stale,
    down: false,
    downSinceWallMs: null,
  };
}

function others({ pauses = [] }: DomainState, target: Pause['target']): readonly Pause[] {
  return pauses.filter((pause) => pause.target !== target);
}

/** Without any the state is as if there had never been one. */
function withPauses({ pauses: _pauses, ...domain }: DomainState, pauses: readonly Pause[]): DomainState {
  if (pauses.length === 0) return domain;
  return { ...domain, pauses: [...pauses].sort((a, b) => byCodeUnit(a.target, b.target)) };
}

/** The commit that brought the mistake: the first that was rejected since the last one that was accepted. */
function firstRejected(domain: DomainState, until: Revision): Revision {
  let first: Revision | null = null;
  for (const state of domain.revisions.values()) {
    if (state.revision === until) break;
    if (state.state === 'accepted') first = null;
    else if (state.state === 'rejected') first ??= state.revision;
  }
  return first ?? domain.accepted ?? until;
}

function changeRevision(
  domain: DomainState,
  revision: Revision,
  change: (state: RevisionState) => RevisionState,
): void {
  const known = domain.revisions.get(revision);
  if (known !== undefined) domain.revisions.set(revision, change(known));
}

/** Of the arrival that is meant; a later one has nothing to do with it. */
function changeRevert(
  domain: DomainState,
  { revision, arrival }: Pick<RevisionState, 'revision' | 'arrival'>,
  change: Partial<RevertState>,
): void {
  changeRevision(domain, revision, (known) =>
    known.arrival !== arrival ? known : { ...known, revert: { ...noRevert, ...known.revert, ...change } },
  );
}

const noRevert: RevertState = { outcome: 'open', solutions: [], commit: null, ref: null, reason: null };

function forget(domain: DomainState): void {
  for (const state of domain.revisions.values()) {
    if (domain.revisions.size <= keptRevisions) return;
    if (isFinal(state) && state.revision !== domain.accepted) domain.revisions.delete(state.revision);
  }
}
