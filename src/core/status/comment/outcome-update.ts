import { code, fence } from './escape.js';
import { count, shortRevision } from '../../base/words.js';
import { planDifference } from './difference.js';
import { diagnosticsText } from './diagnostics.js';
import {
  emptyMemory,
  part,
  replaced,
  withSection,
  type CommentDocument,
  type Part,
  type SectionMemory,
} from './document.js';
import { markOf } from './headline.js';
import { clockText } from './moments.js';
import { conditionText, solutionParts } from './outcome-solution.js';
import { bullets, commands, fold, paragraphs, sentence } from './pieces.js';
import { destroyParts, digestText, holdParts, revisionCode } from './plan-parts.js';
import { revertText } from './revert-text.js';
import type { DifferingPlan, OutcomeReport } from './types.js';

/** What became of a merged commit: status line and outcome anew, the plan as it was shown. */
export function withOutcome(document: CommentDocument, report: OutcomeReport): CommentDocument {
  const { domain, updatedAtMs, verdict, revision, wholeUrl } = report;
  const former = document.sections.get(domain);
  const before = former?.memory ?? emptyMemory(domain, updatedAtMs);
  const memory: SectionMemory = {
    ...before,
    phase: verdict,
    isMerged: true,
    revision,
    errors: report.diagnostics.filter(({ severity }) => severity === 'error').length,
    updatedAtMs,
    wholeUrl: wholeUrl ?? before.wholeUrl,
  };
  const fresh = [statusPart(report, before), ...outcomeParts(report, before)];
  const parts = replaced(former?.parts ?? [], ['status', 'outcome', 'lacks'], fresh);
  const made = report.differing?.made ?? null;
  return withSection(document, {
    memory,
    // What was not shown before is all the more to be seen.
    parts: made === null ? parts : replaced(parts, ['destroys'], destroyParts(made.changes)),
  });
}

function statusPart(report: OutcomeReport, before: SectionMemory): Part {
  const { domain, verdict, revision, reason, updatedAtMs } = report;
  const heading = `### ${markOf(verdict)} Domain ${code(domain)}: ${verdict}${scopeText(report)}`;
  const shown = before.head === null ? ' No plan was shown before the merge.' : '';
  const line = `Merged as ${revisionCode(revision)}${nextText(report)}.${shown} Updated ${clockText(updatedAtMs)}.`;
  return part('status', 'kept', paragraphs([heading, line, reason === null ? '' : sentence(reason)]));
}

/** `, 2 of 3 solutions`. */
function scopeText({ solutions, verdict }: OutcomeReport): string {
  if (solutions.length === 0) return verdict === 'applied' ? ', nothing changes here' : '';
  const same = solutions.filter((one) => one.verdict === verdict).length;
  return same === solutions.length
    ? `, ${count(solutions.length, 'solution')}`
    : `, ${same} of ${count(solutions.length, 'solution')}`;
}

function nextText({ verdict, supersededBy }: OutcomeReport): string {
  if (supersededBy !== null) return `, and superseded by ${code(shortRevision(supersededBy))}`;
  return verdict === 'pending' ? ', and waits for its turn' : '';
}

function outcomeParts(report: OutcomeReport, before: SectionMemory): Part[] {
  const { differing, revert, holds, diagnostics, conditions, solutions, updatedAtMs } = report;
  return [
    ...text('kept', revert === null ? '' : revertText(revert)),
    ...text('list', differing === null ? '' : differingText(differing, before)),
    ...holdParts(holds, 'outcome'),
    ...text('list', diagnosticsText(diagnostics)),
    ...text('list', conditionsText(conditions, updatedAtMs)),
    ...solutionParts(solutions, updatedAtMs),
  ];
}

function text(kind: 'kept' | 'list', content: string): Part[] {
  return content === '' ? [] : [part('outcome', kind, content)];
}

function conditionsText(conditions: OutcomeReport['conditions'], besideMs: number): string {
  return paragraphs([
    bullets(conditions.map((one) => conditionText(one, besideMs))),
    commands(conditions.flatMap(({ command }) => command ?? [])),
  ]);
}

/** What the pull request showed is not what was found to be done after the merge. */
function differingText({ made, digest, then, command }: DifferingPlan, before: SectionMemory): string {
  const consequence =
    then === 'wentOn' ? 'it went on all the same' : 'nothing of it starts before a person lets it go on';
  const shown = before.planDigest === null ? 'none was shown' : `shown was ${digestText(before.planDigest)}`;
  return paragraphs([
    `⚠️ **The plan made after the merge differs** from the one that was shown, and ${consequence}: it is ${digestText(digest)}, ${shown}.`,
    made === null ? '' : differenceText(planDifference(before, made)),
    command === null ? '' : commands([command]),
  ]);
}

function differenceText(difference: readonly string[]): string {
  if (difference.length === 0)
    return 'The elements and their versions are the same; how they get there is not.';
  return fold('What differs: shown (-), made (+)', fence('diff', difference), difference.length <= 20);
}
