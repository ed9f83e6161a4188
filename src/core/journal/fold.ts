import { fromUtf8, utf8 } from '../base/bytes.js';
import type { DomainName, ElementKey, Revision, SolutionName } from '../base/names.js';
import { splitElementKey } from '../base/names.js';
import { sortedBy } from '../base/order.js';
import type { RolloutLog } from '../rollout/log.js';
import type { DomainEntry, DomainState, EncodedDomain } from '../rollout/domain.js';
import { decodeDomain, encodeDomain } from '../rollout/domain-encode.js';
import { emptyDomain, evolveDomain } from '../rollout/domain-evolve.js';
import { encodeSolution } from '../rollout/encode.js';
import type { EncodedSolution, SolutionEntry } from '../rollout/entries.js';
import { isOpen } from '../rollout/mode.js';
import type { PauseTarget } from '../rollout/pause.js';
import { solutionsUnder } from '../rollout/pause.js';
import type { Place } from '../rollout/place.js';
import { touchedBy } from '../rollout/touched.js';
import type { EngineMs, SolutionState } from '../rollout/state.js';
import type { Tables } from '../rollout/tables.js';
import { elementAt, emptyTables, evolveTables } from '../rollout/tables.js';
import { solutionOf } from './entry.js';
import type { JournalRecord } from './record.js';
import type { EncodedUnwritten, Unwritten } from './unwritten.js';
import { addUnwritten, clearUnwritten, emptyUnwritten, encodeUnwritten } from './unwritten.js';
import type { RolloutLogs } from './rollout-log.js';
import { evolveLogs, leftBehind } from './rollout-log.js';

/** State = fold(journal): restart, replay, simulation and preview are one code path. */
export interface State {
  domain: DomainState;
  readonly tables: Tables;
  readonly logs: RolloutLogs;
  readonly unwritten: Unwritten;
  /** Of that, what changed since the status commit that is being made was begun. */
  readonly since: Unwritten;
  /** Engine time of the last record. */
  at: EngineMs;
  /** Records folded since this state was made. */
  records: number;
}

export function emptyState(domain: DomainName): State {
  return {
    domain: emptyDomain(domain),
    tables: emptyTables(domain),
    logs: new Map(),
    unwritten: emptyUnwritten(),
    since: emptyUnwritten(),
    at: 0,
    records: 0,
  };
}

/** Applies one record. The tables are changed in place; the same records give the same state. */
export function foldRecord(state: State, record: JournalRecord): void {
  const solution = solutionOf(record.stream);
  state.at = Math.max(state.at, record.at);
  state.records++;
  if (solution === null) foldDomain(state, record.entry as DomainEntry, record);
  else foldSolution(state, solution, record.entry as SolutionEntry, record);
}

function foldSolution(state: State, solution: SolutionName, entry: SolutionEntry, place: Place): void {
  const before = state.tables.solutions.get(solution) ?? null;
  const current = before?.rollout?.id ?? null;
  const tracked = concernsTracks(entry) && before !== null ? trackedIn(before) : [];
  const left = entry.kind === 'solution.restored' ? leftBehind(state.logs, solution, entry) : [];
  evolveTables(state.tables, solution, entry, place);
  const commit = entry.kind === 'rollout.planned' ? state.domain.revisions.get(entry.revision) : undefined;
  evolveLogs(state.logs, { solution, current, commit }, entry, place);
  const after = state.tables.solutions.get(solution)?.rollout ?? null;
  const aboutRollout = entry.kind.startsWith('rollout.') && after !== null;
  const touched = touchedBy(solution, entry);
  const placed = concernsPlacement(entry) ? touched.flatMap((key) => placedOn(state.tables, key)) : [];
  mark(state, {
    elements: [...touched, ...tracked, ...placed],
    solutions: [solution, ...placed.map((key) => splitElementKey(key).solution)],
    rollouts: aboutRollout ? [...new Set([after.id, current ?? after.id])] : left.map(({ id }) => id),
    revisions: aboutRollout ? [after.revision] : [],
    components: [],
    memory: false,
  });
}

/** What ends or leaves a pause changes every element that is on its way. */
function concernsTracks({ kind }: SolutionEntry): boolean {
  return kind === 'rollout.ended' || kind === 'rollout.aborted' || kind === 'rollout.phase';
}

/** Another target: what lives on it may have to move, and does not count as well then. */
function concernsPlacement({ kind }: SolutionEntry): boolean {
  return (
    kind === 'rollout.planned' ||
    kind === 'rollout.aborted' ||
    kind === 'rollout.reverting' ||
    kind === 'step.begun' ||
    kind === 'solution.down'
  );
}

function placedOn(tables: Tables, key: ElementKey): ElementKey[] {
  const livesOnIt = (consumer: ElementKey): boolean =>
    [...(elementAt(tables, consumer)?.clusters.values() ?? [])].some(({ definition }) =>
      definition.relationships.some(({ type, provider }) => type === 'context' && provider === key),
    );
  return [...(tables.consumers.get(key) ?? [])].filter(livesOnIt);
}

function trackedIn({ elements }: SolutionState): ElementKey[] {
  return [...elements.values()].filter((element) => element.track !== null).map((element) => element.key);
}

function foldDomain(state: State, entry: DomainEntry, place: Place): void {
  state.domain = evolveDomain(state.domain, entry, place.wallMs);
  if (entry.kind === 'status.written') {
    clearUnwritten(state.unwritten);
    addUnwritten(state.unwritten, entry.remaining as EncodedUnwritten);
    return;
  }
  // Told to those who follow; the status branch has nothing to say of it.
  if (entry.kind === 'trouble.began' || entry.kind === 'trouble.ended') return;
  if (entry.kind === 'status.lost') return mark(state, everything(state));
  if (entry.kind === 'pause.began' || entry.kind === 'pause.ended')
    return mark(state, paused(state, entry.target));
  mark(state, {
    elements: [],
    solutions: solutionsOf(entry, state),
    rollouts: [],
    revisions: revisionsOf(entry),
    components: entry.kind === 'revision.accepted' ? entry.releases.map((release) => release.component) : [],
    memory: true,
  });
}

/** What stands still, and the verdicts that wait for it. */
function paused({ tables }: State, target: PauseTarget): EncodedUnwritten {
  const under = solutionsUnder(target, tables.solutions.keys()).flatMap(
    (name) => tables.solutions.get(name) ?? [],
  );
  return {
    elements: [],
    solutions: under.map(({ name }) => name),
    revisions: under.flatMap((solution) =>
      solution.rollout !== null && isOpen(solution) ? [solution.rollout.revision] : [],
    ),
    rollouts: [],
    components: [],
    memory: true,
  };
}

function everything({ domain, tables, logs }: State): EncodedUnwritten {
  const solutions = [...tables.solutions.values()];
  return {
    elements: solutions.flatMap(({ elements }) => [...elements.values()].map(({ key }) => key)),
    solutions: solutions.map(({ name }) => name),
    revisions: [...domain.revisions.keys()],
    rollouts: [...logs.keys()],
    components: [...new Set([...domain.ledger.values()].map(({ component }) => component))],
    memory: true,
  };
}

/** Solutions of which the entry changes what is told of them. */
function solutionsOf(entry: DomainEntry, { domain }: State): readonly SolutionName[] {
  if (entry.kind === 'revision.accepted') return entry.stale.map((stale) => stale.solution);
  if (entry.kind !== 'revert.begun' && entry.kind !== 'revert.ended') return [];
  return domain.revisions.get(entry.revision)?.revert?.solutions ?? [];
}

/** So many of the latest are told once more after a restoration: who wrote them may have died before their notes. */
const toldAgain = 20;

function revisionsOf(entry: DomainEntry): readonly Revision[] {
  if (entry.kind === 'domain.restored')
    return entry.state.revisions.slice(-toldAgain).map(({ revision }) => revision);
  return 'arrival' in entry ? [entry.revision] : [];
}

function mark(state: State, what: EncodedUnwritten): void {
  addUnwritten(state.unwritten, what);
  addUnwritten(state.since, what);
}

interface EncodedState {
  readonly schema: 1;
  readonly at: EngineMs;
  readonly domain: EncodedDomain;
  readonly solutions: readonly EncodedSolution[];
  readonly logs: readonly RolloutLog[];
  readonly unwritten: EncodedUnwritten;
}

/** For a snapshot: everything that a replay of the journal would give. */
export function encodeState(state: State): Uint8Array {
  return utf8(JSON.stringify(stateAsData(state)));
}

export function stateAsData(state: State): EncodedState {
  return {
    schema: 1,
    at: state.at,
    domain: encodeDomain(state.domain),
    solutions: sortedBy(state.tables.solutions.values(), (solution) => solution.name).map(encodeSolution),
    logs: [...state.logs.values()],
    unwritten: encodeUnwritten(state.unwritten),
  };
}

/** Null: these bytes are no state. */
export function decodeState(bytes: Uint8Array): State | null {
  const text = fromUtf8(bytes);
  if (text === null) return null;
  const encoded = JSON.parse(text) as EncodedState;
  const state = emptyState(encoded.domain.name);
  state.domain = decodeDomain(encoded.domain);
  state.at = encoded.at;
  for (const solution of encoded.solutions) {
    evolveTables(state.tables, solution.name, { kind: 'solution.restored', state: solution }, restoredPlace);
  }
  for (const log of encoded.logs) state.logs.set(log.id, log);
  addUnwritten(state.unwritten, encoded.unwritten);
  return state;
}

const restoredPlace: Place = { stream: '', sequence: 0, epoch: 0, at: 0, wallMs: 0 };
