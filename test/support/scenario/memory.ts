import { parse } from 'yaml';
import { git } from '../real-git.js';

/** What the status branch says; `Revision`s and paths as they stand there. */
export const statusBranch = 'refs/heads/heliostat/status';

export interface SolutionDocument {
  readonly revision: string | null;
  readonly lastStable: string | null;
  readonly healthy: boolean;
  readonly phase: string | null;
  readonly conditions: readonly {
    readonly type: string;
    readonly reason: string;
    readonly message: string;
    readonly command: string | null;
  }[];
}

export interface ElementDocument {
  readonly healthy: boolean;
  readonly endpoint: string | null;
  readonly desired: { readonly version: string; readonly size: number } | null;
  readonly clusters: readonly {
    readonly version: string;
    readonly generation: string;
    readonly state: string;
    readonly size: number;
    readonly instances: readonly {
      readonly id: string;
      readonly state: string;
      readonly resource: string | null;
    }[];
  }[];
}

export interface Step {
  readonly at: string;
  readonly transition: string;
  readonly instance: string;
  readonly outcome: string;
  readonly durationMs: number | null;
}

export interface RolloutDocument {
  readonly rollout: string;
  readonly phase: string;
  readonly reason: string | null;
  readonly steps: readonly Step[];
}

export function statusTip(repository: string): string | null {
  return git(repository, 'for-each-ref', '--format=%(objectname)', statusBranch) || null;
}

export function documentPaths(repository: string, commit: string = statusBranch): string[] {
  return git(repository, 'ls-tree', '-r', '--name-only', commit)
    .split('\n')
    .filter((path) => path !== '');
}

/** Null if there is none. */
export function documentAt<T>(repository: string, path: string, commit: string = statusBranch): T | null {
  if (statusTip(repository) === null || !documentPaths(repository, commit).includes(path)) return null;
  return parse(git(repository, 'show', `${commit}:${path}`)) as T;
}

export function solutionDocument(repository: string, domain: string, name: string): SolutionDocument | null {
  return documentAt(repository, `${domain}/solutions/${name}/solution.yaml`);
}

export function elementDocument(repository: string, domain: string, key: string): ElementDocument | null {
  const [solution, element] = key.split('/');
  return documentAt(repository, `${domain}/solutions/${solution}/elements/${element}.yaml`);
}

/** Of the rollout of a solution for a revision; the last arrival. */
export function rolloutDocument(
  repository: string,
  domain: string,
  revision: string,
  solution: string,
): RolloutDocument | null {
  const name = new RegExp(`^${domain}/rollouts/.*/${revision.slice(0, 12)}-\\d+-${solution}\\.yaml$`);
  const path =
    statusTip(repository) === null
      ? undefined
      : documentPaths(repository)
          .filter((p) => name.test(p))
          .at(-1);
  return path === undefined ? null : documentAt(repository, path);
}

/** The verdict in the note of a revision: `applied`, `held`, … with its reason; null if there is no note. */
export function noteOf(repository: string, domain: string, revision: string): string | null {
  const all = git(repository, 'log', '-1', '--format=%N', '--notes=heliostat', revision);
  const line = all.split('\n').find((text) => text.startsWith(`${domain}: `));
  return line === undefined ? null : line.slice(domain.length + 2);
}
