import type { JournalLine } from './journal.js';

/** What is nearer to each other than this may come in any order: processes take the time that they take. */
const distinctMs = 1_000;

export interface HappenedStep {
  readonly atMs: number;
  readonly transition: string;
  readonly instance: string;
}

export interface Happened {
  readonly steps: readonly HappenedStep[];
  readonly minHealthy: Readonly<Record<string, number>>;
  readonly peak: Readonly<Record<string, number>>;
}

/** Counted from what was journaled: healthy from the word of it until it leaves the rotation, live from start to stop. */
export function whatHappened(
  lines: readonly JournalLine[],
  from: number,
  elements: readonly string[],
): Happened {
  const steps: HappenedStep[] = [];
  const healthy = new Set<string>();
  const live = new Set<string>();
  const open = new Map<string, string>();
  const minHealthy: Record<string, number> = {};
  const peak: Record<string, number> = {};
  const measure = (): void => {
    for (const element of elements) {
      const of = (ids: ReadonlySet<string>): number =>
        [...ids].filter((id) => id.startsWith(`${element}/`)).length;
      minHealthy[element] = Math.min(minHealthy[element] ?? of(healthy), of(healthy));
      peak[element] = Math.max(peak[element] ?? 0, of(live));
    }
  };
  for (const [i, { at, entry }] of lines.entries()) {
    const instance = String(entry['instance'] ?? '');
    const transition = String(entry['transition'] ?? '');
    if (entry.kind === 'operation.begun') {
      open.set(instance, transition);
      if (transition === 'start') live.add(instance);
      if (i >= from) steps.push({ atMs: at, transition, instance });
    } else if (entry.kind === 'operation.ended' && open.get(instance) === 'stop') live.delete(instance);
    else if (entry.kind === 'instance.healthy') healthy.add(instance);
    else if (entry.kind === 'instance.draining') healthy.delete(instance);
    if (i >= from) measure();
  }
  return { steps, minHealthy, peak };
}

export function names(steps: readonly HappenedStep[]): string[] {
  return steps.map(({ transition, instance }) => `${transition} ${instance}`);
}

/** Of each instance all steps are in order; of two instances those that the plan sees apart. */
export function outOfOrder(foreseen: readonly HappenedStep[], happened: readonly HappenedStep[]): string[] {
  const at = new Map(names(happened).map((name, i) => [name, i]));
  const found: string[] = [];
  for (const [i, earlier] of foreseen.entries())
    for (const later of foreseen.slice(i + 1)) {
      if (earlier.instance !== later.instance && later.atMs - earlier.atMs < distinctMs) continue;
      const [a, b] = names([earlier, later]) as [string, string];
      if ((at.get(a) ?? -1) > (at.get(b) ?? -1)) found.push(`${b} came before ${a}`);
    }
  return found;
}
