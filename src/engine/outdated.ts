import type { InstanceId } from '../core/base/names.js';
import { splitElementKey, splitInstanceId } from '../core/base/names.js';
import type { Unwritten } from '../core/journal/unwritten.js';
import { addUnwritten, emptyUnwritten, encodeUnwritten, isWritten } from '../core/journal/unwritten.js';
import { documentsOf, saysTheSame } from '../core/status/documents.js';
import { elementAt } from '../core/rollout/tables.js';
import type { Core } from './core.js';

/**
 * What is unwritten, and beside it the documents of these instances that tell of health what is not seen any more.
 * What is seen is never journaled, and after a start all of it is new: so what was written last is asked, and only what
 * says something else is written anew.
 */
export async function withOutdated(core: Core, seen: readonly InstanceId[]): Promise<Unwritten> {
  const outdated = await outdatedOf(core, seen);
  const { unwritten } = core.state;
  if (isWritten(outdated)) return unwritten;
  addUnwritten(outdated, encodeUnwritten(unwritten));
  return outdated;
}

async function outdatedOf(core: Core, seen: readonly InstanceId[]): Promise<Unwritten> {
  const { elements, solutions } = around(core, seen);
  const outdated = emptyUnwritten();
  if (solutions.size === 0) return outdated;
  const documents = documentsOf(core.state, core.facts, { ...emptyUnwritten(), elements, solutions });
  const said = await core.branch.said(documents.map(({ path }) => path));
  const differs = documents.map(({ content }, i) => !saysTheSame(said[i] ?? null, content));
  for (const [i, key] of [...elements].entries()) if (differs[i] === true) outdated.elements.add(key);
  for (const [i, name] of [...solutions].entries())
    if (differs[elements.size + i] === true) outdated.solutions.add(name);
  return outdated;
}

function around({ state }: Core, seen: readonly InstanceId[]): Pick<Unwritten, 'elements' | 'solutions'> {
  const { elements, solutions } = emptyUnwritten();
  for (const id of seen) {
    const key = splitInstanceId(id)?.element;
    if (key === undefined || elementAt(state.tables, key) === null) continue;
    elements.add(key);
    solutions.add(splitElementKey(key).solution);
  }
  return { elements, solutions };
}
