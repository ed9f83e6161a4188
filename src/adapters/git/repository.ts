import { redactorOf, type Redactor } from '../../core/base/safe-text.js';
import type { Refs, Source } from '../../ports/repository.js';
import type { GitFailure } from './failure.js';
import { type History, historyOf } from './history.js';
import { findLayout, type Layout } from './layout.js';
import { objectsOfGit } from './objects.js';
import { objectsWithoutGit } from './objects-plain.js';
import { RefStore } from './ref-store.js';
import { noterOf, refsOf } from './refs.js';
import { type Resolve, resolveByGit, resolveByReading } from './revision.js';
import { Sharing } from './sharing.js';
import { sourceOf, treeReader } from './source.js';
import { unsupported } from './support.js';
import { findGit, gitTool } from './tool.js';
import { TreeCache } from './tree-cache.js';
import { type WorkTree, workTreeOf } from './work-tree.js';

/** A local repository. All paths are real and absolute. */
export interface Repository {
  /** HEAD and index; of a linked work tree its own. */
  readonly gitDir: string;
  /** What all linked work trees share; the home of a domain. */
  readonly commonDir: string;
  /** Null where the repository is bare. */
  readonly workTree: WorkTree | null;
  readonly source: Source;
  readonly refs: Refs;
  readonly history: History;
  /** What a person writes for a commit: an id or its beginning, a branch, a tag, `HEAD~2`. Null if there is none. */
  readonly resolve: Resolve;
  /** Ends git's children; questions that are open are rejected. */
  close(): Promise<void>;
}

export interface OpenOptions {
  /** The git to use; null: none, as where it is not installed. By default it is looked for on PATH. */
  readonly git?: string | null;
  /** Cleans paths and names before they reach a message. */
  readonly redact?: Redactor;
  /** References that stand in the place of its own, made from these. */
  readonly refs?: (local: Refs, tools: RefsTools) => Refs;
}

/** What references that are kept elsewhere need of the copy. */
export interface RefsTools {
  readonly source: Source;
  readonly history: History;
  /** Adds notes to the reference that these read and move. */
  noter(by: Pick<Refs, 'read' | 'compareAndSwap'>): Refs['note'];
}

export type Opened = { readonly ok: Repository } | { readonly failure: GitFailure };

/** Opens the repository at a folder or above it. Starts no process and reads no object yet. */
export async function openRepository(path: string, options: OpenOptions = {}): Promise<Opened> {
  const git = options.git === undefined ? findGit() : options.git;
  const layout = await findLayout(path);
  if ('code' in layout) return { failure: layout };
  const failure = await unsupported(layout, git !== null);
  if (failure !== null) return { failure };
  return { ok: repositoryOf(layout, git, options) };
}

function repositoryOf(layout: Layout, git: string | null, options: OpenOptions): Repository {
  const redact = options.redact ?? redactorOf([]);
  const { gitDir, commonDir } = layout;
  const tool = git === null ? null : gitTool(git, layout);
  const objects = tool === null ? objectsWithoutGit(commonDir) : objectsOfGit(tool);
  const cache = new TreeCache();
  const trees = treeReader(objects, cache);
  const source = sourceOf(objects, trees);
  const store = new RefStore(layout);
  const tools = { layout, sharing: new Sharing(layout), source, trees, cache, tool };
  const root = layout.workTree;
  const history = historyOf(source, layout, tool);
  const local = refsOf(tools, store, redact);
  const noter: RefsTools['noter'] = (by) => noterOf(tools, by, redact);
  return {
    gitDir,
    commonDir,
    workTree: root === null ? null : workTreeOf({ root, gitDir, source, store, tool }),
    source,
    refs: options.refs?.(local, { source, history, noter }) ?? local,
    history,
    resolve: tool === null ? resolveByReading(source, store, commonDir) : resolveByGit(tool),
    close: () => objects.close(),
  };
}
