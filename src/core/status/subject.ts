import { splitElementKey, type ElementKey } from '../base/names.js';
import { sortedBy } from '../base/order.js';
import { compareVersions } from '../base/version.js';
import type { State } from '../journal/fold.js';
import type { Unwritten } from '../journal/unwritten.js';
import type { ElementState } from '../rollout/state.js';
import { elementAt } from '../rollout/tables.js';
import { verdictOf } from '../rollout/verdicts.js';

/** More would not fit on a line of `git log --oneline`. */
const mostElements = 3;

/** First line of a status commit: the verdict if there is one, else what runs of what changed. */
export function subjectOf(state: State, unwritten: Unwritten): string {
  const { domain, tables } = state;
  const known = [...unwritten.revisions]
    .map((revision) => domain.revisions.get(revision))
    .filter((revision) => revision !== undefined)
    .at(-1);
  if (known !== undefined)
    return `${domain.name}: ${known.revision.slice(0, 7)} ${verdictOf(known, domain, tables.solutions)}`;
  const keys = sortedBy(unwritten.elements, (key) => key);
  if (keys.length === 0)
    return `${domain.name}: ${[...unwritten.solutions].sort().join(', ') || 'notes for a restart'}`;
  const shown = keys.slice(0, mostElements).map((key) => whatRuns(key, elementAt(tables, key)));
  const more = keys.length - shown.length;
  return `${domain.name}: ${shown.join(', ')}${more > 0 ? `, and ${more} more` : ''}`;
}

/** `api 1.1.0 ×2 + 1.0.0 ×1`. */
function whatRuns(key: ElementKey, element: ElementState | null): string {
  const name = splitElementKey(key).element;
  if (element === null) return `${name} gone`;
  const clusters = [...element.clusters.values()]
    .map(({ definition, instances }) => ({
      version: definition.version,
      active: [...instances.values()].filter(({ lifecycle }) => lifecycle === 'active').length,
    }))
    .filter(({ active }) => active > 0)
    .sort((a, b) => compareVersions(b.version, a.version));
  if (clusters.length === 0) return `${name} not running`;
  return `${name} ${clusters.map(({ version, active }) => `${version} ×${active}`).join(' + ')}`;
}
