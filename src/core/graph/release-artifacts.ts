import { digestOf } from '../base/digest.js';
import { parseGlob, type Glob } from '../base/glob.js';
import type { ProviderManifest } from '../base/manifest.js';
import { compareVersions, isPrerelease, type Version } from '../base/version.js';
import type { ComponentDocument } from '../model/kinds.js';
import { pointerOf } from '../model/locate.js';
import type { Finding } from '../model/source.js';
import { contentOf, type Release, type ReleaseBody } from './release.js';
import { expandGlobs, type Expansion, type TreeIndex } from './tree.js';
import type { Ledger } from './types.js';

export interface ReleaseContext {
  readonly manifests: ReadonlyMap<string, ProviderManifest>;
  readonly ledger: Ledger;
  readonly tree: TreeIndex;
  readonly artifactLimit: number;
  /** All versions of the component in this revision, ascending. */
  readonly versions: readonly Version[];
}

/** A release whose artifacts are looked for, and where to say what is wrong with them. */
export interface Pinning {
  readonly release: Pick<Release, 'key' | 'component' | 'version' | 'source'>;
  readonly document: ComponentDocument;
  readonly context: ReleaseContext;
  readonly globs: readonly Glob[];
  report(pointer: string, finding: Finding): void;
}

export function readGlobs({ document, report }: Pinning): Glob[] {
  return (document.artifacts ?? []).flatMap((text, i) => {
    const glob = parseGlob(text);
    if (glob === null) {
      report(pointerOf('artifacts', i), {
        code: 'artifacts.pattern',
        message: `"${text}" is not a pattern of paths`,
        fix: 'Write a path from the repository’s root; * stands for anything within one name, ** for any folders.',
      });
    }
    return glob === null ? [] : [glob];
  });
}

/** What belongs to the release: as pinned when it was first accepted, else as it is now. */
export function pin(pinning: Pinning): Pick<Release, 'record'> & Pick<ReleaseBody, 'artifacts'> {
  const { document, globs } = pinning;
  const { ledger, tree, artifactLimit, versions } = pinning.context;
  const { key, component, version, source } = pinning.release;
  const recorded = ledger.get(key);
  if (recorded !== undefined && !isPrerelease(version)) {
    const digest = digestOf([contentOf(document), recorded.artifacts]);
    if (digest !== recorded.digest) reportImmutable(pinning);
    else if (versions.at(-1) === version)
      reportUnreleased(pinning, recorded.artifacts.map(pinText).join('\n'));
    return { artifacts: recorded.artifacts, record: null };
  }
  const expansion = expandGlobs(tree, globs, artifactLimit);
  reportExpansion(pinning, expansion);
  const artifacts = expansion.pins;
  const digest = digestOf([contentOf(document), artifacts]);
  const same = recorded?.digest === digest;
  return {
    artifacts,
    record: same ? null : { component, version, digest, artifacts, file: source.path, oid: source.oid },
  };
}

function reportExpansion({ document, context, globs, report }: Pinning, expansion: Expansion): void {
  globs.forEach((glob) => {
    const i = (document.artifacts ?? []).indexOf(glob.text);
    if (expandGlobs(context.tree, [glob], 0).tooMany) return;
    const folder = context.tree.get(glob.text) !== undefined;
    report(pointerOf('artifacts', i), {
      code: 'artifacts.empty',
      message: `no file of this revision matches "${glob.text}"`,
      fix: folder
        ? `Write ${glob.text}/** for what lies in the folder.`
        : 'Correct the pattern, or commit the files that it is for.',
    });
  });
  for (const { path, kind } of expansion.refused) {
    report('/artifacts', {
      code: `git.${kind}`,
      message: `artifact ${path} is a ${kind}`,
      fix:
        kind === 'symlink'
          ? 'Commit the file itself instead of a link to it.'
          : 'Commit the files themselves, or leave the submodule out.',
    });
  }
  if (expansion.tooMany) {
    report('/artifacts', {
      code: 'artifacts.tooMany',
      message: `the release has more than ${context.artifactLimit} artifacts`,
      fix: 'Pack them into an archive, or narrow the patterns.',
    });
  }
}

function reportImmutable({ release, context, report }: Pinning): void {
  const { component, version, source } = release;
  const next = nextVersion(version, context.versions);
  report('/version', {
    code: 'catalog.immutable',
    message: `${component} ${version} was released before with other content, and a release is for ever`,
    fix: `Restore ${source.path} as it was, and put the change into a new release: copy the file to ${next}.yaml beside it with version: ${next}`,
  });
}

function reportUnreleased({ release, context, globs, report }: Pinning, pinned: string): void {
  const now = expandGlobs(context.tree, globs, context.artifactLimit).pins;
  if (now.map(pinText).join('\n') === pinned) return;
  const { component, version, source } = release;
  const next = nextVersion(version, context.versions);
  const before = new Set(pinned.split('\n'));
  const changed = now.find((pin) => !before.has(pinText(pin)))?.path ?? 'a file';
  report('/artifacts', {
    code: 'artifacts.unreleased',
    severity: 'warning',
    message: `${changed} is not as it was when ${component} ${version} was released, and no newer release takes that up`,
    fix: `Make a release of it: copy ${source.path} to ${next}.yaml beside it with version: ${next}, and use that version`,
  });
}

function pinText(pin: { readonly path: string; readonly oid: string; readonly executable: boolean }): string {
  return `${pin.path} ${pin.oid} ${pin.executable}`;
}

/** The next patch version that is not there yet. */
function nextVersion(version: Version, versions: readonly Version[]): string {
  const highest = versions.at(-1) ?? version;
  const from = compareVersions(highest, version) > 0 ? highest : version;
  const [major = '0', minor = '0', patch = '0'] = from.split(/[-+]/)[0]?.split('.') ?? [];
  return `${major}.${minor}.${isPrerelease(from) ? patch : String(Number(patch) + 1)}`;
}
