import { verdictOf } from '../../../core/rollout/verdicts.js';
import type { Revision } from '../../../core/base/names.js';
import { findInstance } from '../../../core/rollout/find.js';
import { elementAt } from '../../../core/rollout/tables.js';
import { splitInstanceId } from '../../../core/base/names.js';
import type { Engine } from '../../../engine/engine.js';
import { routingOf, standsBy } from '../../invariants/state.js';
import type { World } from '../../world.js';

/** What must be the same however often the controller died: one line for each thing. Run-time values are not in it. */
export type Ending = readonly string[];

/** `commits`: those of people, in order; their ids differ from run to run, for so do the commits between them. */
export function endingOf(world: World, engine: Engine, commits: readonly Revision[]): Ending {
  const { domain, tables } = engine.core.state;
  const numberOf = (revision: Revision | null): string =>
    revision === null ? 'none' : `#${commits.indexOf(revision)}`;
  const verdicts = commits.map((revision) => {
    const known = domain.revisions.get(revision);
    const verdict = known === undefined ? 'unknown' : verdictOf(known, domain, tables.solutions);
    return `verdict of ${numberOf(revision)}: ${verdict}`;
  });
  return [
    `accepted: ${numberOf(domain.accepted)}`,
    `tip: ${numberOf(domain.tip)}`,
    ...verdicts,
    ...[...domain.holds.keys()].map((id) => `held: ${id}`),
    ...world.technology.summary((id) => standsBy(engine, id)),
    ...routingOf(world, engine).map((line) => `route ${line}`),
    ...misconfigured(world, engine),
  ];
}

/** Resources whose configuration is not the one that is wanted. */
function misconfigured(world: World, engine: Engine): string[] {
  const { facts, state } = engine.core;
  const wrong: string[] = [];
  for (const resource of world.technology.resources.values()) {
    const parts = splitInstanceId(resource.id);
    const element = parts === null ? null : elementAt(state.tables, parts.element);
    const found = element === null ? null : findInstance(element, resource.id);
    if (resource.state === 'inactive' && standsBy(engine, resource.id)) continue;
    if (found === null) wrong.push(`nobody knows ${resource.id}`);
    else if (facts.configurationDigest(found.instance, found.cluster) !== resource.digest)
      wrong.push(`${resource.id} is not configured as it should be`);
  }
  return wrong.sort();
}

/** Null: they are equal. */
export function differenceOf(expected: Ending, found: Ending): string | null {
  const missing = expected.filter((line) => !found.includes(line));
  const added = found.filter((line) => !expected.includes(line));
  const lines = [...missing.map((line) => `- ${line}`), ...added.map((line) => `+ ${line}`)];
  if (lines.length > 0) return lines.join('\n');
  return expected.length === found.length ? null : 'some lines come more often than they should';
}
