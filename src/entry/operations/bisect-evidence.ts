import { isMap, type Json, type JsonMap } from '../../core/base/data.js';
import type { Revision } from '../../core/base/names.js';
import type { Quarantine, RolloutState, SolutionState } from '../../core/rollout/state.js';
import { conditionsIn } from '../../core/status/bisect.js';
import { changeView, revertView, type RolloutHead } from '../../core/status/history.js';
import { rolloutPath } from '../../core/status/documents.js';
import { readFile } from '../../engine/at-commit.js';
import type { BisectedCommit } from '../cli/operations.js';
import type { Looking } from './looking.js';
import { memoryOf, type Memory } from './past.js';
import { thenIn, type SolutionThen, type Span, type Then } from './solution-then.js';

const mostLines = 12;
const mostTogether = 20;

type Head = Partial<SolutionState>;

/** Who is to blame for a span, what changed then, and what was seen. */
export async function evidenceOf(
  looking: Looking,
  then: SolutionThen,
  span: Span,
): Promise<BisectedCommit | null> {
  const head = await headAt(then, span.first);
  const { revision = null, rollout = null } = head;
  if (revision === null) return null;
  const memory = await memoryOf(looking);
  const document = await rolloutIn(looking, memory, rollout);
  const { author, subject, committedMs } = await memory.words(revision);
  const stable = (await headAt(then, span.lastGood)).lastStable?.revision ?? null;
  return {
    ...momentsOf(then, span),
    when: isApplied(await then.at(span.first)) ? 'afterwards' : 'rollout',
    revision,
    author,
    subject,
    committedAtMs: committedMs,
    phase: rollout?.phase ?? null,
    reason: rollout?.reason ?? null,
    ...(await toldBy(memory, document)),
    evidence: await linesOf(then, span, document),
    together: await togetherWith(looking, memory, revision, stable),
  };
}

/** Nothing where the document is not there. */
async function headAt(then: SolutionThen, position: number): Promise<Head> {
  return ((await then.at(position)).memory as Head | null) ?? {};
}

function momentsOf(
  { commits }: SolutionThen,
  { first, lastGood, until }: Span,
): Pick<BisectedCommit, 'status' | 'lastGood' | 'sinceMs' | 'untilMs'> {
  return {
    status: commits[first]?.oid ?? '',
    lastGood: commits[lastGood]?.oid ?? null,
    sinceMs: commits[first]?.committedMs ?? 0,
    untilMs: until === null ? null : (commits[until]?.committedMs ?? null),
  };
}

async function toldBy(
  memory: Memory,
  document: Then | null,
): Promise<Pick<BisectedCommit, 'changes' | 'revert'>> {
  const rollout = (document?.memory ?? null) as RolloutHead | null;
  if (rollout === null) return { changes: [], revert: null };
  return {
    changes: rollout.changes.map(changeView),
    revert: revertView((await memory.aftermath(rollout)).revert),
  };
}

function isApplied({ said }: Then): boolean {
  return said?.['phase'] === 'succeeded';
}

/** What the documents of that moment, and that of the rollout at its end, say. */
async function linesOf(then: SolutionThen, { first, until }: Span, rollout: Then | null): Promise<string[]> {
  const moments = [first, (until ?? then.commits.length) - 1];
  const told = await Promise.all(moments.map((at) => then.at(at)));
  const conditions = told.flatMap(({ said }) => (said === null ? [] : conditionsIn(said)));
  const quarantines = told.flatMap(
    ({ memory }) => (memory as { readonly quarantine?: Quarantine | null } | null)?.quarantine ?? [],
  );
  const lines = [
    ...failedSteps(rollout),
    ...quarantines.flatMap(({ reason, evidence }) => [reason, ...evidence]),
    ...conditions.flatMap(({ message }) => (typeof message === 'string' ? [message] : [])),
  ];
  return [...new Set<string>(lines)].slice(0, mostLines);
}

/** The document of a rollout as it is by now. */
async function rolloutIn(
  { location }: Looking,
  { tip }: Memory,
  rollout: Partial<RolloutState> | null,
): Promise<Then | null> {
  const { id, startedWallMs } = rollout ?? {};
  if (tip === null || id === undefined || startedWallMs === undefined) return null;
  const path = rolloutPath(location.domain, { id, startedWallMs });
  return thenIn(await readFile(location.repository.source, tip, path));
}

/** `start prod/shop/api/1.1.0~0a1b2c3d/0 failed: exit code 1`. */
function failedSteps(rollout: Then | null): string[] {
  const steps = rollout?.said?.['steps'];
  return (Array.isArray(steps) ? (steps as readonly Json[]).filter(isMap) : [])
    .filter(({ outcome }) => outcome === 'failed')
    .map((step) => stepText(step));
}

function stepText({ transition, instance, reason }: JsonMap): string {
  const why = typeof reason === 'string' ? `: ${reason}` : '';
  return `${String(transition)} ${String(instance)} failed${why}`;
}

/** What lies between the last revision that was stable and the one to blame went out with it. */
async function togetherWith(
  { location }: Looking,
  memory: Memory,
  revision: Revision,
  stable: Revision | null,
): Promise<BisectedCommit['together']> {
  if (stable === null || stable === revision) return [];
  const back = await location.repository.history.firstParents(revision, stable, mostTogether + 1);
  // Where the last stable one is not among them there is no telling what lies between.
  if (back.at(-1)?.parents[0] !== stable) return [];
  const others = back.filter(({ oid }) => oid !== revision);
  return Promise.all(
    others.map(async ({ oid }) => {
      const { author, subject } = await memory.words(oid);
      return { revision: oid, author, subject };
    }),
  );
}
