import { setTimeout as sleep } from 'node:timers/promises';
import type { State } from '../../core/journal/fold.js';
import { emptyState } from '../../core/journal/fold.js';
import type { Recovered } from '../../core/journal/recovery.js';
import { recover } from '../../core/journal/recovery.js';
import { evolveDomain } from '../../core/rollout/domain-evolve.js';
import { evolveTables } from '../../core/rollout/tables.js';
import type { ClaimRecord } from '../../core/status/claim.js';
import { stateFrom } from '../../engine/boot.js';
import {
  aboutBroken,
  brokenDocuments,
  documentsBelow,
  restoredAt,
  restoredItems,
} from '../../engine/restore.js';
import { StatusBranch } from '../../engine/status-branch.js';
import type { Oid } from '../../ports/repository.js';
import { Failure } from '../cli/operations.js';
import type { Location } from './place.js';
import type { Wired } from './wiring.js';

/**
 * What the controller of a domain knows, read without a trace: from its journal, else from what the
 * status branch remembers. A journal that another controller has left behind is the past.
 */
export async function readState(location: Location, wired: Wired): Promise<State> {
  const journaled = await journalState(location, wired);
  const { tip, claim } = await readBranch(location, wired);
  if (journaled === null) return tip === null ? emptyState(location.domain) : stateAt(location, tip, claim);
  const isPast =
    claim !== null &&
    claim.controller !== journaled.domain.controller &&
    claim.epoch > journaled.domain.epoch;
  return isPast && tip !== null ? stateAt(location, tip, claim) : journaled;
}

/** Null where there is no journal. */
export async function journalState(
  location: Pick<Location, 'domain'>,
  wired: Pick<Wired, 'disk'>,
): Promise<State | null> {
  const recovered = await readJournal(wired);
  if (recovered === null) return null;
  const state = stateFrom(location.domain, recovered);
  if (state !== null) return state;
  throw new Failure(
    'journal.corrupt',
    'the snapshot of the journal cannot be read',
    'Delete the state folder: the next start restores from the status branch.',
  );
}

const attempts = 5;
const pauseMs = 50;

/** Null if there is none. A controller that is compacting it moves files between two of our reads: then once more. */
export async function readJournal(
  wired: Pick<Wired, 'disk'>,
): Promise<Extract<Recovered, { ok: true }> | null> {
  for (let attempt = 1; ; attempt++) {
    const files = await journalFiles(wired);
    if (files.size === 0) return null;
    const recovered = recover(files);
    if (recovered.ok) return recovered;
    const { kind, message, fix } = recovered.problem;
    if (attempt === attempts) throw new Failure(`journal.${kind}`, message, fix);
    await sleep(pauseMs);
  }
}

async function journalFiles({ disk }: Pick<Wired, 'disk'>): Promise<Map<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>();
  for (const name of await disk.list('journal')) {
    const bytes = await disk.read(`journal/${name}`);
    if (bytes !== null) files.set(name, bytes);
  }
  return files;
}

/** The tip of the status branch and the claim that stands there; of a clone, those of its remote. */
export async function readBranch(
  { domain }: Location,
  { ports, options }: Wired,
): Promise<{ readonly tip: Oid | null; readonly claim: ClaimRecord | null }> {
  const { tip, claim, problem } = await branchOf(domain, ports, options).read();
  if (problem === null) return { tip, claim };
  throw new Failure(
    'status.unreadable',
    problem,
    'Use the version of Heliostat that wrote it, or mend the status branch.',
  );
}

function branchOf(
  domain: Location['domain'],
  ports: Wired['ports'],
  { controller, home }: Wired['options'],
): StatusBranch {
  return new StatusBranch({ ...ports, domain, controller, home, takeover: false });
}

/** Why no controller would start: what was written last is not part of the status branch. Null: it is. */
export async function rewritten(
  { domain }: Location,
  { ports, options }: Wired,
  state: State,
): Promise<string | null> {
  const { written } = state.domain;
  return written === null ? null : branchOf(domain, ports, options).rewrittenSince(written);
}

/** What the status branch remembered at one of its commits. */
export async function stateAt(location: Location, commit: Oid, claim: ClaimRecord | null): Promise<State> {
  const { repository, domain } = location;
  const state = emptyState(domain);
  if (claim !== null) state.domain = evolveDomain(state.domain, { kind: 'domain.claimed', ...claim }, 0);
  const place = { stream: '', sequence: 0, epoch: 0, at: 0, wallMs: 0 };
  const documents = await documentsBelow(repository.source, commit, domain);
  const broken = brokenDocuments(documents);
  if (broken.length > 0) {
    const { code, message, fix } = aboutBroken(domain, broken);
    throw new Failure(code, message, fix);
  }
  state.at = restoredAt(documents);
  for (const item of restoredItems(documents, commit)) {
    if (item.solution === null) state.domain = evolveDomain(state.domain, item.entry, 0);
    else evolveTables(state.tables, item.solution, item.entry, place);
  }
  return state;
}
