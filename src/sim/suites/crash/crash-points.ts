import { allInvariants } from '../../invariants/invariants.js';
import type { Life } from '../../life.js';
import type { Stage } from '../../stage.js';
import type { Call } from '../../watcher.js';
import type { Host } from '../../world.js';
import type { CaseFailure, CaseResult, Counters, Demand, Prepared, Scale, Suite } from '../suite.js';
import { differenceOf } from '../traces/ending.js';
import { playTrace, type Played, type TraceDirector } from '../traces/play.js';
import { crashCases, type CrashCase } from './cases.js';
import { Crash } from './crash.js';
import { nameOf, positionOf, positions, type CrashPoint } from './points.js';
import { Survey } from './survey.js';

/** Dies at both sides of every call of a port, in traces that end well by themselves: the end must be the same. */
export const crashPoints: Suite = {
  name: 'crashPoints',
  cases: 'crash runs',
  prepare,
};

async function prepare(scale: Scale, host: Host): Promise<Prepared> {
  const cases = await crashCases(scale, host);
  const at = (index: number): CrashCase => {
    const found = cases[index];
    if (found === undefined) throw new RangeError(`there is no crash point ${index}`);
    return found;
  };
  return {
    count: cases.length,
    nameOf: (index) => at(index).name,
    run: (index) => runCase(at(index), host),
    show: async (index) => (await crashed(at(index), host, true)).played.lines,
    demands: demandsOf(scale),
  };
}

function demandsOf(scale: Scale): Demand[] {
  const reached = positions.map((label) => ({ group: 'crash position', label, atLeast: 1 }));
  const atLeast = scale === 'tenth' ? 100 : 1_000;
  return [...reached, { group: 'crash', label: 'runs', atLeast }];
}

async function runCase(chosen: CrashCase, host: Host): Promise<CaseResult> {
  const { played, recovery, hasCome } = await crashed(chosen, host);
  let steps = played.steps;
  let runs = 1;
  let failure = failureOf(chosen, played);
  // What is equal from the beginning to the end is no crash survived.
  if (!hasCome) failure ??= { invariant: 0, message: `${chosen.name}: nothing crashed`, script: null };
  for (const second of recovery) {
    if (failure !== null) break;
    const again = await playTrace(chosen.trace, {
      host,
      watchers: allInvariants,
      director: () => both(new Crash(chosen.points[0]), new Crash(second)),
    });
    steps += again.steps;
    runs++;
    failure = failureOf(chosen, again, ` and then ${nameOf(second)}`);
  }
  return { steps, counters: countersOf(chosen, runs), remark: null, failure };
}

/** The run with the crash, and the points of the recovery at which it may crash again. */
async function crashed(
  { trace, points, variant }: CrashCase,
  host: Host,
  verbose = false,
): Promise<{
  readonly played: Played;
  readonly recovery: readonly CrashPoint[];
  readonly hasCome: boolean;
}> {
  const [point] = points;
  let survey: Survey | null = null;
  const crash = new Crash(point);
  const director = (stage: Stage): TraceDirector => {
    if (variant === 'lost') return withLoss(crash, stage, point);
    if (variant === 'once') return crash;
    survey = new RecoverySurvey(crash, point.incarnation);
    return survey;
  };
  const watchers = [...allInvariants, ...(variant === 'again' ? [() => survey ?? {}] : [])];
  const played = await playTrace(trace, { host, watchers, verbose, director });
  const classes = (survey as Survey | null)?.classes ?? [];
  return { played, recovery: classes.map((found) => found.points[0]), hasCome: crash.hasCome };
}

/** The state folder is gone with the life that ended. */
function withLoss(crash: Crash, { world }: Stage, point: CrashPoint): TraceDirector {
  return {
    fateOf: (incarnation, call) => crash.fateOf(incarnation, call),
    deathOf: () => crash.deathOf(),
    perform: (incarnation, call, run) => crash.perform(incarnation, call, run),
    died: () => world.incarnations[point.incarnation - 1]?.machine.disk.clear(),
  };
}

function both(first: Crash, second: Crash): TraceDirector {
  const crashOf = (incarnation: Life, call: Call): Crash =>
    first.isAt(incarnation, call) || !first.hasCome ? first : second;
  return {
    fateOf: (incarnation, call) => crashOf(incarnation, call).fateOf(incarnation, call),
    deathOf: () => (second.hasCome ? second : first).deathOf(),
    perform: (incarnation, call, run) => crashOf(incarnation, call).perform(incarnation, call, run),
  };
}

/** Of the life after the crash, until it has looked at everything. */
class RecoverySurvey extends Survey {
  constructor(
    private readonly crash: Crash,
    private readonly first: number,
  ) {
    super();
  }

  override fateOf(incarnation: Life, call: Call): CrashPoint['side'] | null {
    super.fateOf(incarnation, call);
    return this.crash.fateOf(incarnation, call);
  }

  deathOf(): ReturnType<Crash['deathOf']> {
    return this.crash.deathOf();
  }

  override perform<T>(incarnation: Life, call: Call, run: () => T): T {
    return super.perform(incarnation, call, () => this.crash.perform(incarnation, call, run));
  }

  protected override isWanted({ number, engine }: Life): boolean {
    return this.crash.hasCome && number > this.first && engine?.isReady !== true;
  }
}

function failureOf(chosen: CrashCase, played: Played, what = ''): CaseFailure | null {
  const say = (invariant: number, message: string): CaseFailure => ({
    invariant,
    message: `${chosen.name}${what}: ${message}`,
    script: null,
  });
  if (played.violation !== null) return say(played.violation.invariant, played.violation.message);
  const difference = differenceOf(chosen.expected, played.ending ?? []);
  return difference === null ? null : say(16, `it does not end as the run without a crash\n${difference}`);
}

function countersOf({ points, variant }: CrashCase, runs: number): Counters {
  const reached: Record<string, number> = {};
  for (const point of points) {
    const position = positionOf(point) ?? 'elsewhere';
    reached[position] = (reached[position] ?? 0) + 1;
  }
  const crash: Record<string, number> = { runs, 'points covered': points.length };
  if (variant !== 'once') crash[variant === 'again' ? 'crashed again' : 'state folder lost'] = runs;
  return { 'crash position': reached, crash };
}
