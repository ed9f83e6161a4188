import semver from 'semver';
import type { Brand } from './brand.js';

/** A semver version without leading `v`, parsed once. See semver.org 2.0.0. */
export type Version = Brand<string, 'Version'>;
/** A semver range as written, known to parse. */
export type Range = Brand<string, 'Range'>;

/** Null for anything that is not exactly a version (`v1.2.3`, `1.2`, ` 1.2.3`). */
export function parseVersion(text: string): Version | null {
  return text.length <= 256 && semver.valid(text) === text.split('+')[0] && !/^[vV=\s]/.test(text)
    ? (text as Version)
    : null;
}

/** The version that was probably meant (`v1.2` → `1.2.0`), to show in the fix of a diagnostic. */
export function likelyVersion(text: string): string | null {
  return text.length <= 256 ? (semver.coerce(text)?.version ?? null) : null;
}

export function parseRange(text: string): Range | null {
  return text.length <= 256 && semver.validRange(text) !== null ? (text.trim() as Range) : null;
}

/** A pre-release satisfies a range only if the range names one. */
export function satisfies(version: Version, range: Range): boolean {
  return semver.satisfies(version, range);
}

export function compareVersions(a: Version, b: Version): number {
  return semver.compareBuild(a, b);
}

export function isPrerelease(version: Version): boolean {
  return semver.prerelease(version) !== null;
}
