import type { Bound, CanaryStep, Gate, Measure, Share } from '../base/canary.js';
import { byCodeUnit } from '../base/order.js';
import { parseAmount } from '../model/duration.js';
import type { CanaryStepDocument, GateDocument, ThresholdDocument } from '../model/kinds.js';
import { duration } from './release.js';

/** Steps as they are carried out; the documents are known to say one thing each. */
export function canarySteps(steps: readonly CanaryStepDocument[]): readonly CanaryStep[] {
  return steps.map((step) => ({
    share: shareOf(step),
    pauseMs: duration(step.pause, 0),
    gates: (step.gates ?? []).map(gateOf).sort((a, b) => byCodeUnit(a.name, b.name)),
  }));
}

function shareOf({ size, weight }: CanaryStepDocument): Share {
  const amount = size === undefined ? null : parseAmount(size);
  return amount ?? { kind: 'weight', value: weight ?? 0 };
}

function gateOf(gate: GateDocument): Gate {
  return {
    name: gate.name,
    measure: measureOf(gate),
    intervalMs: duration(gate.interval, 30_000),
    timeoutMs: duration(gate.timeout, 10_000),
    count: gate.count ?? 1,
    failureLimit: gate.failureLimit ?? 0,
    errorLimit: gate.errorLimit ?? 4,
  };
}

function measureOf({ http, prometheus, command }: GateDocument): Measure {
  if (http !== undefined) {
    const { url, path, status, json } = http;
    return {
      kind: 'http',
      at: url === undefined ? { kind: 'instances', path: path ?? '/' } : { kind: 'url', url },
      status: status ?? [200],
      json: json ?? null,
    };
  }
  if (prometheus !== undefined) {
    const { url, query, threshold } = prometheus;
    return { kind: 'prometheus', url, query, threshold: boundsOf(threshold) };
  }
  return { kind: 'command', command: command ?? [] };
}

function boundsOf(threshold: ThresholdDocument): readonly Bound[] {
  if (typeof threshold === 'string') {
    const [, operator, value] = /^ *([<>=!]+) *(\S+) *$/.exec(threshold) ?? [];
    return [{ operator: operator as Bound['operator'], value: Number(value) }];
  }
  const { min, max } = threshold;
  return [
    ...(min === undefined ? [] : [{ operator: '>=', value: min } as const]),
    ...(max === undefined ? [] : [{ operator: '<=', value: max } as const]),
  ];
}
