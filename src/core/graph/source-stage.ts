import { isMap } from '../base/data.js';
import { byCodeUnit } from '../base/order.js';
import { parseVersion } from '../base/version.js';
import { diagnose, type SourceFile } from '../model/source.js';
import type { Edits } from './edits.js';
import type { Change } from './change.js';
import { releaseKey } from './release.js';

export interface DirtyDocuments {
  /** `component@version`. */
  readonly releases: Set<string>;
  readonly solutions: Set<string>;
}

/** Takes in the changed files: which releases and solutions they were and are about. */
export function applySources(edits: Edits, change: Change): DirtyDocuments {
  const dirty: DirtyDocuments = { releases: new Set(), solutions: new Set() };
  const claims = new Set<string>();
  for (const [path, next] of change.sources) {
    edits.touched++;
    const before = edits.sources.get(path);
    const old = before === undefined ? null : claimOf(before, change.domain.folder);
    const now = next === null ? null : claimOf(next, change.domain.folder);
    if (next === null) edits.sources.delete(path);
    else edits.sources.set(path, next);
    if (old !== now) {
      moveClaim(edits, path, { from: old, to: now });
    }
    for (const claim of [old, now]) if (claim !== null) claims.add(claim);
    edits.fileTrouble(`file:${path}`, ownerOf(now, path), next?.diagnostics ?? []);
  }
  for (const claim of claims) {
    if (claim.startsWith(solutionPrefix)) dirty.solutions.add(claim.slice(solutionPrefix.length));
    else dirty.releases.add(claim.slice(releasePrefix.length));
    checkTwice(edits, claim);
  }
  return dirty;
}

const solutionPrefix = 'solution:';
const releasePrefix = 'release:';

export function solutionClaim(name: string): string {
  return solutionPrefix + name;
}

export function releaseClaim(key: string): string {
  return releasePrefix + key;
}

/** The file that counts for a claim. */
export function sourceOf(edits: Edits, claim: string): SourceFile | null {
  const path = edits.claims.get(claim)?.[0];
  return path === undefined ? null : (edits.sources.get(path) ?? null);
}

/** Who answers for what is wrong with a file: its solution, else the file itself. */
export function ownerOf(claim: string | null, path: string): string {
  return claim?.startsWith(solutionPrefix) === true ? claim.slice(solutionPrefix.length) : path;
}

/** What a file is about, even where it is broken: its users must not be told that there is no such thing. */
export function claimOf(source: SourceFile, folder: string): string | null {
  const { document } = source;
  const data = document ?? source.located.data;
  const fields = isMap(data as never) ? (data as unknown as Record<string, unknown>) : {};
  const { kind, name, version } = fields;
  if (kind === 'Solution' && typeof name === 'string') return solutionClaim(name);
  if (kind === 'Component' && typeof name === 'string' && typeof version === 'string') {
    return parseVersion(version) === null ? null : releaseClaim(releaseKey(name, version));
  }
  return document === null
    ? claimOfPath(folder === '' ? source.path : source.path.slice(folder.length + 1))
    : null;
}

function claimOfPath(path: string): string | null {
  const solution = /^solutions\/([a-z0-9-]+)\.ya?ml$/.exec(path)?.[1];
  if (solution !== undefined) return solutionClaim(solution);
  const [, component, version] = /^catalog\/([a-z0-9-]+)\/([^/]+)\.ya?ml$/.exec(path) ?? [];
  if (component === undefined || version === undefined || parseVersion(version) === null) return null;
  return releaseClaim(releaseKey(component, version));
}

function moveClaim(
  edits: Edits,
  path: string,
  move: { readonly from: string | null; readonly to: string | null },
): void {
  if (move.from !== null) {
    const left = (edits.claims.get(move.from) ?? []).filter((file) => file !== path);
    if (left.length === 0) edits.claims.delete(move.from);
    else edits.claims.set(move.from, left);
  }
  if (move.to !== null) {
    const files = edits.claims.get(move.to) ?? [];
    edits.claims.set(move.to, [...files, path].sort(byCodeUnit));
  }
}

function checkTwice(edits: Edits, claim: string): void {
  const [first, ...others] = edits.claims.get(claim) ?? [];
  const what = claim.slice(claim.indexOf(':') + 1);
  const diagnostics = others.flatMap((path) => {
    const source = edits.sources.get(path);
    if (source === undefined || first === undefined) return [];
    const solution = claim.startsWith(solutionPrefix);
    return [
      diagnose(source, '/name', {
        code: 'name.duplicate',
        message: `${solution ? 'solution' : 'release'} ${what} is described in ${first} and in ${path}`,
        fix: solution ? 'Give one of them another name.' : 'Give one of them another version, or remove it.',
      }),
    ];
  });
  edits.fileTrouble(`claim:${claim}`, ownerOf(claim, others[0] ?? ''), diagnostics);
}
