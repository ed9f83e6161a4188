import type { DomainName, Revision } from '../../base/names.js';
import type { DueRevert } from '../../rollout/revert.js';
import type { SolutionState } from '../../rollout/state.js';

/** Words that the commit of a revert and its pull request share. */

/** `shop/api 1.4.0`: what failed, and stays out. */
export function failedClusters(solutions: readonly SolutionState[]): string[] {
  return solutions.flatMap(({ name, quarantine }) =>
    (quarantine?.clusters ?? []).map(({ element, cluster }) => `${name}/${element} ${versionOf(cluster)}`),
  );
}

/** `Revert shop in prod: shop/api 1.4.0 failed`. */
export function revertSubject(domain: DomainName, solutions: readonly SolutionState[]): string {
  const failed = failedClusters(solutions);
  const what = failed.length === 0 ? 'its rollout was given up' : `${shortened(failed)} failed`;
  return `Revert ${shortened(solutions.map(({ name }) => name))} in ${domain}: ${what}`;
}

/** By which a commit or a pull request is found again, and what it stands for. */
export function revertTrailers(due: DueRevert, solutions: readonly SolutionState[]): string[] {
  return [
    revertsTrailer(due.revision, due.arrival),
    ...solutions.flatMap(({ rollout }) => (rollout === null ? [] : [`Heliostat-Rollout: ${rollout.id}`])),
    ...failedClusters(solutions).map((cluster) => `Heliostat-Quarantine: ${cluster}`),
  ];
}

export function revertsTrailer(revision: Revision, arrival: number): string {
  return `Heliostat-Reverts: ${revision} ${arrival}`;
}

function shortened(names: readonly string[]): string {
  return names.length <= 2 ? names.join(', ') : `${names[0]} and ${names.length - 1} more`;
}

function versionOf(cluster: string): string {
  return cluster.split('~')[0] ?? cluster;
}
