import type { Counters } from './suites/suite.js';

/** A run in which an invariant did not hold. */
export interface Found {
  /** Name of the suite, or `seeds`. */
  readonly suite: string;
  /** What a person would call the run: its seed, or the case of the suite. */
  readonly name: string;
  /** Options that show it again. */
  readonly shownBy: string | null;
  readonly invariant: number;
  readonly message: string;
  /** How many steps the run had taken; null where the run was one of many of its case. */
  readonly step: number | null;
}

/** What many runs came to. Plain data: it crosses from worker to runner, and is kept in files. */
export interface Tally {
  readonly runs: number;
  /** Events that changed something, and all of them. */
  readonly steps: number;
  readonly events: number;
  readonly incarnations: number;
  readonly faults: Readonly<Record<string, number>>;
  /** Runs that reached something worth reaching, by its name. */
  readonly reached: Readonly<Record<string, number>>;
  /** Deaths of controllers by where they met them. */
  readonly positions: Readonly<Record<string, number>>;
  /** By name of the suite. */
  readonly suites: Readonly<Record<string, SuiteTally>>;
  readonly found: readonly Found[];
  /** Violations that are only counted, because the list was full. */
  readonly unlisted: number;
}

export interface SuiteTally {
  readonly cases: number;
  readonly steps: number;
  readonly counters: Counters;
  readonly remarks: readonly string[];
}

export const emptyTally: Tally = {
  runs: 0,
  steps: 0,
  events: 0,
  incarnations: 0,
  faults: {},
  reached: {},
  positions: {},
  suites: {},
  found: [],
  unlisted: 0,
};

/** Violations that are kept in words. */
const listed = 200;

export function merged(a: Tally, b: Tally): Tally {
  const found = [...a.found, ...b.found];
  return {
    runs: a.runs + b.runs,
    steps: a.steps + b.steps,
    events: a.events + b.events,
    incarnations: a.incarnations + b.incarnations,
    faults: summed(a.faults, b.faults),
    reached: summed(a.reached, b.reached),
    positions: summed(a.positions, b.positions),
    suites: joined(a.suites, b.suites, mergedSuites),
    found: found.slice(0, listed),
    unlisted: a.unlisted + b.unlisted + Math.max(0, found.length - listed),
  };
}

export function violationsOf(tally: Tally): number {
  return tally.found.length + tally.unlisted;
}

function mergedSuites(a: SuiteTally, b: SuiteTally): SuiteTally {
  return {
    cases: a.cases + b.cases,
    steps: a.steps + b.steps,
    counters: joined(a.counters, b.counters, summed),
    remarks: [...a.remarks, ...b.remarks].slice(0, listed),
  };
}

type Counts = Readonly<Record<string, number>>;

function summed(a: Counts, b: Counts): Counts {
  return joined(a, b, (x, y) => x + y);
}

function joined<T>(
  a: Readonly<Record<string, T>>,
  b: Readonly<Record<string, T>>,
  join: (x: T, y: T) => T,
): Record<string, T> {
  const all: Record<string, T> = { ...a };
  for (const [key, value] of Object.entries(b)) {
    const before = all[key];
    all[key] = before === undefined ? value : join(before, value);
  }
  return all;
}
