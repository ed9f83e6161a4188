import type { DomainId, DomainName } from '../core/base/names.js';
import type { State } from '../core/journal/fold.js';
import { decodeState, emptyState, foldRecord } from '../core/journal/fold.js';
import type { Traits, World } from '../core/rollout/world.js';
import { factsOver } from '../core/rollout/world.js';
import { digestOf, shortHex } from '../core/base/digest.js';
import { shortBranch } from '../ports/repository.js';
import { isoTime } from '../core/base/time.js';
import { inDomain } from '../core/journal/entry.js';
import { Alarms } from './alarms.js';
import type { Core } from './core.js';
import { Dirty } from './dirty.js';
import { Engine } from './engine.js';
import { LatestPlan } from './forge/latest-plan.js';
import { Inbox } from './inbox.js';
import type { Journal, OpenFailure } from './journal/journal.js';
import { openJournal } from './journal/open.js';
import type { EngineOptions, EnginePorts } from './ports.js';
import { isOutrun } from './outrun.js';
import { aboutBroken, brokenDocuments, documentsBelow, restore, restoredAt } from './restore.js';
import { describe } from './recorder.js';
import { Sightings } from './sightings.js';
import { StatusBranch, statusRewritten } from './status-branch.js';
import { Troubles } from './troubles.js';
import { Turns } from './turns.js';

export type Booted =
  | {
      readonly ok: true;
      readonly engine: Engine;
      readonly restored: boolean;
      /** It goes on from a status branch that was rewritten, as a person said. */
      readonly accepted: boolean;
    }
  | { readonly ok: false; readonly code: string; readonly message: string; readonly fix: string };

/** From whatever is there — nothing, a journal, only the status branch — to an engine that is ready to run. The same code for a first start, a restart and a crash. */
export async function boot(ports: EnginePorts, options: EngineOptions, domain: DomainName): Promise<Booted> {
  const folder = 'journal';
  const opened = await openJournal({ disk: ports.disk, folder });
  if (!opened.ok) return unusable(opened.failure);
  const state = stateFrom(domain, opened);
  if (state === null)
    return {
      ok: false,
      code: 'journal.corrupt',
      message: 'the snapshot of the journal cannot be read',
      fix: 'Delete the state folder: the next start restores from the status branch.',
    };
  const tracked = options.branch ?? state.domain.branch ?? (await trackedBranch(ports, options, domain));
  if (tracked === null)
    return {
      ok: false,
      code: 'branch.detached',
      message: 'HEAD is on no branch, so there is no branch to follow',
      fix: 'Check out a branch, or name one in heliostat.config.yaml (branch: main).',
    };
  const branch = new StatusBranch({
    ...ports,
    domain,
    controller: options.controller,
    home: options.home,
    branch: tracked,
    takeover: options.takeover,
  });
  const { claim, tip, problem } = await branch.read();
  if (problem !== null)
    return {
      ok: false,
      code: 'status.unreadable',
      message: problem,
      fix: 'Use the version of Heliostat that wrote it, or mend the status branch.',
    };
  if (claim !== null && claim.controller !== options.controller && !options.takeover)
    return refused(domain, claim);
  const isPast = claim !== null && tip !== null && (await isOutrun(ports.source, state, { claim, tip }));
  const { written } = state.domain;
  const rewritten = isPast || written === null ? null : await branch.rewrittenSince(written);
  const accepted = options.acceptRewritten ?? null;
  if (rewritten !== null && accepted === null)
    return {
      ok: false,
      code: statusRewritten,
      message: rewritten,
      fix: `Or go on from the branch as it is: heliostat approve ${statusRewritten} --domain ${domain} --reason TEXT`,
    };
  const documents = isPast ? await documentsBelow(ports.source, tip, domain) : null;
  const broken = documents === null ? [] : brokenDocuments(documents);
  if (broken.length > 0) return { ok: false, ...aboutBroken(domain, broken) };
  if (documents !== null) state.at = Math.max(state.at, restoredAt(documents));
  const core = assemble(ports, options, {
    domain,
    state,
    journal: opened.journal,
    branch,
    id: state.domain.id ?? claim?.id ?? null,
  });
  const engine = new Engine(core, tracked);
  const restored = documents === null || tip === null ? false : await restore(engine, documents, tip);
  if (rewritten === null || accepted === null) return { ok: true, engine, restored, accepted: false };
  await goOnFrom(engine, accepted);
  return { ok: true, engine, restored, accepted: true };
}

/** The claim comes first, then all that the branch should say. */
async function goOnFrom(
  engine: Engine,
  by: { readonly who: string; readonly reason: string },
): Promise<void> {
  const { redact } = engine.core.ports;
  const reason = redact(by.reason);
  const released = inDomain({
    kind: 'hold.ended',
    id: statusRewritten,
    released: false,
    who: redact(by.who),
    reason,
  });
  await engine.claim([released, inDomain({ kind: 'status.lost', reason })]);
}

async function trackedBranch(
  ports: EnginePorts,
  options: EngineOptions,
  domain: DomainName,
): Promise<string | null> {
  const reader = new StatusBranch({
    ...ports,
    domain,
    controller: options.controller,
    home: options.home,
    branch: '',
    takeover: false,
  });
  const { claim } = await reader.read();
  if (claim !== null) return claim.branch;
  const { branch } = await ports.refs.head();
  return branch === null ? null : shortBranch(branch);
}

function refused(
  domain: DomainName,
  claim: { readonly controller: string; readonly since: number; readonly home: string },
): Booted {
  return {
    ok: false,
    code: 'claim.refused',
    message: `${domain} is run by ${claim.controller} since ${isoTime(claim.since).slice(0, 10)} (home ${claim.home})`,
    fix: 'Look: heliostat status. Take over: heliostat apply --takeover',
  };
}

function unusable(failure: OpenFailure): Booted {
  if (failure.kind !== 'disk')
    return { ok: false, code: `journal.${failure.kind}`, message: failure.message, fix: failure.fix };
  return {
    ok: false,
    code: 'journal.disk',
    message: describe(failure),
    fix: 'Make room on the disk of the state folder, or give it back its permissions, and try again.',
  };
}

/** State = fold(journal). */
export function stateFrom(
  domain: DomainName,
  opened: {
    readonly snapshot: readonly Uint8Array[] | null;
    readonly records: readonly Parameters<typeof foldRecord>[1][];
  },
): State | null {
  const state = opened.snapshot === null ? emptyState(domain) : decodeState(joined(opened.snapshot));
  if (state === null) return null;
  for (const record of opened.records) foldRecord(state, record);
  return state;
}

function joined(slices: readonly Uint8Array[]): Uint8Array {
  if (slices.length === 1) return slices[0] as Uint8Array;
  const whole = new Uint8Array(slices.reduce((sum, slice) => sum + slice.length, 0));
  let at = 0;
  for (const slice of slices) {
    whole.set(slice, at);
    at += slice.length;
  }
  return whole;
}

function assemble(
  ports: EnginePorts,
  options: EngineOptions,
  parts: {
    readonly domain: DomainName;
    readonly state: State;
    readonly journal: Journal;
    readonly branch: StatusBranch;
    readonly id: DomainId | null;
  },
): Core {
  const { state } = parts;
  const inbox = new Inbox();
  const sightings = new Sightings();
  const startedAt = state.at;
  const startedMono = ports.clock.monoMs();
  const now = (): number => startedAt + (ports.clock.monoMs() - startedMono);
  const world: World = {
    tables: state.tables,
    domainId: parts.id ?? mintId(ports, options, parts.domain),
    traits: traitsOf(ports),
    begunAt: startedAt,
    pauses: () => state.domain.pauses ?? [],
    now,
    wallNow: () => ports.clock.wallMs(),
    seen: (id) => sightings.seen(id),
  };
  return {
    ports,
    options,
    domain: parts.domain,
    state,
    journal: parts.journal,
    inbox,
    alarms: new Alarms(ports.clock, (key) => inbox.push({ kind: 'alarm', key })),
    sightings,
    dirty: new Dirty(state.tables),
    world,
    facts: factsOver(world),
    branch: parts.branch,
    troubles: new Troubles(ports),
    turns: new Turns(),
    plans: new LatestPlan(),
    now,
    monoAt: (at) => startedMono + (at - startedAt),
    followers: new Set(),
  };
}

/** Minted once; the claim then keeps it. */
function mintId(ports: EnginePorts, options: EngineOptions, domain: DomainName): DomainId {
  return shortHex(
    digestOf({ controller: options.controller, home: options.home, domain, now: ports.clock.wallMs() }),
    16,
  ) as DomainId;
}

const gatewayPorts: readonly [number, number] = [25_000, 29_999];

/** What decisions ask of providers. */
export function traitsOf(ports: Pick<EnginePorts, 'providers'>): Traits {
  const { providers } = ports;
  return {
    address: (name, id) => providers.get(name)?.address?.(id) ?? '127.0.0.1',
    needsPort: (name) => providers.get(name)?.manifest.needs.includes('port') ?? false,
    portRange: (name) =>
      name === 'gateway'
        ? (providers.gateway.manifest.portRange ?? gatewayPorts)
        : (providers.get(name)?.manifest.portRange ?? gatewayPorts),
    reconfigureInterrupts: (name) => providers.get(name)?.manifest.reconfigureInterrupts ?? true,
  };
}
