import type { ReleaseRecord } from '../base/release.js';
import type { DomainState, EncodedDomain, HoldState } from './domain.js';

/** Tables as lists: equal states give equal data. */
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
    // Journals of before this was kept, and the memory on the status branch, do not say it.
    written: (encoded as Partial<EncodedDomain>).written ?? null,
  };
}
