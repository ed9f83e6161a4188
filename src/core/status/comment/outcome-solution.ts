import type { Verdict, HistoryChange } from '../view.js';
import { count, durationText, shortRevision } from '../../base/words.js';
import { stepText } from '../step.js';
import { arrow } from '../words/shape.js';
import { part, type Part } from './document.js';
import { plainText } from '../../base/plain-text.js';
import { printable } from '../../base/printable.js';
import { code, fence, html, inline, wrapped } from './escape.js';
import { markOf } from './headline.js';
import { clockText } from './moments.js';
import { bullets, commands, fold, paragraphs, sentence } from './pieces.js';
import type { ConditionView } from '../view.js';
import { lineWidth } from './plan-solution.js';
import type { SolutionOutcome } from './types.js';

const mostEvidence = 20;
const longestEvidence = 300;
const mostChanges = 40;

/** Those that ended well in a list; each of the others with all that one has to know. */
export function solutionParts(solutions: readonly SolutionOutcome[], besideMs: number): Part[] {
  const quiet = solutions.filter(isQuiet);
  const loud = solutions.filter((one) => !isQuiet(one));
  return [
    ...loud.map((one) => part('outcome', 'solution', loudText(one, besideMs))),
    ...(quiet.length === 0 ? [] : [part('outcome', 'list', bullets(quiet.map(quietText)))]),
  ];
}

function isQuiet({ verdict, conditions, inSteps, quarantined, evidence }: SolutionOutcome): boolean {
  const isWell = verdict === 'applied' || verdict === 'superseded' || verdict === 'pending';
  return isWell && conditions.length + inSteps.length + quarantined.length + evidence.length === 0;
}

/** `✅ shop: applied in 32 s, 14 steps: api 1.4.0 → 1.5.0`. */
function quietText(solution: SolutionOutcome): string {
  const { name, verdict, changes, reason } = solution;
  const what = changes.length === 0 ? '' : `: ${changesText(changes)}`;
  const why = reason === null ? '' : ` (${inline(reason)})`;
  return `${markOf(verdict)} ${code(name)}: **${verdict}**${why}${lastedText(solution)}${what}`;
}

function changesText(changes: readonly HistoryChange[]): string {
  const shown = changes.slice(0, 5).map((change) => code(changeText(change)));
  const more = changes.length - shown.length;
  return shown.join(', ') + (more > 0 ? ` and ${more} more` : '');
}

function changeText({ element, before, after, action }: HistoryChange): string {
  if (before === null) return `${element} ${after ?? ''}`.trim();
  if (after === null) return `${element} ${before} ${action}`;
  return before === after ? `${element} ${action}` : `${element} ${arrow(before, after)}`;
}

/** ` in 32 s, 14 of 14 steps`. */
function lastedText({ durationMs, steps, verdict }: SolutionOutcome): string {
  const isOpen = isUnderWay(verdict);
  const time = durationMs === null ? '' : ` ${isOpen ? 'for' : 'in'} ${durationText(durationMs)}`;
  if (steps === null) return time;
  const made =
    steps.done === steps.of ? count(steps.of, 'step') : `${steps.done} of ${count(steps.of, 'step')}`;
  return `${time}, ${made}`;
}

export function isUnderWay(verdict: Verdict): boolean {
  return verdict === 'pending' || verdict === 'held' || verdict === 'progressing';
}

function loudText(solution: SolutionOutcome, besideMs: number): string {
  const { name, verdict, phase, reason, lastStable, evidence, inSteps, quarantined, conditions, changes } =
    solution;
  const told = phase === null || phase === verdict || !isUnderWay(verdict) ? '' : ` (${phase})`;
  const head = `#### ${markOf(verdict)} ${code(name)}: ${verdict}${told}${lastedText(solution)}`;
  return paragraphs([
    head,
    reason === null ? '' : sentence(reason),
    backText(verdict, lastStable),
    bullets([
      ...inSteps.map(
        ({ element, step }) => `${code(element)}: ${inline(stepText(step, (ms) => clockText(ms, besideMs)))}`,
      ),
      ...quarantined.map(
        (one) =>
          `${code(`${one.element} ${one.version}`)} ${one.inForce ? '**stays out**' : 'was kept out, and is not any more'}`,
      ),
      ...conditions.map((one) => conditionText(one, besideMs)),
    ]),
    evidence.length === 0 ? '' : evidenceText(evidence),
    commands([
      ...inSteps.flatMap(({ step }) => step.command ?? []),
      ...conditions.flatMap(({ command }) => command ?? []),
    ]),
    changes.length === 0 ? '' : changesFold(changes),
  ]);
}

/** Where it is now, after a failure. */
function backText(verdict: Verdict, lastStable: SolutionOutcome['lastStable']): string {
  if (verdict === 'reverted' && lastStable !== null)
    return `It is back as it was at ${code(shortRevision(lastStable))}.`;
  if (verdict !== 'failed') return '';
  return lastStable === null
    ? 'There is nothing stable to go back to: what was new is stopped, and kept to be looked at.'
    : '';
}

/** `paused: …, since 10:42 UTC`. */
export function conditionText({ type, message, sinceMs }: ConditionView, besideMs: number): string {
  const since = sinceMs === 0 ? '' : ` (since ${clockText(sinceMs, besideMs)})`;
  return `**${inline(type)}**: ${inline(message)}${since}`;
}

/** Lines are set in, so that none is taken for an order to a program that reads logs. */
export function evidenceText(evidence: readonly string[]): string {
  const lines = evidence
    .slice(-mostEvidence)
    .flatMap((line) =>
      wrapped(printable(plainText(line.slice(0, longestEvidence))), lineWidth - 2).map(
        (piece, i) => `${i === 0 ? '|' : ' '} ${piece}`,
      ),
    );
  return `The last that was heard of it:\n\n${fence('text', lines)}`;
}

function changesFold(changes: readonly HistoryChange[]): string {
  const signs = changes.map(
    (one) => `${one.before === null ? '+' : one.after === null ? '-' : '!'} ${changeText(one).slice(0, 200)}`,
  );
  const more = signs.length - mostChanges;
  const lines = more > 0 ? [...signs.slice(0, mostChanges), `  … and ${more} more`] : signs;
  return fold(html(count(changes.length, 'change')), fence('diff', lines), changes.length <= 6);
}
