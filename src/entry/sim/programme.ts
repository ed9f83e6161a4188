import { regressions } from '../../sim/regressions.js';
import type { Demand, Scale, Suite } from '../../sim/suites/suite.js';
import { emptyTally, merged, type Found, type Tally } from '../../sim/tally.js';
import type { Crew } from './crew.js';
import type { Answer, Done, Failed, Job } from './messages.js';

export interface Order {
  /** Fresh seeds, in the order in which they are run. */
  readonly seeds: readonly number[];
  /** Of them the first so many are run a second time, by whoever is free. */
  readonly again: number;
  readonly scale: Scale;
  readonly suites: readonly Suite[];
  /** Whether what once failed is run again. */
  readonly regressions: boolean;
}

export interface Onlooker {
  /** Called after each answer; `part` is what is being done. */
  progress(part: string, tally: Tally): void;
  /** No more is begun. */
  isOver(): boolean;
}

export interface Outcome {
  readonly tally: Tally;
  readonly failed: readonly Failed[];
  readonly demands: readonly (Demand & { readonly suite: string })[];
  /** By seed. */
  readonly hashes: ReadonlyMap<number, string>;
  readonly runAgain: number;
  /** Wall time, by part. */
  readonly seconds: Readonly<Record<string, number>>;
  /** What was left out since it was over before. */
  readonly left: readonly string[];
}

/** Runs that one answer tells of: few enough that all workers end at about the same time. */
const batch = 5;
/** Scripts of failed runs that are kept. */
const scripts = 20;

/** What is asked for, part by part, all of the crew at each. */
export async function carryOut(crew: Crew, order: Order, onlooker: Onlooker): Promise<Outcome> {
  const sum = new Sum(onlooker);
  const once = order.regressions ? regressions.map((_, index) => index) : [];
  await sum.part(crew, 'once failed', seedless(once));
  await sum.part(crew, 'seeds', seedJobs(order.seeds));
  // Last first, so that other workers with other caches have them.
  const again = order.seeds.slice(0, order.again).reverse();
  const before = sum.tally;
  await sum.part(crew, 'again', seedJobs(again));
  sum.tally = { ...before, found: sum.tally.found, unlisted: sum.tally.unlisted };
  for (const suite of order.suites) await suiteOf(crew, suite, order.scale, sum);
  const { tally, failed, demands, hashes, runAgain, seconds, left } = sum;
  return { tally, failed, demands, hashes, runAgain, seconds, left };
}

async function suiteOf(crew: Crew, suite: Suite, scale: Scale, sum: Sum): Promise<void> {
  if (sum.onlooker.isOver()) return void sum.left.push(suite.name);
  const ready = await crew.do({ kind: 'prepare', suite: suite.name, scale });
  if (ready.kind !== 'ready') return sum.take(suite.name, ready);
  sum.demands.push(...ready.demands.map((demand) => ({ ...demand, suite: suite.name })));
  const indices = Array.from({ length: ready.count }, (_, index) => index);
  const jobs = batches(indices).map((some): Job => ({
    kind: 'cases',
    suite: suite.name,
    scale,
    indices: some,
  }));
  await sum.part(crew, suite.name, jobs);
}

class Sum {
  tally: Tally = emptyTally;
  runAgain = 0;
  readonly failed: Failed[] = [];
  readonly hashes = new Map<number, string>();
  readonly demands: (Demand & { readonly suite: string })[] = [];
  readonly seconds: Record<string, number> = {};
  readonly left: string[] = [];

  constructor(readonly onlooker: Onlooker) {}

  /** Each of the crew takes the next job when it is done with one. */
  async part(crew: Crew, name: string, jobs: readonly Job[]): Promise<void> {
    const since = performance.now();
    let at = 0;
    const one = async (): Promise<void> => {
      for (let job = jobs[at++]; job !== undefined; job = jobs[at++]) {
        if (this.onlooker.isOver()) return;
        this.take(name, await crew.do(job));
        this.onlooker.progress(name, this.tally);
      }
    };
    await Promise.all(Array.from({ length: crew.size }, one));
    this.seconds[name] = (performance.now() - since) / 1000;
    if (at < jobs.length) this.left.push(name);
  }

  take(part: string, answer: Answer): void {
    if (answer.kind === 'done') this.add(part, answer);
    else if (answer.kind === 'broken') this.find({ suite: part, name: part, message: answer.message });
  }

  private add(part: string, { tally, hashes, failed }: Done): void {
    this.tally = merged(this.tally, part === 'again' ? { ...tally, found: [] } : tally);
    if (part !== 'again') this.failed.push(...failed.slice(0, Math.max(0, scripts - this.failed.length)));
    if (part === 'once failed') return;
    for (const [seed, hash] of hashes) {
      const before = this.hashes.get(seed);
      if (part === 'again') this.runAgain++;
      if (before !== undefined && before !== hash)
        this.find({
          suite: part,
          name: `seed ${seed}`,
          message: `two runs of it differ: ${before}, ${hash}`,
        });
      this.hashes.set(seed, hash);
    }
  }

  private find(about: Pick<Found, 'suite' | 'name' | 'message'>): void {
    const found: Found = { ...about, shownBy: null, invariant: 0, step: null };
    this.tally = merged(this.tally, { ...emptyTally, found: [found] });
  }
}

function seedJobs(seeds: readonly number[]): Job[] {
  return batches(seeds).map((some) => ({ kind: 'seeds', seeds: some }));
}

function seedless(indices: readonly number[]): Job[] {
  return batches(indices).map((some) => ({ kind: 'regressions', indices: some }));
}

function batches(items: readonly number[]): number[][] {
  const found: number[][] = [];
  for (let at = 0; at < items.length; at += batch) found.push(items.slice(at, at + batch));
  return found;
}
