import { isMap } from '../../../core/base/data.js';
import type { ComponentName, Revision, SolutionName } from '../../../core/base/names.js';
import { byCodeUnit } from '../../../core/base/order.js';
import type { Version } from '../../../core/base/version.js';
import type { Plan } from '../../../core/plan/types.js';
import type { CatalogChange, PolicyChange } from '../../../core/status/comment/types.js';
import { readText } from '../../../core/model/text.js';
import { filesBelow, type Repository } from '../../../adapters/git/index.js';

/** Of what several solutions may share: files that a pull request adds, changes or removes. */
export interface SharedChanges {
  readonly catalog: readonly CatalogChange[];
  readonly policies: readonly PolicyChange[];
}

interface ChangedFile {
  readonly path: string;
  readonly before: string | null;
  readonly after: string | null;
}

const documentBytes = 1024 * 1024;
/** More are no reading for people. */
const mostFiles = 500;

/** What differs between two commits among releases and policies, and which planned solutions it reaches. */
export async function sharedChanges(
  repository: Repository,
  base: Revision | null,
  revision: Revision,
  plan: Plan | null,
): Promise<SharedChanges> {
  if (base === null) return { catalog: [], policies: [] };
  const changed = await changedFiles(repository, base, revision);
  const blobs = await repository.source.blobs(
    changed.map(({ before, after }) => after ?? before ?? ''),
    documentBytes,
  );
  const catalog: CatalogChange[] = [];
  const policies: PolicyChange[] = [];
  for (const [i, file] of changed.entries()) {
    const data = blobs[i] ? readText(blobs[i]).data : null;
    if (!isMap(data ?? undefined)) continue;
    const { kind, name, version } = data as Readonly<Record<string, unknown>>;
    const change = file.before === null ? 'added' : file.after === null ? 'removed' : 'changed';
    if (typeof name !== 'string') continue;
    if (kind === 'Policy') policies.push({ name, change, file: file.path });
    if (kind !== 'Component') continue;
    const component = name as ComponentName;
    const of = typeof version === 'string' ? (version as Version) : null;
    catalog.push({
      component,
      version: of,
      change,
      file: file.path,
      solutions: usersOf(plan, component, of),
    });
  }
  return { catalog, policies };
}

function usersOf(plan: Plan | null, component: ComponentName, version: Version | null): SolutionName[] {
  const users = (plan?.solutions ?? []).filter(({ changes }) =>
    changes.some(({ before, after }) =>
      [before, after].some(
        (shape) =>
          shape?.component === component &&
          (version === null || shape.clusters.some((cluster) => cluster.version === version)),
      ),
    ),
  );
  return users.map(({ solution }) => solution).sort(byCodeUnit);
}

/** Model files that differ, sorted by path. */
async function changedFiles(
  repository: Repository,
  base: Revision,
  revision: Revision,
): Promise<ChangedFile[]> {
  const [before, after] = await Promise.all([filesAt(repository, base), filesAt(repository, revision)]);
  const paths = [...new Set([...before.keys(), ...after.keys()])].sort(byCodeUnit);
  return paths
    .filter((path) => before.get(path) !== after.get(path))
    .slice(0, mostFiles)
    .map((path) => ({ path, before: before.get(path) ?? null, after: after.get(path) ?? null }));
}

async function filesAt({ source }: Repository, revision: Revision): Promise<ReadonlyMap<string, string>> {
  const tree = (await source.commit(revision))?.tree;
  const files = tree === undefined ? [] : await filesBelow(source, tree, '');
  return new Map(files.filter(({ path }) => /\.ya?ml$/.test(path)).map(({ path, oid }) => [path, oid]));
}
