import type { ElementKey, Revision } from '../../core/base/names.js';
import { seenDrift } from '../../core/rollout/drift.js';
import { elementAt } from '../../core/rollout/tables.js';
import { factsFrom, observeOnce } from './observe.js';
import type { Diagnostic } from '../../core/base/diagnostic.js';
import { hasErrors } from '../../core/base/diagnostic.js';
import type { Hold, Plan, Preview } from '../../core/plan/types.js';
import { asSettled } from '../../core/rollout/settled.js';
import type { Durations } from '../../core/rollout/durations.js';
import type { Simulation } from '../../core/rollout/preview.js';
import { returnHolds } from '../../core/rollout/held-back.js';
import { simulate } from '../../core/rollout/preview.js';
import type { DesiredDomain, Validation } from '../../core/graph/types.js';
import { emptyState } from '../../core/journal/fold.js';
import type { World } from '../../core/rollout/world.js';
import { accept } from '../../engine/accept.js';
import { planFor } from '../../engine/plan-for.js';
import { traitsOf } from '../../engine/boot.js';
import type { PlanRequest, PlanView } from '../cli/operations.js';
import { learntDurations } from './learnt.js';
import type { Read } from './read.js';
import { readDomain } from './read.js';
import type { Location } from './place.js';
import { locate } from './place.js';
import { isModelFile } from './model-files.js';
import { sourceLines } from './source-lines.js';

/** The plan and its simulated rollout; never a side effect. */
export async function plan(version: string, request: PlanRequest): Promise<PlanView> {
  const location = await locate(request);
  try {
    const revision = request.revision === null ? null : await location.repository.resolve(request.revision);
    return await preparePlan(version, location, {
      revision,
      preview: request.preview,
      signal: request.signal,
      asked: request.revision,
      from: request.from,
    });
  } finally {
    await location.repository.close();
  }
}

interface Wanted {
  readonly signal?: AbortSignal;
  /** Null: the work tree, or HEAD where there is none. */
  readonly revision: Revision | null;
  /** `small`: only where it is read through and costs nothing. */
  readonly preview: boolean | 'small';
  readonly asked?: string | null;
  readonly from?: string | null;
}

export async function preparePlan(version: string, location: Location, wanted: Wanted): Promise<PlanView> {
  return (await planAndRead(version, location, wanted)).view;
}

/** A plan, and what it was made from. */
export interface PlanAndRead {
  readonly view: PlanView;
  readonly read: Read;
  /** How an element differs from what it is held to, as it was seen now; null: not at all, or not seen. */
  readonly drift: (key: ElementKey) => string | null;
}

export async function planAndRead(version: string, location: Location, wanted: Wanted): Promise<PlanAndRead> {
  const present = await readDomain(version, location, wanted);
  const read = wanted.from == null ? present : await asIf(version, location, wanted.from, present);
  const uncommitted =
    location.repository.workTree === null
      ? null
      : await location.repository.workTree.uncommitted({ folders: [location.folder], accepts: isModelFile });
  const base = { folder: location.folder, uncommitted, sourceLine: sourceLines(location) };
  const drift = await driftOf(read, wanted.signal);
  const made = makePlanOf(read, drift);
  const rejected = hasErrors(made.diagnostics) || !read.accepted;
  const preview =
    wantsPreview(wanted.preview, made) && !rejected ? await previewOf(location, read, made) : null;
  return { view: { plan: made, preview, ...base }, read, drift };
}

const smallInstances = 200;

function wantsPreview(wanted: boolean | 'small', made: Plan): boolean {
  if (wanted !== 'small') return wanted;
  return (
    made.changes.reduce((sum, { before, after }) => sum + (before?.size ?? 0) + (after?.size ?? 0), 0) <=
    smallInstances
  );
}

/** Where a controller has run, what runs is looked at, so that the plan says what was changed by hand. */
async function driftOf(
  read: Read,
  signal: AbortSignal | undefined,
): Promise<(key: ElementKey) => string | null> {
  const { state, wired } = read;
  // What another controller runs is nothing that can be looked at from here.
  if (state.domain.epoch === 0 || state.domain.controller !== wired.options.controller) return () => null;
  const facts = factsFrom(
    state,
    wired,
    await observeOnce(state, wired, signal ?? new AbortController().signal),
  );
  return (key) => {
    const element = elementAt(state.tables, key);
    return element === null ? null : seenDrift(element, facts);
  };
}

function makePlanOf(read: Read, drift: (key: ElementKey) => string | null): Plan {
  const { state, desired, revision, basis } = read;
  const all =
    desired === null ? [] : [...new Set([...state.tables.solutions.keys(), ...desired.solutions.keys()])];
  // A stale solution keeps what it was: that its model cannot be read is no wish that it goes.
  const scope = all.filter((name) => desired?.solutions.has(name) === true || !read.stale.includes(name));
  const made = planFor(state, desired ?? emptyDomain(read), scope, { revision, basis }, drift);
  return {
    ...made,
    // What the plan changes is on its way elsewhere, and asks nobody whether it may go back.
    holds: [...made.holds, ...standing(read, made)],
    diagnostics: [...read.diagnostics, ...made.diagnostics] as readonly Diagnostic[],
  };
}

function standing({ state }: Read, made: Plan): Hold[] {
  return returnHolds(state.domain, state.tables.solutions)
    .filter(({ solution }) => !made.solutions.some((planned) => planned.solution === solution))
    .map(({ hold }) => hold);
}

/** What the executor would do from here, on a virtual clock. */
async function previewOf(location: Location, read: Read, made: Plan): Promise<Preview | null> {
  if (made.solutions.length === 0) return null;
  return simulated(read, made, await learntDurations(location, read, made)).preview;
}

function emptyDomain({ state }: Read): DesiredDomain {
  return { name: state.domain.name, folder: '', solutions: new Map(), consumers: () => [] };
}

function simulated(read: Read, made: Plan, durations?: Durations): Simulation {
  const { state, wired, revision } = read;
  const world: World = {
    tables: state.tables,
    domainId: state.domain.id ?? ('preview' as World['domainId']),
    traits: traitsOf(wired.ports),
    now: () => state.at,
    seen: asSettled(state.tables),
  };
  const items = accept(state, made, nothingWrong, {
    revision: revision === 'worktree' ? noRevision : revision,
    arrival: 1,
    desired: read.desired ?? emptyDomain(read),
    scope: [],
  });
  return simulate(
    world,
    items.flatMap((item) => (item.solution === null ? [] : [{ solution: item.solution, entry: item.entry }])),
    durations,
  );
}

const noRevision = '0'.repeat(40) as Revision;
const nothingWrong: Validation = {
  accepted: true,
  diagnostics: [],
  stale: [],
  tip: { errors: {} },
  releases: [],
  changed: [],
  touched: 0,
};

/** As if another revision were stable and nobody had touched it: the end of its own rollout from nothing. */
async function asIf(version: string, location: Location, from: string, read: Read): Promise<Read> {
  const revision = await location.repository.resolve(from);
  const former = await readDomain(version, location, { revision, asked: from, from: null });
  const empty = { ...former, state: emptyState(location.domain) };
  const { tables, preview } = simulated(
    empty,
    makePlanOf(empty, () => null),
  );
  return {
    ...read,
    state: {
      ...emptyState(location.domain),
      tables,
      logs: read.state.logs,
      at: preview.durationMs,
      domain: { ...read.state.domain, epoch: 0, accepted: revision },
    },
  };
}
