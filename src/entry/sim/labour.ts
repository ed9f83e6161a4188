import { regressions } from '../../sim/regressions.js';
import { shrink } from '../../sim/shrink.js';
import { suites } from '../../sim/suites/all.js';
import type { CaseResult, Prepared, Scale } from '../../sim/suites/suite.js';
import { emptyTally, merged, type Found, type Tally } from '../../sim/tally.js';
import { tallyOf, trial, type Trial } from '../../sim/trial.js';
import { scriptOf, type Script } from '../../sim/workload/script.js';
import { createGuard } from './guard.js';
import { createHost } from './host.js';
import type { Answer, CasesJob, Done, Failed, Job, ShrinkJob } from './messages.js';

/** Taken before a guard forbids it. */
const now = performance.now.bind(performance);

export interface Labour {
  do(job: Job): Promise<Answer>;
}

/** Does jobs in this thread. `beat` is called before each run, with its seed or number. */
export function createLabour(beat: (doing: number) => void): Labour {
  const host = createHost();
  const guard = createGuard();
  const ready = new Map<string, Promise<Prepared>>();

  /** What the guard caught outweighs what the run says of itself: the engine may have swallowed it. */
  async function guarded<T>(what: () => Promise<T>): Promise<{ value: T; caught: Error | null }> {
    guard.up();
    let value: T;
    let caught: Error | null = null;
    try {
      value = await what();
    } finally {
      caught = await guard.down();
    }
    return { value, caught };
  }

  async function play(script: Script): Promise<Trial> {
    beat(script.seed);
    const { value, caught } = await guarded(() => trial(script, { host }));
    if (caught === null) return value;
    return { ...value, violation: { invariant: 0, message: String(caught.stack), step: value.steps } };
  }

  async function runs(scripts: readonly { readonly name: string; readonly script: Script }[]): Promise<Done> {
    let tally = emptyTally;
    const hashes: [number, string][] = [];
    const failed: Failed[] = [];
    for (const { name, script } of scripts) {
      const report = await play(script);
      tally = merged(tally, tallyOf(report, name));
      hashes.push([script.seed, report.hash]);
      if (report.violation !== null) failed.push({ name, invariant: report.violation.invariant, script });
    }
    return { kind: 'done', tally, hashes, failed };
  }

  function prepared(name: string, scale: Scale): Promise<Prepared> {
    const key = `${name} ${scale}`;
    const suite = suites.find((one) => one.name === name);
    if (suite === undefined) throw new Error(`there is no suite ${name}`);
    const known = ready.get(key) ?? guarded(() => suite.prepare(scale, host)).then(({ value }) => value);
    ready.set(key, known);
    return known;
  }

  async function cases({ suite, scale, indices }: CasesJob): Promise<Done> {
    const known = await prepared(suite, scale);
    let tally = emptyTally;
    const failed: Failed[] = [];
    for (const index of indices) {
      beat(index);
      const name = known.nameOf(index);
      const { value, caught } = await guarded(() => known.run(index));
      const result: CaseResult =
        caught === null
          ? value
          : { ...value, failure: { invariant: 0, message: String(caught.stack), script: null } };
      tally = merged(
        tally,
        caseTally(suite, result, { name, shownBy: `--only ${suite} --scale ${scale} --case ${index}` }),
      );
      const { failure } = result;
      if (failure?.script != null)
        failed.push({ name, invariant: failure.invariant, script: failure.script });
    }
    return { kind: 'done', tally, hashes: [], failed };
  }

  async function smaller({ script, invariant, withinMs }: ShrinkJob): Promise<Answer> {
    const until = now() + withinMs;
    const shrunk = await shrink(script, {
      mayGoOn: () => now() < until,
      async breaks(candidate) {
        const { violation } = await play(candidate);
        return violation?.invariant === invariant ? violation.step : null;
      },
    });
    return { kind: 'shrunk', script: shrunk, violation: (await play(shrunk)).violation };
  }

  return {
    async do(job) {
      switch (job.kind) {
        case 'seeds':
          return runs(job.seeds.map((seed) => ({ name: `seed ${seed}`, script: scriptOf(seed) })));
        case 'regressions':
          return runs(
            job.indices.flatMap((index) => {
              const known = regressions[index];
              if (known === undefined) return [];
              return [{ name: `once failed: ${known.why}`, script: known.script ?? scriptOf(known.seed) }];
            }),
          );
        case 'prepare': {
          const { count, demands } = await prepared(job.suite, job.scale);
          return { kind: 'ready', count, demands };
        }
        case 'cases':
          return cases(job);
        case 'shrink':
          return smaller(job);
      }
    },
  };
}

function caseTally(
  suite: string,
  { steps, counters, remark, failure }: CaseResult,
  about: Pick<Found, 'name' | 'shownBy'>,
): Tally {
  const found: Found[] =
    failure === null
      ? []
      : [{ ...about, suite, invariant: failure.invariant, message: failure.message, step: null }];
  return {
    ...emptyTally,
    found,
    suites: { [suite]: { cases: 1, steps, counters, remarks: remark === null ? [] : [remark] } },
  };
}
