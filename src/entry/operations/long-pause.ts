import type { DomainName, SolutionName } from '../../core/base/names.js';
import { isoTime } from '../../core/base/time.js';
import { scopeOf } from '../../core/rollout/domain.js';
import type { ElementState } from '../../core/rollout/state.js';
import { stepView } from '../../core/status/step.js';
import type { Engine } from '../../engine/engine.js';
import { isAtRest } from '../../engine/rest.js';
import type { ApplyView } from '../cli/operations.js';

/** All that is open stands in a pause of a step that lasts beyond a moment, milliseconds since 1970: its end. Null: not so. */
export function pausedBeyond(engine: Engine, untilMs: number): number | null {
  const { state } = engine.core;
  const known = state.domain.tip === null ? undefined : state.domain.revisions.get(state.domain.tip);
  if (known === undefined || !engine.hasLooked || engine.tips.busy || engine.executor.underWay > 0)
    return null;
  const open = scopeOf(known).filter((scoped) => !(scoped in known.verdicts));
  const ends = open.map((scoped) => (scoped === '*' ? null : pauseOf(engine, scoped, untilMs)));
  return ends.length > 0 && ends.every((end) => end !== null) ? Math.min(...ends) : null;
}

function pauseOf({ core }: Engine, name: SolutionName, untilMs: number): number | null {
  const { tables, domain } = core.state;
  const elements = [...(tables.solutions.get(name)?.elements.values() ?? [])];
  const pauses = elements.map((element) => pauseEnd(element, domain.name)).filter((end) => end > untilMs);
  const isWaiting = (element: ElementState): boolean =>
    pauseEnd(element, domain.name) > untilMs || isAtRest(element, core.facts);
  return pauses.length > 0 && elements.every(isWaiting) ? Math.min(...pauses) : null;
}

function pauseEnd(element: ElementState, domain: DomainName): number {
  const step = stepView(element, domain);
  return step?.state === 'held' ? (step.pauseUntilMs ?? 0) : 0;
}

/** Nobody waits for it here: the next run goes on. */
export function heldByPause(view: ApplyView, untilMs: number): ApplyView {
  return {
    ...view,
    verdict: 'held',
    reason: `it stands in a pause until ${isoTime(untilMs)}, which outlasts this run; whoever applies after that goes on with it`,
    command: 'heliostat apply',
  };
}
