import { byCodeUnit } from '../../base/order.js';
import type { Plan } from '../../plan/types.js';
import { countsText } from '../words/plan.js';
import type { SectionMemory } from './document.js';
import { changeLines } from './change-lines.js';

const most = 60;

/** Lines of a difference: what was shown and is not done, what is done and was not shown. Empty: they read the same. */
export function planDifference(shown: Pick<SectionMemory, 'changes' | 'counts'>, made: Plan): string[] {
  const young = changeLines(made);
  if (shown.changes === null || young === null) return countsDifference(shown, made);
  const [before, after] = [new Set(shown.changes), new Set(young)];
  const gone = shown.changes.filter((line) => !after.has(line)).map((line) => `- ${line}`);
  const added = young.filter((line) => !before.has(line)).map((line) => `+ ${line}`);
  const lines = [...gone, ...added].sort((a, b) => byCodeUnit(a.slice(2), b.slice(2)) || byCodeUnit(b, a));
  return lines.length <= most ? lines : [...lines.slice(0, most), `  … and ${lines.length - most} more`];
}

/** Where there are too many to be remembered. */
function countsDifference({ counts }: Pick<SectionMemory, 'counts'>, made: Plan): string[] {
  const [before, after] = [countsText(counts), countsText(made.summary)];
  return before === after ? [] : [`- ${before || 'no changes'}`, `+ ${after || 'no changes'}`];
}
