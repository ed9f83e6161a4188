import type { Revision } from '../../core/base/names.js';
import type { Source } from '../../ports/repository.js';
import type { RefStore } from './ref-store.js';
import { filesBelow, type TreeFile } from './read-tree.js';
import { parseStaged, stagedWithoutGit } from './staged.js';
import type { GitTool } from './tool.js';
import { type Refused, type WorkFile, WorkFiles } from './work-files.js';
import { listByGit, listByWalking } from './work-list.js';

/** Which files are meant, by their paths from the repository's root. */
export interface Selection {
  /** Folders to look in, without a slash at the end; the empty text is the root. */
  readonly folders: readonly string[];
  accepts(path: string): boolean;
}

export interface WorkTreeFiles {
  /** Sorted by path. */
  readonly files: readonly WorkFile[];
  /** What was selected and is no regular file, or cannot be read; never followed, never opened. */
  readonly refused: readonly Refused[];
}

/** The files that a person is working on. Read-only: neither index nor work tree is ever written. */
export interface WorkTree {
  readonly root: string;
  /** Contents of selected files, tracked or not, without ignored ones. */
  read(selection: Selection, limitBytes: number): Promise<WorkTreeFiles>;
  /** Ids that the selected files would have as blobs, for artifacts of any size. */
  hash(
    selection: Selection,
  ): Promise<{ readonly files: readonly TreeFile[]; readonly refused: readonly Refused[] }>;
  /** Paths among the selected ones that HEAD's commit has not, has otherwise, or still has; sorted. */
  uncommitted(selection: Selection): Promise<readonly string[]>;
  /** What stands in the index, for a check before a commit; entries of an unfinished merge are left out. */
  staged(selection: Selection): Promise<readonly TreeFile[]>;
}

export interface WorkTreeTools {
  readonly root: string;
  readonly gitDir: string;
  readonly source: Source;
  readonly store: RefStore;
  readonly tool: GitTool | null;
}

export function workTreeOf(tools: WorkTreeTools): WorkTree {
  const { root, tool } = tools;
  const listed = async (selection: Selection): Promise<string[]> => {
    const paths = tool === null ? await listByWalking(tools, selection) : await listByGit(tool, selection);
    return [...new Set(paths)].filter((path) => selection.accepts(path)).sort();
  };

  const read = async (selection: Selection, limitBytes: number): Promise<WorkTreeFiles> =>
    new WorkFiles(root).read(await listed(selection), limitBytes);
  const hash: WorkTree['hash'] = async (selection) => new WorkFiles(root).hash(await listed(selection));

  return {
    root,
    read,
    hash,
    async uncommitted(selection) {
      const [committed, paths] = await Promise.all([committedFiles(tools, selection), listed(selection)]);
      const differing = new Set<string>();
      // What the commit has not need not be read, however large it is.
      const present = await new WorkFiles(root).hash(paths.filter((path) => committed.has(path)));
      for (const path of await new WorkFiles(root).present(paths.filter((path) => !committed.has(path))))
        differing.add(path);
      for (const { path, oid } of present.files) {
        if (committed.get(path)?.oid !== oid) differing.add(path);
        committed.delete(path);
      }
      for (const { path, reason } of present.refused) {
        // A link that is committed as a link is refused elsewhere; it is not what a person has yet to commit.
        if (reason === 'symlink' && committed.get(path)?.kind === 'symlink') committed.delete(path);
        else differing.add(path);
      }
      for (const path of committed.keys()) differing.add(path);
      return [...differing].sort();
    },
    async staged(selection) {
      const files = tool === null ? await stagedWithoutGit(tools) : parseStaged(await indexOf(tool));
      return files.filter(({ path }) => isWithin(selection, path));
    },
  };
}

async function indexOf(tool: GitTool): Promise<Buffer> {
  // Within `git commit -a` a hook sees the index that is about to be committed by this name only.
  const index = process.env['GIT_INDEX_FILE'];
  const environment = index === undefined ? {} : { GIT_INDEX_FILE: index };
  return (await tool.run(['ls-files', '-z', '--stage'], { environment })).output;
}

async function committedFiles(tools: WorkTreeTools, selection: Selection): Promise<Map<string, TreeFile>> {
  const head = (await tools.store.head()).oid;
  const commit = head === null ? null : await tools.source.commit(head as Revision);
  if (commit === null) return new Map();
  const found = await Promise.all(
    selection.folders.map((folder) => filesBelow(tools.source, commit.tree, folder)),
  );
  return new Map(
    found
      .flat()
      .filter(({ path, kind }) => kind !== 'submodule' && selection.accepts(path))
      .map((file) => [file.path, file]),
  );
}

function isWithin(selection: Selection, path: string): boolean {
  const inFolder = selection.folders.some(
    (folder) => folder === '' || path.startsWith(`${folder}/`) || path === folder,
  );
  return inFolder && selection.accepts(path);
}
