import type { SolutionName } from '../base/names.js';
import type { DomainEntry } from '../rollout/domain.js';
import type { SolutionEntry } from '../rollout/entries.js';

export type Entry = DomainEntry | SolutionEntry;

/** One stream a solution, one for the domain. */
export const domainStream = 'domain';

export function solutionStream(solution: SolutionName): string {
  return `solution/${solution}`;
}

/** Null for the domain's own stream. */
export function solutionOf(stream: string): SolutionName | null {
  return stream.startsWith('solution/') ? (stream.slice('solution/'.length) as SolutionName) : null;
}

/** An entry and the stream that it belongs to. */
export type Item =
  | { readonly solution: null; readonly entry: DomainEntry }
  | { readonly solution: SolutionName; readonly entry: SolutionEntry };

export function inDomain(entry: DomainEntry): Item {
  return { solution: null, entry };
}

export function inSolution(solution: SolutionName, entry: SolutionEntry): Item {
  return { solution, entry };
}

export function streamOf(item: Item): string {
  return item.solution === null ? domainStream : solutionStream(item.solution);
}
