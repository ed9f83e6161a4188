import type { DomainName, Revision } from '../core/base/names.js';
import type { DueRevert } from '../core/rollout/revert.js';
import type { SolutionState } from '../core/rollout/state.js';
import type { CommitInfo } from '../ports/repository.js';

/** What a person reads in the log: what failed and why, what is back, what to do next; then what a machine finds again. */
export function revertMessage(
  domain: DomainName,
  { revision, arrival }: DueRevert,
  solutions: readonly SolutionState[],
): string {
  const failed = solutions.flatMap(({ name, quarantine }) =>
    (quarantine?.clusters ?? []).map(({ element, cluster }) => `${name}/${element} ${versionOf(cluster)}`),
  );
  const what = failed.length === 0 ? 'its rollout was given up' : `${shortened(failed)} failed`;
  const subject = `Revert ${shortened(solutions.map(({ name }) => name))} in ${domain}: ${what}`;
  const body = solutions.flatMap(({ name, quarantine, lastStable }) => [
    `${name} is as it was at ${lastStable?.revision.slice(0, 12) ?? 'no revision'}. What happened to ${revision.slice(0, 12)}:`,
    `  ${quarantine?.reason ?? 'it failed'}`,
    ...(quarantine?.evidence ?? []).map((line) => `  | ${line}`),
  ]);
  const next = [
    `Next: heliostat history ${solutions[0]?.name ?? ''}, then a commit with another version.`,
    `To try the same once more: git revert this commit, and heliostat retry.`,
  ];
  const trailers = [
    trailer(revision, arrival),
    ...solutions.flatMap(({ rollout }) => (rollout === null ? [] : [`Heliostat-Rollout: ${rollout.id}`])),
    ...failed.map((cluster) => `Heliostat-Quarantine: ${cluster}`),
  ];
  return [subject, '', ...body, '', ...next, '', ...trailers, ''].join('\n');
}

/** Whether a commit is the one that was to be made. */
export function saysReverted({ body }: CommitInfo, { revision, arrival }: DueRevert): boolean {
  return body.split('\n').includes(trailer(revision, arrival));
}

/** What a commit says that it takes back; null where it is none of ours, nor words of ours. */
export function revertedBy({ body }: Pick<CommitInfo, 'body'>): Revision | null {
  return (/^Heliostat-Reverts: ([0-9a-f]{40}) \d+$/m.exec(body)?.[1] ?? null) as Revision | null;
}

function trailer(revision: string, arrival: number): string {
  return `Heliostat-Reverts: ${revision} ${arrival}`;
}

function shortened(names: readonly string[]): string {
  return names.length <= 2 ? names.join(', ') : `${names[0]} and ${names.length - 1} more`;
}

function versionOf(cluster: string): string {
  return cluster.split('~')[0] ?? cluster;
}
