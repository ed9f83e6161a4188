import { isMap, type Json, type JsonMap } from '../base/data.js';
import { checkDuration } from './duration-meaning.js';
import { checkGate } from './gate-meaning.js';
import type { Findings, Path } from './findings.js';
import { shownValue } from './values.js';

/** What a schema cannot say of the steps of a canary. Tolerates whatever is there, as all of `meaning.ts` does. */
export function checkCanary(canary: Json | undefined, path: Path, findings: Findings): void {
  const steps = isMap(canary) ? canary['steps'] : undefined;
  if (!Array.isArray(steps)) return;
  const at = [...path, 'steps'];
  let before: Step | null = null;
  for (const [index, data] of (steps as readonly Json[]).entries()) {
    if (!isMap(data)) continue;
    const step = stepOf(data, [...at, index], findings);
    if (step !== null && before !== null) compare(before, step, findings);
    before = step ?? before;
    checkDuration(data['pause'], [...at, index, 'pause'], findings);
    checkGates(data['gates'], [...at, index, 'gates'], findings);
  }
}

interface Step {
  readonly key: 'size' | 'weight';
  readonly value: Json;
  readonly path: Path;
}

function stepOf(data: JsonMap, path: Path, findings: Findings): Step | null {
  const { size, weight } = data;
  if ((size === undefined) === (weight === undefined)) {
    findings.atKey(path, {
      code: 'canary.share',
      message: `a step says ${size === undefined ? 'neither size nor weight' : 'both size and weight'}`,
      fix: 'Write exactly one of them: size for a number of new instances, weight for percent of the traffic.',
    });
    return null;
  }
  return size !== undefined
    ? { key: 'size', value: size, path: [...path, 'size'] }
    : { key: 'weight', value: weight ?? null, path: [...path, 'weight'] };
}

function compare(before: Step, step: Step, findings: Findings): void {
  if (before.key !== step.key || typeof before.value !== typeof step.value) {
    const [is, was] = [unitOf(step), unitOf(before)];
    if (is === was) return;
    return findings.atValue(step.path, {
      code: 'canary.mixed',
      message: `this step is ${is}, and the one before it ${was}: nobody could say which is more`,
      fix: 'Use one of them in all steps.',
    });
  }
  const [least, value] = [amountOf(before.value), amountOf(step.value)];
  if (least === null || value === null || value > least) return;
  findings.atValue(step.path, {
    code: 'canary.rising',
    message: `${step.key} does not rise: it is ${shownValue(step.value)}, and ${shownValue(before.value)} in the step before`,
    fix: 'Put the steps in rising order, or remove one of them.',
  });
}

function unitOf({ key, value }: Step): string {
  if (key === 'weight') return 'a weight';
  return typeof value === 'string' ? 'a percentage of the size' : 'a number of instances';
}

function amountOf(value: Json): number | null {
  if (typeof value === 'number') return value;
  const [, percent] = (typeof value === 'string' ? /^([0-9]{1,3})%$/.exec(value) : null) ?? [];
  return percent === undefined ? null : Number(percent);
}

function checkGates(gates: Json | undefined, path: Path, findings: Findings): void {
  if (!Array.isArray(gates)) return;
  const names = new Set<string>();
  for (const [index, gate] of (gates as readonly Json[]).entries()) {
    if (!isMap(gate)) continue;
    checkGate(gate, [...path, index], findings);
    const { name } = gate;
    if (typeof name !== 'string') continue;
    if (names.has(name)) {
      findings.atValue([...path, index, 'name'], {
        code: 'gate.name',
        message: `two gates of this step are called ${shownValue(name)}`,
        fix: 'Give one of them another name.',
      });
    }
    names.add(name);
  }
}
