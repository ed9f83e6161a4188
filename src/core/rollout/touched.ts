import type { ElementKey, SolutionName } from '../base/names.js';
import { splitInstanceId } from '../base/names.js';
import type { SolutionEntry } from './entries.js';

/** The elements that an entry is about. */
export function touchedBy(solution: SolutionName, entry: SolutionEntry): ElementKey[] {
  if ('element' in entry) return [`${solution}/${entry.element}` as ElementKey];
  if ('instance' in entry) {
    const key = splitInstanceId(entry.instance)?.element;
    return key === undefined ? [] : [key];
  }
  if ('targets' in entry)
    return Object.keys(entry.targets).map((name) => `${solution}/${name}` as ElementKey);
  return [];
}
