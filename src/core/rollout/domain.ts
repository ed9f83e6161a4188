import { unreachable } from '../base/assert.js';
import type { Diagnostic } from '../base/diagnostic.js';
import type {
  DomainId,
  DomainName,
  InstanceId,
  ProviderName,
  Revision,
  RolloutId,
  SolutionName,
} from '../base/names.js';
import type { ReleaseRecord, ValidatedTip } from '../base/release.js';
import type { SafeText } from '../base/safe-text.js';
import type { Hold } from '../plan/types.js';

export type Verdict =
  'applied' | 'rejected' | 'superseded' | 'failed' | 'reverted' | 'pending' | 'held' | 'progressing';
export type FinalVerdict = 'applied' | 'rejected' | 'superseded' | 'failed' | 'reverted';

/** A solution in a revision's scope, or `*` for a revision that has none. */
export type Scoped = SolutionName | '*';

/** What happens in the domain's own stream: tips, arrivals, verdicts. */
export type DomainEntry =
  | {
      readonly kind: 'domain.claimed';
      readonly id: DomainId;
      readonly domain: DomainName;
      readonly controller: string;
      readonly epoch: number;
      readonly home: string;
      readonly branch: string;
      readonly since: number;
    }
  | {
      readonly kind: 'tip.seen';
      readonly revision: Revision;
      readonly arrival: number;
      readonly superseded: readonly Revision[];
      readonly subject: SafeText;
      readonly author: SafeText;
      readonly committedMs: number;
    }
  | {
      readonly kind: 'revision.accepted';
      readonly revision: Revision;
      readonly arrival: number;
      readonly scope: readonly SolutionName[];
      readonly stale: readonly { readonly solution: SolutionName; readonly code: string }[];
      readonly releases: readonly ReleaseRecord[];
      readonly tip: ValidatedTip;
      readonly diagnostics: readonly Diagnostic[];
    }
  | {
      readonly kind: 'revision.rejected';
      readonly revision: Revision;
      readonly arrival: number;
      /** The first of them. */
      readonly diagnostics: readonly Diagnostic[];
      readonly count: number;
      readonly tip: ValidatedTip;
    }
  | {
      readonly kind: 'verdict.given';
      readonly revision: Revision;
      readonly arrival: number;
      readonly solution: Scoped;
      readonly verdict: FinalVerdict;
      readonly reason: SafeText | null;
      readonly rollout: RolloutId | null;
    }
  | { readonly kind: 'hold.began'; readonly hold: Hold; readonly revision: Revision | null }
  | {
      readonly kind: 'hold.ended';
      readonly id: string;
      readonly released: boolean;
      readonly who: SafeText;
      readonly reason: SafeText;
    }
  | { readonly kind: 'domain.restored'; readonly state: Omit<EncodedDomain, 'epoch'> }
  | { readonly kind: 'domain.down'; readonly who: SafeText; readonly reason: SafeText }
  /** A resource with our key that nothing accounts for is taken away, as a person allowed. */
  | { readonly kind: 'orphan.begun'; readonly instance: InstanceId; readonly provider: ProviderName }
  | {
      readonly kind: 'orphan.ended';
      readonly instance: InstanceId;
      readonly outcome: 'done' | 'failed' | 'unknown';
      readonly reason: SafeText | null;
    }
  /** `remaining`: what changed while the commit was made. */
  | { readonly kind: 'status.written'; readonly commit: string; readonly remaining: unknown };

export interface ScopedVerdict {
  readonly verdict: FinalVerdict;
  readonly reason: SafeText | null;
  readonly rollout: RolloutId | null;
}

export interface RevisionState {
  readonly revision: Revision;
  readonly arrival: number;
  readonly state: 'seen' | 'accepted' | 'rejected';
  readonly subject: SafeText;
  readonly author: SafeText;
  readonly committedMs: number;
  readonly seenWallMs: number;
  /** Empty: `*`. */
  readonly scope: readonly SolutionName[];
  readonly diagnostics: readonly Diagnostic[];
  readonly count: number;
  readonly verdicts: { readonly [scoped: string]: ScopedVerdict };
}

export interface HoldState {
  readonly hold: Hold;
  readonly revision: Revision | null;
  readonly sinceWallMs: number;
}

export interface DomainState {
  readonly id: DomainId | null;
  readonly name: DomainName;
  readonly controller: string | null;
  readonly epoch: number;
  readonly claimedSince: number;
  readonly home: string | null;
  readonly branch: string | null;
  readonly tip: Revision | null;
  readonly accepted: Revision | null;
  readonly validated: ValidatedTip;
  readonly stale: readonly {
    readonly solution: SolutionName;
    readonly code: string;
    readonly since: Revision;
  }[];
  /** Latest arrivals by revision; bounded. A table. */
  readonly revisions: Map<Revision, RevisionState>;
  /** `component@version`. A table. */
  readonly ledger: Map<string, ReleaseRecord>;
  readonly holds: Map<string, HoldState>;
  /** Releases given by people to holds that would begin again. */
  readonly released: Map<string, Revision | null>;
  readonly down: boolean;
}

export interface EncodedDomain extends Omit<DomainState, 'revisions' | 'ledger' | 'holds' | 'released'> {
  readonly revisions: readonly RevisionState[];
  readonly ledger: readonly ReleaseRecord[];
  readonly holds: readonly HoldState[];
  readonly released: readonly (readonly [string, Revision | null])[];
}

/** How many revisions with a final verdict are kept in memory; the status branch keeps them all. */
const keptRevisions = 200;

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
    case 'hold.began':
      domain.holds.set(entry.hold.id, { hold: entry.hold, revision: entry.revision, sinceWallMs: wallMs });
      return domain;
    case 'hold.ended': {
      const held = domain.holds.get(entry.id);
      domain.holds.delete(entry.id);
      if (entry.released) domain.released.set(entry.id, held?.revision ?? null);
      return domain;
    }
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
      return { ...domain, down: true };
    case 'orphan.begun':
    case 'orphan.ended':
    case 'status.written':
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
  }));
  for (const release of entry.releases) domain.ledger.set(`${release.component}@${release.version}`, release);
  const since = new Map(domain.stale.map((stale) => [`${stale.solution}:${stale.code}`, stale.since]));
  const stale = entry.stale.map((item) => ({
    ...item,
    since: since.get(`${item.solution}:${item.code}`) ?? domain.accepted ?? entry.revision,
  }));
  return { ...domain, accepted: entry.revision, validated: entry.tip, stale, down: false };
}

function changeRevision(
  domain: DomainState,
  revision: Revision,
  change: (state: RevisionState) => RevisionState,
): void {
  const known = domain.revisions.get(revision);
  if (known !== undefined) domain.revisions.set(revision, change(known));
}

function forget(domain: DomainState): void {
  for (const state of domain.revisions.values()) {
    if (domain.revisions.size <= keptRevisions) return;
    if (isFinal(state) && state.revision !== domain.accepted) domain.revisions.delete(state.revision);
  }
}

export function isFinal(state: RevisionState): boolean {
  if (state.state === 'seen') return '*' in state.verdicts;
  return scopeOf(state).every((scoped) => scoped in state.verdicts);
}

export function scopeOf(state: RevisionState): readonly Scoped[] {
  return state.state === 'accepted' && state.scope.length > 0 ? state.scope : ['*'];
}

export function encodeDomain(domain: DomainState): EncodedDomain {
  return {
    ...domain,
    // In the order of their arrival, which `forget` relies on.
    revisions: [...domain.revisions.values()],
    ledger: [...domain.ledger.keys()].sort().map((key) => domain.ledger.get(key) as ReleaseRecord),
    holds: [...domain.holds.keys()].sort().map((key) => domain.holds.get(key) as HoldState),
    released: [...domain.released.entries()].sort(([a], [b]) => (a < b ? -1 : 1)),
  };
}

export function decodeDomain(encoded: EncodedDomain): DomainState {
  return {
    ...encoded,
    revisions: new Map(encoded.revisions.map((state) => [state.revision, state])),
    ledger: new Map(encoded.ledger.map((release) => [`${release.component}@${release.version}`, release])),
    holds: new Map(encoded.holds.map((state) => [state.hold.id, state])),
    released: new Map(encoded.released),
  };
}
