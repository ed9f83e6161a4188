import { isMap, type Json } from '../../../core/base/data.js';
import type { Transition } from '../../../core/base/desired.js';

/** What the configuration asks the instance to pretend. */
export interface Behaviour {
  readonly delayMs: number;
  /** How often the transition fails before it succeeds. */
  readonly failures: number;
  readonly health: 'good' | 'bad' | 'unknown';
}

export function behaviourIn(configuration: Json, transition: Transition): Behaviour {
  if (!isMap(configuration)) return { delayMs: 0, failures: 0, health: 'good' };
  const { delay, fail, failTimes, health } = configuration;
  const fails = Array.isArray(fail) ? fail.includes(transition) : fail === transition;
  const times = typeof failTimes === 'number' ? failTimes : Number.POSITIVE_INFINITY;
  return {
    delayMs: durationMs(isMap(delay) ? delay[transition] : delay),
    failures: fails ? times : 0,
    health: health === 'bad' || health === 'unknown' ? health : 'good',
  };
}

const units: { readonly [unit: string]: number } = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

function durationMs(value: Json | undefined): number {
  const [, amount, unit] = /^([0-9]{1,9}(?:\.[0-9]{1,3})?)(ms|s|m|h)$/.exec(String(value ?? '')) ?? [];
  return amount === undefined ? 0 : Number(amount) * (units[unit ?? ''] ?? 0);
}
