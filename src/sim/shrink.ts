import type { Weather } from './faults.js';
import type { Act, Script } from './workload/script.js';

export interface Shrinking {
  /** Whether this script breaks what the first one broke, and after how many steps; null: it does not. */
  breaks(script: Script): Promise<number | null>;
  /** Asked before each try. */
  mayGoOn(): boolean;
}

/** A smaller script that still breaks the same: fewer acts, fewer kinds of fault, less latency, fewer steps. */
export async function shrink(script: Script, { breaks, mayGoOn }: Shrinking): Promise<Script> {
  let best = script;
  const accept = async (candidate: Script): Promise<boolean> => {
    if (!mayGoOn()) return false;
    if ((await breaks(candidate)) === null) return false;
    best = candidate;
    return true;
  };
  for (let size = sizeOf(best) + 1; sizeOf(best) < size && mayGoOn();) {
    size = sizeOf(best);
    await cutSteps(best, { breaks, mayGoOn }, (smaller) => (best = smaller));
    await withoutActs(() => best, accept);
    await withoutWeather(() => best, accept);
    await quieter(() => best, accept);
  }
  return best;
}

type Accept = (candidate: Script) => Promise<boolean>;

/** Acts, kinds of fault and latency: every smaller script is smaller in one of them. */
function sizeOf({ acts, weather, latencyMs }: Script): number {
  const kinds = Object.values(weather).filter((chance) => chance > 0).length;
  return acts.length + kinds + (latencyMs > 0 ? 1 : 0) + acts.filter(({ afterMs }) => afterMs > 0).length;
}

/** Acts that come after the break do nothing for it. */
async function cutSteps(
  script: Script,
  { breaks, mayGoOn }: Shrinking,
  take: (s: Script) => void,
): Promise<void> {
  if (!mayGoOn()) return;
  const steps = await breaks(script);
  if (steps === null || steps + 1 >= script.steps || !mayGoOn()) return;
  const shorter = { ...script, steps: steps + 1 };
  if ((await breaks(shorter)) !== null) take(shorter);
}

/** Delta debugging: halves first, then smaller and smaller pieces. */
async function withoutActs(best: () => Script, accept: Accept): Promise<void> {
  for (let piece = Math.ceil(best().acts.length / 2); piece >= 1; piece = Math.floor(piece / 2)) {
    for (let at = 0; at < best().acts.length;) {
      const script = best();
      const acts = without(script.acts, at, piece);
      if (!(await accept({ ...script, acts }))) at += piece;
    }
  }
}

/** The acts that follow keep their times. */
function without(acts: readonly Act[], at: number, count: number): Act[] {
  const pause = acts.slice(at, at + count).reduce((sum, { afterMs }) => sum + afterMs, 0);
  const [next, ...rest] = acts.slice(at + count);
  const kept = acts.slice(0, at);
  return next === undefined ? kept : [...kept, { ...next, afterMs: next.afterMs + pause }, ...rest];
}

async function withoutWeather(best: () => Script, accept: Accept): Promise<void> {
  if (await accept({ ...best(), weather: {} })) return;
  for (const kind of Object.keys(best().weather) as (keyof Weather)[]) {
    const { [kind]: _, ...weather } = best().weather;
    await accept({ ...best(), weather });
  }
}

async function quieter(best: () => Script, accept: Accept): Promise<void> {
  if (best().latencyMs > 0 && !(await accept({ ...best(), latencyMs: 0 })) && best().latencyMs > 1)
    await accept({ ...best(), latencyMs: best().latencyMs >> 1 });
  for (let at = 0; at < best().acts.length; at++) {
    const script = best();
    if (script.acts[at]?.afterMs === 0) continue;
    const acts = script.acts.map((act, i) => (i === at ? { ...act, afterMs: 0 } : act));
    await accept({ ...script, acts });
  }
}
