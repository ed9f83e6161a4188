import {
  tally,
  allKeptOut,
  countsText,
  isRejected,
  lostInstances,
  nothingToDo,
  solutionsOf,
} from '../words/plan.js';
import { durationText } from '../../base/words.js';
import type { Plan } from '../../plan/types.js';
import { changeLines } from './change-lines.js';
import {
  emptyMemory,
  noCounts,
  part,
  replaced,
  withSection,
  type CommentDocument,
  type CommentPhase,
  type Part,
  type SectionMemory,
} from './document.js';
import { driftParts } from './drift.js';
import { address, code, link } from './escape.js';
import { clockText } from './moments.js';
import { paragraphs, commands } from './pieces.js';
import { digestText, planParts, revisionCode } from './plan-parts.js';
import type { Applier, PlannedReport } from './types.js';

/**
 * A plan takes the place of the former one of its domain. Once there is an outcome, the plan that was shown stays: it is
 * what was merged.
 */
export function withPlan(document: CommentDocument, given: PlannedReport): CommentDocument {
  const report =
    given.plan !== null && isRejected(given.plan) ? { ...given, plan: null, preview: null } : given;
  const former = document.sections.get(report.domain);
  if (former !== undefined && former.memory.isMerged && former.memory.head === report.head) return document;
  const memory = remembered(report, former?.memory ?? null);
  const drift = report.drift === null ? [] : driftParts(report.drift, report.atMs);
  const fresh = [statusPart(report, memory), ...planParts(report), ...drift];
  const kept = report.drift === null ? (former?.parts ?? []).filter(({ block }) => block === 'drift') : [];
  return withSection(document, {
    memory,
    parts: replaced([...kept], ['status', 'destroys', 'outcome', 'plan', 'lacks'], fresh),
  });
}

function remembered(report: PlannedReport, former: SectionMemory | null): SectionMemory {
  const { domain, head, atMs, diagnostics, wholeUrl } = report;
  return {
    ...(former ?? emptyMemory(domain, atMs)),
    ...rememberedPlan(report.plan),
    ...supersededBy(report, former),
    phase: phaseOf(report),
    isMerged: false,
    head,
    revision: null,
    errors: diagnostics.filter(({ severity }) => severity === 'error').length,
    plannedAtMs: atMs,
    updatedAtMs: atMs,
    wholeUrl,
  };
}

function rememberedPlan(
  plan: Plan | null,
): Pick<SectionMemory, 'planDigest' | 'counts' | 'solutions' | 'lost' | 'changes'> {
  return {
    planDigest: plan?.digest ?? null,
    counts: plan?.summary ?? noCounts,
    solutions: plan === null ? 0 : solutionsOf(plan),
    lost: (plan?.changes ?? []).reduce((sum, change) => sum + lostInstances(change), 0),
    changes: changeLines(plan),
  };
}

/** The same plan of the same commit is no other one: a job was run once more. */
function supersededBy(
  { head, plan }: PlannedReport,
  former: SectionMemory | null,
): Pick<SectionMemory, 'superseded' | 'supersededHead'> {
  if (former === null || former.head === null) return { superseded: 0, supersededHead: null };
  const { superseded, supersededHead } = former;
  const isSame = former.head === head && former.planDigest === (plan?.digest ?? null);
  return isSame
    ? { superseded, supersededHead }
    : { superseded: superseded + 1, supersededHead: former.head };
}

function phaseOf({ plan }: PlannedReport): CommentPhase {
  if (plan === null) return 'rejected';
  return plan.holds.length > 0 ? 'held' : 'planned';
}

function statusPart(report: PlannedReport, memory: SectionMemory): Part {
  return part(
    'status',
    'kept',
    paragraphs([
      heading(report, memory.phase),
      sentences(report, memory),
      afterMerge(report, memory),
      whole(report),
    ]),
  );
}

function heading({ domain, folder, plan, diagnostics }: PlannedReport, phase: CommentPhase): string {
  const name = `Domain ${code(domain)}${folder === '' ? '' : ` (${code(folder)})`}`;
  if (phase === 'rejected') return `### ❌ ${name}: rejected, ${tally(diagnostics) ?? 'no plan'}`;
  const counts = plan === null ? '' : countsText(plan.summary);
  if (counts !== '') return `### ${phase === 'held' ? '✋' : '📋'} ${name}: ${counts}`;
  return plan !== null && plan.staying.length > 0
    ? `### 🚧 ${name}: no changes, ${allKeptOut}`
    : `### ✅ ${name}: no changes, ${nothingToDo}`;
}

function sentences(report: PlannedReport, memory: SectionMemory): string {
  const { head, base, plan, isFork } = report;
  const of = `${plan === null ? 'Read' : 'Planned'} at ${clockText(report.atMs)} for ${revisionCode(head)}`;
  const from = base === null ? '' : ` on top of ${revisionCode(base)}`;
  const digest = plan === null || plan.changes.length === 0 ? '' : ` Plan digest ${digestText(plan.digest)}.`;
  return [
    `${of}${from}${basisText(report)}.${digest}${linkText(report)}`,
    ...(isFork ? ['From a fork: read and compared only, without any credential.'] : []),
    ...(memory.superseded === 0 ? [] : [supersededText(memory)]),
  ].join(' ');
}

/** `, against the status of 10:42 UTC, 4 min old`. */
function basisText({ basis, atMs }: PlannedReport): string {
  if (basis === null) return '';
  if (basis.kind === 'live') return `, compared with what runs`;
  const age = Math.max(0, atMs - basis.atMs);
  const old = age < 60_000 ? 'just now' : `${durationText(Math.floor(age / 60_000) * 60_000)} old`;
  return `, against the status of ${clockText(basis.atMs, atMs)}, ${old}`;
}

function supersededText({ superseded, supersededHead, head }: SectionMemory): string {
  const last = supersededHead === null ? '' : ` of ${revisionCode(supersededHead)}`;
  const what = superseded === 1 ? `the earlier one${last}` : `${superseded} earlier ones, the last${last}`;
  return `**This plan, of ${revisionCode(head ?? '')}, supersedes ${what}.**`;
}

function afterMerge({ applier, plan }: PlannedReport, { phase }: SectionMemory): string {
  if (phase === 'rejected') return 'Merged as it is, it would be rejected here, and nothing would change.';
  if (plan === null || plan.changes.length === 0) return 'A merge changes nothing here.';
  return applierText(applier, phase === 'held');
}

function applierText(applier: Applier, isHeld: boolean): string {
  const once = isHeld ? ', once it is released' : '';
  const never = '**Nothing of this happens before the merge.**';
  switch (applier.kind) {
    case 'daemon':
      return `${never} After it ${code(applier.name)} applies it${once}.`;
    case 'action':
      return `${never} After it this Action applies it${once}.`;
    case 'nobody':
      return `${never} After it nobody applies it by itself:\n\n${commands([applier.command])}`;
  }
}

function linkText({ wholeUrl }: PlannedReport): string {
  return wholeUrl === null || address(wholeUrl) === null ? '' : ` ${link('All of it', wholeUrl)}.`;
}

/** How to get at all of it where no page shows it. */
function whole({ plan, head, domain, wholeUrl }: PlannedReport): string {
  if (wholeUrl !== null && address(wholeUrl) !== null) return '';
  if (plan === null || plan.changes.length === 0) return '';
  return `To see all of it:\n\n${commands([`heliostat plan ${head.slice(0, 12)} --domain ${domain}`])}`;
}
