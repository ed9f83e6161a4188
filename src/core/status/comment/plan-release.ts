import { canonicalJson } from '../../base/data.js';
import { count, groupBy } from '../../base/words.js';
import type { Change } from '../../plan/types.js';
import { part, type Part } from './document.js';
import { code, htmlCode } from './escape.js';
import { foldOfLines } from './pieces.js';
import { raisedOf, valuesLines } from './plan-solution.js';

/** Where a version is raised: what that makes of the configuration in effect, once for all elements that it is the same for. */
export function releaseParts(changes: readonly Change[]): Part[] {
  const raised = changes.filter((change) => change.values.length > 0 && raisedOf(change) !== null);
  return [...groupBy(raised, keyOf).values()].map(releasePart);
}

function keyOf(change: Change): string {
  const { before = '', after = '' } = raisedOf(change) ?? {};
  return [change.after?.component, before, after, canonicalJson(change.values)].join('\0');
}

function releasePart(changes: readonly Change[]): Part {
  const [first] = changes as readonly [Change];
  const { before, after } = raisedOf(first) ?? { before: '', after: '' };
  const title = `#### Release ${code(`${first.after?.component ?? ''} ${before} → ${after}`)}`;
  const names = changes.map(({ element }) => element);
  const more = names.length - 5;
  const where =
    names
      .slice(0, 5)
      .map((name) => htmlCode(name))
      .join(', ') + (more > 0 ? ` and ${more} more` : '');
  const summary = `${count(first.values.length, 'value')} in effect ${first.values.length === 1 ? 'differs' : 'differ'}, in ${where}`;
  return part('plan', 'values', `${title}\n\n${foldOfLines(summary, 'diff', valuesLines(first.values, ''))}`);
}
