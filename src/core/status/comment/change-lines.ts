import { splitElementKey } from '../../base/names.js';
import { byCodeUnit } from '../../base/order.js';
import type { Plan } from '../../plan/types.js';
import { changeText } from '../words/plan.js';

/** Of the lines of changes that are kept to be compared after the merge. */
const mostCharacters = 3_000;

/** One line a change, as people compare them; null: too many to be kept in a comment. */
export function changeLines(plan: Plan | null): readonly string[] | null {
  const lines = (plan?.changes ?? []).map(
    (change) => `${splitElementKey(change.element).solution}/${changeText(change)} ${change.action}`,
  );
  const length = lines.reduce((sum, line) => sum + line.length, 0);
  return length > mostCharacters ? null : lines.sort(byCodeUnit);
}
