import type {
  ConditionView,
  ElementView,
  SolutionView,
  StatusView,
  StepView,
} from '../../../core/status/view.js';
import { jsonDocument, jsonLine } from './json.js';
import { isoTime } from './words.js';

/** `schemas/output/status.schema.json`. */
export function statusJson(view: StatusView): string {
  return jsonDocument(statusData(view));
}

/** The same on one line, for `--watch`. */
export function statusJsonLine(view: StatusView): string {
  return jsonLine(statusData(view));
}

function statusData(view: StatusView): object {
  const { domain, revision, controller, observedAtMs, healthy } = view;
  return {
    domain,
    revision,
    controller:
      controller === null
        ? null
        : {
            name: controller.name,
            epoch: controller.epoch,
            since: controller.sinceMs === null ? null : isoTime(controller.sinceMs),
            running: controller.running,
          },
    observedAt: observedAtMs === null ? null : isoTime(observedAtMs),
    healthy,
    conditions: view.conditions.map(conditionData),
    solutions: view.solutions.map(solutionData),
  };
}

function solutionData(solution: SolutionView): object {
  const { name, revision, lastStable, healthy, phase } = solution;
  return {
    name,
    revision,
    lastStable,
    healthy,
    phase,
    quarantined: solution.quarantined.map((each) => ({
      element: each.element,
      version: each.version,
      generation: each.generation,
      revision: each.revision,
      reason: each.reason,
      pullRequest: each.pullRequest,
    })),
    conditions: solution.conditions.map(conditionData),
    elements: solution.elements.map(elementData),
  };
}

function conditionData({ type, reason, message, sinceMs, untilMs, command }: ConditionView): object {
  const until = untilMs == null ? null : isoTime(untilMs);
  return { type, reason, message, since: sinceMs > 0 ? isoTime(sinceMs) : null, until, command };
}

function elementData({ name, component, healthy, endpoint, desired, clusters, step }: ElementView): object {
  return {
    name,
    component,
    healthy,
    endpoint,
    desired: desired === null ? null : { version: desired.version, size: desired.size },
    clusters: clusters.map((cluster) => ({
      version: cluster.version,
      generation: cluster.generation,
      state: cluster.state,
      size: cluster.size,
      active: cluster.active,
      ...(cluster.standbyUntilMs === undefined
        ? {}
        : { standbyUntil: cluster.standbyUntilMs === null ? null : isoTime(cluster.standbyUntilMs) }),
      instances: cluster.instances.map(({ id, state, health, endpoint: at, resource }) => ({
        id,
        state,
        health,
        endpoint: at,
        resource,
      })),
    })),
    ...(step === undefined ? {} : { step: stepData(step) }),
  };
}

function stepData({ pauseUntilMs, ...step }: StepView): object {
  const { number, of, share, state, gates, promotion, command } = step;
  const pauseUntil = pauseUntilMs === null ? null : isoTime(pauseUntilMs);
  return { number, of, share, state, pauseUntil, gates, promotion, command };
}
