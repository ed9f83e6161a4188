import { groupBy, count } from '../../base/words.js';
import { actions } from '../../plan/types.js';
import { countsText, type ActionCounts } from '../words/plan.js';
import { noCounts, type CommentPhase, type SectionMemory } from './document.js';
import { code } from './escape.js';
import { revisionCode } from './plan-parts.js';

const marks: Readonly<Record<CommentPhase, string>> = {
  planned: '📋',
  rejected: '❌',
  held: '✋',
  pending: '⏳',
  progressing: '⏳',
  applied: '✅',
  failed: '❌',
  reverted: '↩️',
  superseded: '⏭️',
};
/** Worst first, as verdicts are. */
const order: readonly CommentPhase[] = [
  'rejected',
  'failed',
  'reverted',
  'held',
  'progressing',
  'pending',
  'planned',
  'superseded',
  'applied',
];

export function markOf(phase: CommentPhase): string {
  return marks[phase];
}

/** First line that people see: the rollup of all domains, before the merge of what will be, after it of what became of it. */
export function headline(memories: readonly SectionMemory[]): string {
  if (memories.length === 0) return '**Nothing to tell yet**';
  const merged = memories.filter(({ isMerged }) => isMerged);
  return merged.length > 0 ? outcomes(memories) : plans(memories);
}

function plans(memories: readonly SectionMemory[]): string {
  const counts = memories.reduce((sum, memory) => added(sum, memory.counts), noCounts);
  const solutions = memories.reduce((sum, memory) => sum + memory.solutions, 0);
  const lost = memories.reduce((sum, memory) => sum + memory.lost, 0);
  const told = countsText(counts);
  const rejected = memories.filter(({ phase }) => phase === 'rejected');
  const held = memories.filter(({ phase }) => phase === 'held');
  const words = [
    ...(rejected.length > 0
      ? [`❌ rejected in ${domainsText(rejected)}: ${count(errorsOf(rejected), 'error')}`]
      : []),
    ...(told === '' ? [] : [`${told} in ${count(solutions, 'solution')}`]),
    ...(told === '' && rejected.length === 0 ? ['No changes'] : []),
    ...(lost > 0 ? [`⛔ ${count(lost, 'instance')} destroyed for good`] : []),
    ...(held.length > 0 ? [`✋ held in ${domainsText(held)}`] : []),
  ];
  return bold(words.join(' · '), memories);
}

/** `✅ applied in prod · ⏳ progressing in staging`. */
function outcomes(memories: readonly SectionMemory[]): string {
  const groups = groupBy(memories, ({ phase, isMerged }) => (isMerged ? phase : 'planned'));
  const words = order.flatMap((phase) => {
    const group = groups.get(phase);
    return group === undefined ? [] : [`${marks[phase]} ${phase} in ${domainsText(group)}`];
  });
  return bold(words.join(' · '), memories);
}

function bold(text: string, memories: readonly SectionMemory[]): string {
  const isOne = memories.length === 1;
  const revision = isOne ? (memories[0]?.revision ?? memories[0]?.head ?? null) : null;
  const where = isOne ? '' : `, ${count(memories.length, 'domain')}`;
  return `**${text}${where}**${revision === null ? '' : ` (${revisionCode(revision)})`}`;
}

function errorsOf(memories: readonly SectionMemory[]): number {
  return memories.reduce((sum, { errors }) => sum + errors, 0);
}

function domainsText(memories: readonly SectionMemory[]): string {
  return memories.length <= 3
    ? memories.map(({ domain }) => code(domain)).join(', ')
    : count(memories.length, 'domain');
}

function added(a: ActionCounts, b: ActionCounts): ActionCounts {
  return Object.fromEntries(actions.map((action) => [action, a[action] + b[action]])) as ActionCounts;
}
