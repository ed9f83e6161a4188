import { allInvariants } from '../../invariants/invariants.js';
import type { Stage } from '../../stage.js';
import type { Host } from '../../world.js';
import type { CaseResult, Demand, Prepared, Scale, Suite } from '../suite.js';
import { differenceOf, type Ending } from '../traces/ending.js';
import { playTrace, type Played } from '../traces/play.js';
import { traces, type Trace } from '../traces/traces.js';
import { disturberFor } from './disturb.js';
import { nameOf } from './observation.js';
import { perturbations, SightingSurvey, type Disturbance } from './survey.js';

/**
 * The perturbations of Sieve (OSDI '22) on each observation of clean traces: what is seen half done, seen too late, or
 * never seen. A controller that goes by what is, and not by what it was told, ends the same.
 */
export const sieve: Suite = { name: 'sieve', cases: 'perturbations', prepare };

interface SieveCase {
  readonly name: string;
  readonly trace: Trace;
  readonly expected: Ending;
  readonly disturbance: Disturbance;
}

async function prepare(scale: Scale, host: Host): Promise<Prepared> {
  const all: SieveCase[] = [];
  for (const trace of traces) all.push(...(await casesOf(trace, host)));
  const cases = scale === 'tenth' ? all.filter((_, i) => i % 10 === 5) : all;
  const at = (index: number): SieveCase => {
    const found = cases[index];
    if (found === undefined) throw new RangeError(`there is no perturbation ${index}`);
    return found;
  };
  return {
    count: cases.length,
    nameOf: (index) => at(index).name,
    run: (index) => runCase(at(index), host),
    show: async (index) => (await disturbed(at(index), host, true)).played.lines,
    demands: perturbations.map((label): Demand => ({
      group: 'perturbation',
      label,
      atLeast: scale === 'tenth' ? 10 : 100,
    })),
  };
}

/** @throws Error if the trace does not end well by itself. */
async function casesOf(trace: Trace, host: Host): Promise<SieveCase[]> {
  const surveys: SightingSurvey[] = [];
  const director = ({ world }: Stage): SightingSurvey => {
    const survey = new SightingSurvey(world);
    world.watchers.push(survey, survey.past);
    surveys.push(survey);
    return survey;
  };
  const { ending, violation } = await playTrace(trace, { host, watchers: [], director });
  if (ending === null) throw new Error(`trace ${trace.name}: ${violation?.message ?? ''}`);
  return surveys.flatMap(({ disturbances }) =>
    disturbances.map((disturbance) => ({
      name: `${trace.name}: ${titleOf(disturbance)}`,
      trace,
      expected: ending,
      disturbance,
    })),
  );
}

function titleOf({ kind, sighting, isAfterRestart }: Disturbance): string {
  return `${kind}${isAfterRestart ? ' after a restart' : ''} at ${nameOf(sighting)}`;
}

async function disturbed(
  { trace, disturbance }: SieveCase,
  host: Host,
  verbose = false,
): Promise<{ readonly played: Played; readonly hasCome: boolean }> {
  const disturbers: { readonly hasCome: boolean }[] = [];
  const director = (stage: Stage) => {
    const disturber = disturberFor(disturbance, stage);
    disturbers.push(disturber);
    return disturber;
  };
  const played = await playTrace(trace, { host, watchers: allInvariants, verbose, director });
  return { played, hasCome: disturbers.some(({ hasCome }) => hasCome) };
}

async function runCase(chosen: SieveCase, host: Host): Promise<CaseResult> {
  const { name, expected, disturbance } = chosen;
  const { played, hasCome } = await disturbed(chosen, host);
  const counters = {
    perturbation: { [disturbance.kind]: 1 },
    'observations covered': { [disturbance.kind]: disturbance.stands },
  };
  const failed = (invariant: number, message: string): CaseResult => ({
    steps: played.steps,
    counters,
    remark: null,
    failure: { invariant, message: `${name}: ${message}`, script: null },
  });
  if (played.violation !== null) return failed(played.violation.invariant, played.violation.message);
  if (!hasCome) return failed(0, 'it did not come to the observation');
  const difference = differenceOf(expected, played.ending ?? []);
  if (difference !== null) return failed(16, `it does not end as the undisturbed run\n${difference}`);
  return { steps: played.steps, counters, remark: null, failure: null };
}
