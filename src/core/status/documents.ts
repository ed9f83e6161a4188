import type { Json, JsonMap } from '../base/data.js';
import type { DomainName, ElementKey, Revision, RolloutId, SolutionName } from '../base/names.js';
import { splitElementKey } from '../base/names.js';
import type { ReleaseRecord } from '../base/release.js';
import { isoTime } from '../base/time.js';
import type { State } from '../journal/fold.js';
import type { Unwritten } from '../journal/unwritten.js';
import type { RevisionState } from '../rollout/domain.js';
import { encodeDomain } from '../rollout/domain-encode.js';
import { encodeElement } from '../rollout/encode.js';
import type { Facts } from '../rollout/facts.js';
import type { Pause } from '../rollout/pause.js';
import type { RolloutLog } from '../rollout/log.js';
import type { SolutionState } from '../rollout/state.js';
import { elementAt } from '../rollout/tables.js';
import { verdictOf } from '../rollout/verdicts.js';
import { statusSchema } from './claim.js';
import { emitYaml, memoryLine } from './emit.js';
import { elementView, solutionHeadline } from './summary.js';
import type { ClusterView, ElementView } from './view.js';

/** A path on the status branch and its new content; null: it goes. */
export interface Document {
  readonly path: string;
  readonly content: string | null;
}

/** The documents of all that is not written yet. */
export function documentsOf(state: State, facts: Facts, unwritten: Unwritten): Document[] {
  const domain = state.domain.name;
  const documents: Document[] = [];
  for (const key of unwritten.elements) documents.push(elementDocument(state, facts, key));
  for (const name of unwritten.solutions) documents.push(solutionDocument(state, facts, name));
  for (const revision of unwritten.revisions) documents.push(...revisionDocument(state, revision));
  for (const id of unwritten.rollouts) documents.push(...rolloutDocument(state, domain, id));
  for (const component of unwritten.components) documents.push(ledgerDocument(state, component));
  if (unwritten.memory) documents.push(memoryDocument(state));
  return documents;
}

/** Whether a document that was written says what would be written now; engine time goes on whatever it is about. */
export function saysTheSame(written: string | null, content: string | null): boolean {
  const timeless = (text: string | null): string | undefined => text?.replace(/,"at":[0-9.]+\}\n$/, '}\n');
  return timeless(written) === timeless(content);
}

export function elementPath(domain: DomainName, key: ElementKey): string {
  const { solution, element } = splitElementKey(key);
  return `${domain}/solutions/${solution}/elements/${element}.yaml`;
}

function elementDocument(state: State, facts: Facts, key: ElementKey): Document {
  const path = elementPath(state.domain.name, key);
  const element = elementAt(state.tables, key);
  if (element === null) return { path, content: null };
  const view = elementData(elementView(element, facts, state.domain.name)) as unknown as JsonMap;
  return {
    path,
    content: emitYaml({ schemaVersion: statusSchema, ...view }) + memoryLine(encodeElement(element)),
  };
}

/** Times as people read them. */
function elementData({ step, clusters, ...view }: ElementView): object {
  const told = { ...view, clusters: clusters.map(clusterData) };
  if (step === undefined) return told;
  const { pauseUntilMs, ...rest } = step;
  return { ...told, step: { ...rest, pauseUntil: timeOrNull(pauseUntilMs) } };
}

function clusterData({ standbyUntilMs, ...cluster }: ClusterView): object {
  return standbyUntilMs === undefined ? cluster : { ...cluster, standbyUntil: timeOrNull(standbyUntilMs) };
}

function timeOrNull(wallMs: number | null): string | null {
  return wallMs === null ? null : isoTime(wallMs);
}

function solutionDocument(state: State, facts: Facts, name: SolutionName): Document {
  const path = `${state.domain.name}/solutions/${name}/solution.yaml`;
  const solution = state.tables.solutions.get(name);
  if (solution === undefined || isForgotten(solution)) return { path, content: null };
  const { elements: _elements, ...head } = solution;
  const headline = solutionHeadline(state, solution, facts) as unknown as JsonMap;
  return {
    path,
    content: emitYaml({ schemaVersion: statusSchema, ...headline }) + memoryLine({ ...head, at: state.at }),
  };
}

/** Gone from the model and from the world: history remembers it. */
function isForgotten(solution: SolutionState): boolean {
  return solution.elements.size === 0 && solution.rollout?.phase === 'succeeded';
}

function revisionDocument(state: State, revision: Revision): Document[] {
  const known = state.domain.revisions.get(revision);
  if (known === undefined) return [];
  const path = `${state.domain.name}/revisions/${revision.slice(0, 2)}/${revision}.yaml`;
  return [{ path, content: emitYaml(revisionData(state, known)) + memoryLine(known) }];
}

function revisionData(state: State, known: RevisionState): JsonMap {
  return {
    schemaVersion: statusSchema,
    revision: known.revision,
    arrival: known.arrival,
    subject: known.subject,
    author: known.author,
    committedAt: isoTime(known.committedMs),
    seenAt: isoTime(known.seenWallMs),
    verdict: verdictOf(known, state.domain, state.tables.solutions),
    scope: known.scope,
    verdicts: Object.fromEntries(
      Object.entries(known.verdicts).map(([scoped, verdict]) => [
        scoped,
        { verdict: verdict.verdict, reason: verdict.reason, rollout: verdict.rollout },
      ]),
    ),
    diagnostics: known.diagnostics as unknown as Json,
  };
}

function rolloutDocument(state: State, domain: DomainName, id: RolloutId): Document[] {
  const log = state.logs.get(id);
  return log === undefined
    ? []
    : [
        {
          path: rolloutPath(domain, log),
          content: emitYaml(rolloutData(state, log)) + memoryLine(remembered(log)),
        },
      ];
}

export function rolloutPath(domain: DomainName, log: Pick<RolloutLog, 'id' | 'startedWallMs'>): string {
  return `${domain}/${rolloutFile(log)}`;
}

/** Below the folder of the domain. */
export function rolloutFile({ id, startedWallMs }: Pick<RolloutLog, 'id' | 'startedWallMs'>): string {
  const [year, month] = isoTime(startedWallMs).split('-');
  return `rollouts/${year}/${month}/${id}.yaml`;
}

/** Who goes on with a rollout has to know its steps; of one that is over they are told above. */
function remembered(log: RolloutLog): Omit<RolloutLog, 'steps'> {
  if (log.endedWallMs === null) return log;
  const { steps: _steps, ...rest } = log;
  return rest;
}

function rolloutData(state: State, log: RolloutLog): JsonMap {
  const revision = state.domain.revisions.get(log.revision);
  return {
    schemaVersion: statusSchema,
    rollout: log.id,
    solution: log.solution,
    revision: log.revision,
    subject: log.subject ?? revision?.subject ?? null,
    author: log.author ?? revision?.author ?? null,
    planDigest: log.planDigest,
    phase: log.phase,
    reason: log.reason,
    startedAt: isoTime(log.startedWallMs),
    endedAt: log.endedWallMs === null ? null : isoTime(log.endedWallMs),
    changes: log.changes.map((change) => ({
      element: change.element,
      action: change.action,
      reason: change.reason,
    })),
    ...(log.quarantined === undefined
      ? {}
      : { quarantined: log.quarantined.map(({ element, cluster }) => ({ element, cluster })) }),
    steps: log.steps.map((step) => ({
      at: isoTime(step.startedWallMs),
      transition: step.transition,
      instance: step.instance,
      outcome: step.outcome,
      durationMs: step.durationMs,
      ...(step.reason === null ? {} : { reason: step.reason }),
    })),
  };
}

function ledgerDocument(state: State, component: string): Document {
  const releases = [...state.domain.ledger.values()].filter((release) => release.component === component);
  releases.sort((a, b) => (a.version < b.version ? -1 : 1));
  const data = { schemaVersion: statusSchema, component, releases: releases.map(releaseData) };
  return {
    path: `${state.domain.name}/releases/${component}.yaml`,
    content: emitYaml(data) + memoryLine(releases),
  };
}

function releaseData(release: ReleaseRecord): JsonMap {
  return {
    version: release.version,
    digest: release.digest,
    file: release.file,
    blob: release.oid,
    artifacts: release.artifacts.length,
  };
}

function memoryDocument(state: State): Document {
  const { revisions, ledger: _ledger, written: _written, ...memory } = encodeDomain(state.domain);
  const recent = revisions.slice(-keptInMemory);
  const data: JsonMap = {
    schemaVersion: statusSchema,
    tip: memory.tip,
    accepted: memory.accepted,
    ...pausesData(memory.pauses ?? []),
    holds: memory.holds.map(({ hold, sinceWallMs }) => ({
      id: hold.id,
      code: hold.code,
      reason: hold.reason,
      since: isoTime(sinceWallMs),
      command: hold.command,
    })),
  };
  return {
    path: `${state.domain.name}/memory.yaml`,
    content: emitYaml(data) + memoryLine({ ...memory, revisions: recent, at: state.at }),
  };
}

/** Nothing is said of pauses where there are none. */
function pausesData(pauses: readonly Pause[]): JsonMap {
  if (pauses.length === 0) return {};
  return {
    pauses: pauses.map(({ target, who, reason, sinceWallMs, untilWallMs }) => ({
      target,
      who,
      reason,
      since: isoTime(sinceWallMs),
      until: untilWallMs === null ? null : isoTime(untilWallMs),
    })),
  };
}

const keptInMemory = 20;
