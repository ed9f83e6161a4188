import type { DomainId, DomainName } from '../core/base/names.js';
import type { State } from '../core/journal/fold.js';
import { decodeState, emptyState, foldRecord } from '../core/journal/fold.js';
import type { Traits, World } from '../core/rollout/world.js';
import { factsOver } from '../core/rollout/world.js';
import { digestOf, shortHex } from '../core/base/digest.js';
import { shortBranch } from '../ports/repository.js';
import { inDomain } from '../core/journal/entry.js';
import { Alarms } from './alarms.js';
import { Carrier } from './carrier.js';
import type { Core } from './core.js';
import { Dirty } from './dirty.js';
import { Engine } from './engine.js';
import { LatestPlan } from './forge/latest-plan.js';
import { Inbox } from './inbox.js';
import type { Refused } from './find-journal.js';
import { findJournal } from './find-journal.js';
import type { Journal } from './journal/journal.js';
import type { EngineOptions, EnginePorts } from './ports.js';
import { isOutrun, isOutrunByHeads } from './outrun.js';
import type { Carried } from './recall.js';
import { aboutBroken, brokenDocuments, documentsBelow, restore, restoredAt } from './restore.js';
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
  | Refused;

/** From whatever is there — nothing, a journal, only the status branch — to an engine that is ready to run. The same code for a first start, a restart and a crash. */
export async function boot(ports: EnginePorts, options: EngineOptions, domain: DomainName): Promise<Booted> {
  const carries = options.durable === false;
  const { controller, home, takeover } = options;
  const branch = new StatusBranch({ ...ports, domain, controller, home, takeover, carries });
  const found = await findJournal(ports, options, branch, domain);
  if ('ok' in found) return found;
  const { opened, reading, carried } = found;
  const { claim, tip } = reading;
  const state = stateFrom(domain, opened);
  if (state === null)
    return {
      ok: false,
      code: 'journal.corrupt',
      message: 'the snapshot of the journal cannot be read',
      fix: 'Delete the state folder: the next start restores from the status branch.',
    };
  const tracked = options.branch ?? state.domain.branch ?? claim?.branch ?? (await headBranch(ports));
  if (tracked === null)
    return {
      ok: false,
      code: 'branch.detached',
      message: 'HEAD is on no branch, so there is no branch to follow',
      fix: 'Check out a branch, or name one in heliostat.config.yaml (branch: main).',
    };
  const isPast =
    claim !== null &&
    tip !== null &&
    (found.isRecalled
      ? await isOutrunByHeads(ports.source, state, tip)
      : await isOutrun(ports.source, state, { claim, tip }));
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
    carried: carries ? carried : null,
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

async function headBranch(ports: EnginePorts): Promise<string | null> {
  const { branch } = await ports.refs.head();
  return branch === null ? null : shortBranch(branch);
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
    /** Null: the state folder outlives the controller. */
    readonly carried: Carried | null;
  },
): Core {
  const { branch, carried, domain, journal, state } = parts;
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
  const troubles = new Troubles(ports);
  const shared = { domain, state, journal, branch, inbox, troubles, now };
  return {
    ...shared,
    ports,
    options,
    alarms: new Alarms(ports.clock, (key) => inbox.push({ kind: 'alarm', key })),
    sightings,
    dirty: new Dirty(state.tables),
    world,
    facts: factsOver(world),
    carrier: carried === null ? null : new Carrier({ ...shared, ...ports }, carried),
    turns: new Turns(),
    plans: new LatestPlan(),
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
