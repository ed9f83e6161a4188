import type { Revision } from '../../core/base/names.js';
import { fromUtf8 } from '../../core/base/bytes.js';
import { byCodeUnit } from '../../core/base/order.js';
import type { State } from '../../core/journal/fold.js';
import { filesBelow, type TreeFile } from '../../adapters/git/index.js';
import { documentLimitBytes } from '../../engine/at-commit.js';
import type { CommitInfo, FileChange } from '../../ports/repository.js';
import { Failure } from '../cli/operations.js';
import { isModelFile } from './model-files.js';
import type { Location } from './place.js';

export interface Undoing {
  /** On top of the tip. */
  readonly changes: readonly FileChange[];
  /** Released files of the catalog: they never change again, and so are not taken back. */
  readonly stays: readonly string[];
}

interface Between {
  readonly reverted: CommitInfo & { readonly parent: Revision };
  readonly tip: Revision;
}

/**
 * The files of the model that a commit changed, as they were before it.
 * @throws {Failure} where somebody has changed one of them since, naming the commits; or nothing is left to be undone.
 */
export async function undoing(location: Location, state: State, between: Between): Promise<Undoing> {
  const { reverted, tip } = between;
  const [before, after, now] = await Promise.all(
    [reverted.parent, reverted.oid, tip].map((revision) => modelAt(location, revision)),
  );
  if (before === undefined || after === undefined || now === undefined) throw unreadable(reverted.oid);
  const touched = [...new Set([...before.keys(), ...after.keys()])]
    .filter((path) => !isSame(before.get(path), after.get(path)))
    .sort(byCodeUnit);
  if (touched.length === 0)
    throw nothingToDo(`${reverted.oid.slice(0, 7)} changed nothing of the model of ${location.domain}`);
  const released = new Set([...state.domain.ledger.values()].map(({ file }) => file));
  const open = touched.filter((path) => !isSame(before.get(path), now.get(path)));
  const stays = open.filter((path) => released.has(path) && now.has(path));
  const wanted = open.filter((path) => !stays.includes(path));
  const others = wanted.filter((path) => !isSame(after.get(path), now.get(path)));
  if (others.length > 0) throw await conflict(location, others, between);
  if (wanted.length === 0)
    throw nothingToDo(
      stays.length === 0
        ? `what ${reverted.oid.slice(0, 7)} changed is as it was before it already`
        : `${reverted.oid.slice(0, 7)} only brought ${stays.join(', ')}: released, and so kept for ever`,
    );
  return { changes: await restored(location, wanted, before), stays };
}

type Files = ReadonlyMap<string, TreeFile>;

/** All that the domain's model may consist of in a commit, by path. */
async function modelAt({ repository, folder }: Location, revision: Revision): Promise<Files> {
  const commit = await repository.source.commit(revision);
  if (commit === null) throw unreadable(revision);
  const files = await filesBelow(repository.source, commit.tree, folder);
  const inside = folder === '' ? '' : `${folder}/`;
  const isOurs = (path: string): boolean =>
    path === `${inside}heliostat.yaml` ||
    ((path.startsWith(`${inside}catalog/`) || path.startsWith(`${inside}solutions/`)) && isModelFile(path));
  return new Map(files.filter(({ path }) => isOurs(path)).map((file) => [file.path, file]));
}

function isSame(a: TreeFile | undefined, b: TreeFile | undefined): boolean {
  return a?.oid === b?.oid && a?.kind === b?.kind;
}

async function restored(
  { repository }: Location,
  paths: readonly string[],
  before: Files,
): Promise<FileChange[]> {
  const there = paths.flatMap((path) => before.get(path) ?? []);
  const blobs = await repository.source.blobs(
    there.map(({ oid }) => oid),
    documentLimitBytes,
  );
  const texts = new Map(there.map(({ path }, i) => [path, blobs[i] ? fromUtf8(blobs[i]) : null]));
  return paths.map((path) => {
    const content = texts.get(path);
    if (content === null)
      throw new Failure(
        'revision.unreadable',
        `${path} cannot be read as it was`,
        'Look with git show and git fsck; fetch what is missing with git fetch --unshallow.',
      );
    return { path, content: content ?? null };
  });
}

const mostTold = 5;

/** Who changed it since, so that a person can decide what is to become of that. */
async function conflict(location: Location, paths: readonly string[], between: Between): Promise<Failure> {
  const { reverted, tip } = between;
  const lines: string[] = [];
  for (const path of paths.slice(0, mostTold)) {
    const since = await location.repository.history.logPath(tip, path, 1_000);
    const until = since.findIndex(({ oid }) => oid === reverted.oid);
    const later = since.slice(0, until < 0 ? mostTold : until).map(({ oid }) => oid.slice(0, 7));
    lines.push(`${path} (${later.slice(0, mostTold).join(', ')}${later.length > mostTold ? ', …' : ''})`);
  }
  const more = paths.length > mostTold ? ` and ${paths.length - mostTold} more` : '';
  return new Failure(
    'revert.conflict',
    `nothing was changed: later commits have changed what ${reverted.oid.slice(0, 7)} changed: ${lines.join('; ')}${more}`,
    'Take these back first, newest first; or write the commit by hand, where lines have to be merged: git revert',
  );
}

function nothingToDo(message: string): Failure {
  return new Failure('revert.nothing', message, 'See what it did: git show. There is nothing to do.');
}

function unreadable(revision: Revision): Failure {
  return new Failure(
    'revision.unreadable',
    `${revision.slice(0, 7)} cannot be read`,
    'Look with git show and git fsck; fetch what is missing with git fetch --unshallow.',
  );
}
