import { regressions } from '../../sim/regressions.js';
import { shrink } from '../../sim/shrink.js';
import { suites } from '../../sim/suites/all.js';
import type { CaseResult, Prepared, Scale } from '../../sim/suites/suite.js';
import { emptyTally, merged, type Found, type Tally } from '../../sim/tally.js';
import { tallyOf, trial, type Trial } from '../../sim/trial.js';
import { localScriptOf, scriptOf, type Script } from '../../sim/workload/script.js';
import { createGuard } from './guard.js';
import { createHost } from './host.js';
import type { Answer, CasesJob, Done, Failed, Job, ShrinkJob } from './messages.js';

/** Taken before a guard forbids it. */
const now = performance.now.bind(performance);

interface Named {
  readonly name: string;
  readonly script: Script;
}

/** Does jobs in this thread. */
export class Labour {
  private readonly host = createHost();
  private readonly guard = createGuard();
  private readonly ready = new Map<string, Promise<Prepared>>();

  /** `beat` is called before each run, with its seed or the number of its case. */
  constructor(private readonly beat: (doing: number) => void) {}

  /** @throws Error for a job that cannot be done at all. */
  async do(job: Job): Promise<Answer> {
    switch (job.kind) {
      case 'seeds':
        return this.runs(job.seeds.map((seed) => ({ name: `seed ${seed}`, script: scriptOf(seed) })));
      case 'regressions':
        return this.runs(job.indices.flatMap(regression));
      case 'prepare': {
        const { count, demands } = await this.prepared(job.suite, job.scale);
        return { kind: 'ready', count, demands };
      }
      case 'cases':
        return this.cases(job);
      case 'shrink':
        return this.shrunk(job);
    }
  }

  private async runs(all: readonly Named[]): Promise<Done> {
    let tally = emptyTally;
    const hashes: [number, string][] = [];
    const failed: Failed[] = [];
    for (const { name, script } of all) {
      const report = await this.play(script);
      tally = merged(tally, tallyOf(report, name));
      hashes.push([script.seed, report.hash]);
      if (report.violation !== null) failed.push({ name, invariant: report.violation.invariant, script });
    }
    return { kind: 'done', tally, hashes, failed };
  }

  private async cases({ suite, scale, indices }: CasesJob): Promise<Done> {
    const prepared = await this.prepared(suite, scale);
    let tally = emptyTally;
    const failed: Failed[] = [];
    for (const index of indices) {
      const name = prepared.nameOf(index);
      const shownBy = `--only ${suite} --scale ${scale} --case ${index}`;
      const result = await this.case(prepared, index);
      tally = merged(tally, caseTally(suite, result, { name, shownBy }));
      const { failure } = result;
      if (failure?.script != null)
        failed.push({ name, invariant: failure.invariant, script: failure.script });
    }
    return { kind: 'done', tally, hashes: [], failed };
  }

  private async shrunk({ script, invariant, withinMs }: ShrinkJob): Promise<Answer> {
    const until = now() + withinMs;
    const small = await shrink(script, {
      mayGoOn: () => now() < until,
      breaks: async (candidate) => {
        const { violation } = await this.play(candidate);
        return violation?.invariant === invariant ? violation.step : null;
      },
    });
    return { kind: 'shrunk', script: small, violation: (await this.play(small)).violation };
  }

  private async play(script: Script): Promise<Trial> {
    this.beat(script.seed);
    const { value, caught } = await this.guarded(() => trial(script, { host: this.host }));
    if (caught === null) return value;
    return { ...value, violation: { invariant: 0, message: String(caught.stack), step: value.steps } };
  }

  private async case(prepared: Prepared, index: number): Promise<CaseResult> {
    this.beat(index);
    const { value, caught } = await this.guarded(() => prepared.run(index));
    if (caught === null) return value;
    return { ...value, failure: { invariant: 0, message: String(caught.stack), script: null } };
  }

  private prepared(name: string, scale: Scale): Promise<Prepared> {
    const key = `${name} ${scale}`;
    const known = this.ready.get(key) ?? this.prepare(name, scale);
    this.ready.set(key, known);
    return known;
  }

  private async prepare(name: string, scale: Scale): Promise<Prepared> {
    const suite = suites.find((one) => one.name === name);
    if (suite === undefined) throw new Error(`there is no suite ${name}`);
    const { value, caught } = await this.guarded(() => suite.prepare(scale, this.host));
    if (caught !== null) throw caught;
    return value;
  }

  /** What the guard caught outweighs what a run says of itself: the engine may have swallowed it. */
  private async guarded<T>(what: () => Promise<T>): Promise<{ value: T; caught: Error | null }> {
    this.guard.up();
    let value: T;
    let caught: Error | null = null;
    try {
      value = await what();
    } finally {
      caught = await this.guard.down();
    }
    return { value, caught };
  }
}

function regression(index: number): Named[] {
  const known = regressions[index];
  if (known === undefined) return [];
  return [{ name: `once failed: ${known.why}`, script: known.script ?? localScriptOf(known.seed) }];
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
