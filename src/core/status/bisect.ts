import type { Json, JsonMap } from '../base/data.js';
import { isMap } from '../base/data.js';

/**
 * How a solution was by its document: `open` while a rollout is under way that may yet end well, so that the state before
 * it counts.
 */
export type Judgement = 'good' | 'bad' | 'open';

export function judgeSolution(document: JsonMap | null): Judgement {
  // What is not there is not ill.
  if (document === null) return 'good';
  switch (document['phase']) {
    case 'failed':
    case 'blocked':
    case 'aborting':
    case 'reverting':
    case 'reverted':
    case 'paused':
      return 'bad';
    case 'pending':
    case 'progressing':
    case 'promoting':
    case 'draining':
      return 'open';
    default:
      return document['healthy'] === false ? 'bad' : 'good';
  }
}

export function conditionsIn(document: JsonMap): readonly JsonMap[] {
  const list = document['conditions'];
  return Array.isArray(list) ? (list as readonly Json[]).filter(isMap) : [];
}

/** Whether the state is bad at a position; asked as seldom as can be, for each answer has to be read. */
export type Ask = (position: number) => Promise<boolean>;

/**
 * The first bad position after a good one. As `git bisect` it takes for granted that between the two it went from good to
 * bad once; the steps back from `bad` double, so that the change that is nearest to it is found where there are several.
 */
export async function firstBad(good: number, bad: number, isBad: Ask): Promise<number> {
  let [below, above] = [good, bad];
  for (let step = 1; above - step > below; step *= 2) {
    if (!(await isBad(above - step))) {
      below = above - step;
      break;
    }
    above -= step;
  }
  return between(below, above, isBad);
}

/** The first good position after a bad one, that is nearest to it. */
export async function firstGood(bad: number, good: number, isBad: Ask): Promise<number> {
  let [below, above] = [bad, good];
  for (let step = 1; below + step < above; step *= 2) {
    if (!(await isBad(below + step))) {
      above = below + step;
      break;
    }
    below += step;
  }
  return between(below, above, async (position) => !(await isBad(position)));
}

/** Of the first two: what holds above and not below holds from which position on. */
async function between(below: number, above: number, holds: Ask): Promise<number> {
  let [low, high] = [below, above];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (await holds(middle)) high = middle;
    else low = middle;
  }
  return high;
}
