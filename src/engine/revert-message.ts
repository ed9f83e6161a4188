import type { DomainName, Revision } from '../core/base/names.js';
import type { DueRevert } from '../core/rollout/revert.js';
import type { SolutionState } from '../core/rollout/state.js';
import { revertSubject, revertsTrailer, revertTrailers } from '../core/status/words/revert.js';
import type { CommitInfo } from '../ports/repository.js';

/** What a person reads in the log: what failed and why, what is back, what to do next; then what a machine finds again. */
export function revertMessage(
  domain: DomainName,
  due: DueRevert,
  solutions: readonly SolutionState[],
): string {
  const failed = due.revision.slice(0, 12);
  const body = solutions.flatMap(({ name, quarantine, lastStable }) => [
    `${name} is as it was at ${lastStable?.revision.slice(0, 12) ?? 'no revision'}. What happened to ${failed}:`,
    `  ${quarantine?.reason ?? 'it failed'}`,
    ...(quarantine?.evidence ?? []).map((line) => `  | ${line}`),
  ]);
  const next = [
    `Next: heliostat history ${solutions[0]?.name ?? ''}, then a commit with another version.`,
    `To try the same once more: git revert this commit, and heliostat retry.`,
  ];
  const trailers = revertTrailers(due, solutions);
  return [revertSubject(domain, solutions), '', ...body, '', ...next, '', ...trailers, ''].join('\n');
}

/** Whether a commit is the one that was to be made. */
export function saysReverted({ body }: CommitInfo, { revision, arrival }: DueRevert): boolean {
  return body.split('\n').includes(revertsTrailer(revision, arrival));
}

/** What a commit says that it takes back; null where it is none of ours, nor words of ours. */
export function revertedBy({ body }: Pick<CommitInfo, 'body'>): Revision | null {
  return (/^Heliostat-Reverts: ([0-9a-f]{40}) \d+$/m.exec(body)?.[1] ?? null) as Revision | null;
}
