import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads';
import { all, combination } from './combinations.js';
import { runCombination } from './combine.js';

const help = `npm run combinations -- [options]

From rest to rest by every combination of strategy, sizes before and after (0 to 10), surge and unavailable (0 to 3, and
percentages), and what goes wrong after each tenth of the way: aborts, crashes, deletions, restarts, a third cluster, bad
versions, failing gates, and groups across solutions. There are ${all.toLocaleString('en-US')}.

  --count N  so many of them, spread over all (40,000)
  --first N  begins with the Nth (0)
  --jobs N   threads (one for each core)
`;

interface Share {
  readonly first: number;
  readonly count: number;
  readonly step: number;
}

interface Counts {
  combinations: number;
  floors: number;
  ceilings: number;
  violations: number;
  stalls: number;
  problems: string[];
}

const shownProblems = 20;
const between = 250;

if (!isMainThread && parentPort !== null)
  work(workerData as Share, (counts) => parentPort?.postMessage(counts));

/** Gives the exit code. */
export async function main(args: readonly string[], program: URL): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      count: { type: 'string', default: '40000' },
      first: { type: 'string', default: '0' },
      jobs: { type: 'string', default: String(availableParallelism()) },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(help);
    return 0;
  }
  const [count, first, jobs] = [values.count, values.first, values.jobs].map(Number) as [
    number,
    number,
    number,
  ];
  const since = performance.now();
  const sum = none();
  const tell = (part: Counts): void => {
    add(sum, part);
    if (process.stdout.isTTY) process.stdout.write(`\r${told(sum)}, ${seconds(since)}`);
  };
  await Promise.all(
    Array.from({ length: jobs }, (_, n) =>
      oneOf(program, { first: first + n, count: Math.ceil((count - n) / jobs), step: jobs }, tell),
    ),
  );
  for (const problem of sum.problems.slice(0, shownProblems)) process.stdout.write(`${problem}\n`);
  process.stdout.write(`\n${told(sum)}, ${seconds(since)}\n`);
  return sum.combinations === count && sum.problems.length === 0 ? 0 : 1;
}

function oneOf(program: URL, share: Share, tell: (part: Counts) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(program, { workerData: share });
    worker.on('message', tell);
    worker.on('error', reject);
    worker.on('exit', () => resolve());
  });
}

function work({ first, count, step }: Share, tell: (counts: Counts) => void): void {
  let counts = none();
  for (let i = 0; i < count; i++) {
    const { problem, isStalled, floors, ceilings } = runCombination(combination(first + i * step));
    counts.combinations++;
    counts.floors += floors;
    counts.ceilings += ceilings;
    if (isStalled) counts.stalls++;
    else if (problem !== null) counts.violations++;
    if (problem !== null) counts.problems.push(problem);
    if (counts.combinations < between && i < count - 1) continue;
    tell(counts);
    counts = none();
  }
}

function none(): Counts {
  return { combinations: 0, floors: 0, ceilings: 0, violations: 0, stalls: 0, problems: [] };
}

function add(sum: Counts, part: Counts): void {
  sum.combinations += part.combinations;
  sum.floors += part.floors;
  sum.ceilings += part.ceilings;
  sum.violations += part.violations;
  sum.stalls += part.stalls;
  sum.problems.push(...part.problems);
}

function told({ combinations, floors, ceilings, violations, stalls }: Counts): string {
  const [a, b, c] = [combinations, floors, ceilings].map((count) => count.toLocaleString('en-US'));
  return `${a} combinations, ${b} floors and ${c} ceilings held against, ${violations} violations, ${stalls} stalls`;
}

function seconds(since: number): string {
  return `${((performance.now() - since) / 1000).toFixed(0)} s`;
}
