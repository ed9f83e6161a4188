import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Redactor } from '../../core/base/safe-text.js';
import type { Occupied, Oid, SwapResult } from '../../ports/repository.js';
import { isTrue } from './config.js';
import { isAbsent } from './failure.js';
import type { Layout } from './layout.js';
import type { Swap, Unprepared } from './ref-swap.js';
import type { GitTool } from './tool.js';

export interface AdvanceTools {
  readonly layout: Layout;
  readonly tool: GitTool | null;
  readonly redact: Redactor;
  swap(ref: string, swap: Swap): Promise<SwapResult | Unprepared>;
}

/** Moves a branch, and the work tree in which it is checked out along with it, if nobody has changed anything there. */
export async function advance(
  tools: AdvanceTools,
  ref: string,
  { from, to }: { readonly from: Oid; readonly to: Oid },
): Promise<SwapResult | Occupied> {
  const occupied = (message: string): Occupied => ({ kind: 'occupied', message: tools.redact(message) });
  const { layout, tool, swap } = tools;
  const homes = await checkedOutIn(layout, ref);
  const branch = ref.replace(/^refs\/heads\//, '');
  const answerOf = (swapped: SwapResult | Unprepared): SwapResult | Occupied =>
    swapped.kind === 'unprepared'
      ? occupied(`${branch} is checked out, and files in its work tree are in the way`)
      : swapped;
  if (homes.length === 0) return answerOf(await swap(ref, { from, to }));
  const elsewhere = homes.find((home) => home !== layout.gitDir);
  if (elsewhere !== undefined)
    return occupied(`${branch} is checked out in another work tree (${elsewhere})`);
  if (tool === null)
    return occupied(`${branch} is checked out, and without git its work tree cannot move along`);
  if (!(await isUntouched(tool, from)) && !(await isUntouched(tool, to)))
    return occupied(`${branch} is checked out, and there are changes in its work tree`);
  // First the files, then the branch: whoever is killed in between leaves a change behind that asks for the same. The
  // branch is locked meanwhile, or somebody could commit who has seen neither.
  const prepare = (): Promise<boolean> => succeeds(tool, ['read-tree', '-u', '-m', to]);
  return answerOf(await swap(ref, { from, to, prepare }));
}

/** As git asks before it updates the work tree of somebody who is pushed to. */
async function isUntouched(tool: GitTool, commit: Oid): Promise<boolean> {
  await succeeds(tool, ['update-index', '-q', '--ignore-submodules', '--refresh']);
  return (
    (await succeeds(tool, ['diff-files', '--quiet', '--ignore-submodules', '--'])) &&
    (await succeeds(tool, ['diff-index', '--quiet', '--cached', '--ignore-submodules', commit, '--']))
  );
}

async function succeeds(tool: GitTool, command: readonly string[]): Promise<boolean> {
  return (await tool.run(command)).code === 0;
}

/** Folders with a HEAD that stands for this branch; a bare repository has no work tree to keep up. */
async function checkedOutIn(layout: Layout, ref: string): Promise<string[]> {
  const homes = layout.workTree === null ? [] : [layout.gitDir];
  if (layout.gitDir !== layout.commonDir && !isTrue(layout.config.get('core.bare')))
    homes.push(layout.commonDir);
  for (const name of await linked(layout.commonDir)) {
    const home = join(layout.commonDir, 'worktrees', name);
    if (!homes.includes(home)) homes.push(home);
  }
  const heads = await Promise.all(homes.map((home) => readFile(join(home, 'HEAD'), 'utf8').catch(() => '')));
  return homes.filter((_, i) => heads[i]?.trim() === `ref: ${ref}`);
}

async function linked(commonDir: string): Promise<string[]> {
  try {
    return await readdir(join(commonDir, 'worktrees'));
  } catch (error) {
    if (isAbsent(error)) return [];
    throw error;
  }
}
