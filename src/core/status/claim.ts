import type { DomainId, DomainName } from '../base/names.js';
import { emitYaml, memoryLine, readMemory } from './emit.js';

/** Who runs a domain; stands in `<domain>/controller.yaml` on the status branch. */
export interface ClaimRecord {
  readonly id: DomainId;
  readonly domain: DomainName;
  readonly controller: string;
  readonly epoch: number;
  /** Milliseconds since 1970. */
  readonly since: number;
  readonly home: string;
  readonly branch: string;
}

/** The newest version of status documents that this code reads, and the one that it writes. */
export const statusSchema = 1;

export const claimFile = 'controller.yaml';

export function claimPath(domain: DomainName): string {
  return `${domain}/${claimFile}`;
}

export function claimDocument(claim: ClaimRecord, isoSince: string): string {
  const { id, domain, controller, epoch, home, branch } = claim;
  return (
    emitYaml({ schemaVersion: statusSchema, id, domain, controller, epoch, since: isoSince, home, branch }) +
    memoryLine(claim)
  );
}

export type ClaimReading =
  | { readonly kind: 'claim'; readonly claim: ClaimRecord }
  /** Written by a later version. */
  | { readonly kind: 'newer'; readonly schema: number }
  | { readonly kind: 'broken' };

export function readClaim(document: string): ClaimReading {
  const schema = Number(/^schemaVersion: (\d+)$/m.exec(document)?.[1] ?? Number.NaN);
  if (schema > statusSchema) return { kind: 'newer', schema };
  const claim = readMemory(document) as ClaimRecord | null;
  return claim === null || typeof claim.epoch !== 'number' || typeof claim.controller !== 'string'
    ? { kind: 'broken' }
    : { kind: 'claim', claim };
}
