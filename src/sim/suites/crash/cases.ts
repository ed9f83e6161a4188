import type { Host } from '../../world.js';
import type { Scale } from '../suite.js';
import type { Ending } from '../traces/ending.js';
import { playTrace } from '../traces/play.js';
import { traces, type Trace } from '../traces/traces.js';
import { nameOf, positionOf, positions } from './points.js';
import { Survey, type CrashClass } from './survey.js';

/** What is done to one trace at the points of one class. */
export interface CrashCase {
  readonly name: string;
  readonly trace: Trace;
  readonly expected: Ending;
  readonly points: CrashClass['points'];
  /** `again`: a second crash at each point of the recovery; `lost`: the state folder is gone at the next start. */
  readonly variant: 'once' | 'again' | 'lost';
}

/** All of them; of a trace that does not end well by itself nothing can be learned. @throws Error */
export async function crashCases(scale: Scale, host: Host): Promise<CrashCase[]> {
  const cases: CrashCase[] = [];
  for (const trace of traces) {
    const survey = new Survey();
    const played = await playTrace(trace, { host, watchers: [() => survey], director: () => survey });
    if (played.ending === null) throw new Error(`trace ${trace.name}: ${played.violation?.message ?? ''}`);
    const expected = played.ending;
    const variants: CrashCase['variant'][] = scale === 'long' ? ['once', 'again', 'lost'] : ['once'];
    for (const variant of variants)
      for (const { points } of survey.classes) {
        const name = `${trace.name}: ${nameOf(points[0])}${variant === 'once' ? '' : `, ${variant}`}`;
        cases.push({ name, trace, expected, points, variant });
      }
  }
  return scale === 'tenth' ? sample(cases) : cases;
}

/** Every tenth, and of each position at least one. */
function sample(cases: readonly CrashCase[]): CrashCase[] {
  const chosen = new Set(cases.filter((_, i) => i % 10 === 5));
  for (const position of positions) {
    const has = ({ points }: CrashCase): boolean => points.some((point) => positionOf(point) === position);
    const first = cases.find(has);
    if (first !== undefined && ![...chosen].some(has)) chosen.add(first);
  }
  return cases.filter((each) => chosen.has(each));
}
