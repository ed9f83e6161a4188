import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isAbsent } from '../failure.js';
import { writeWhole } from '../loose.js';
import { isRefName } from '../ref-names.js';
import { gitTool } from '../tool.js';
import { lastSeenIn } from './last-seen.js';
import { RemoteError, type Remote } from './remote.js';

/** isomorphic-git wants to be told where it may note what it has fetched. */
const configuration = `[core]
	repositoryformatversion = 0
	bare = true
[gc]
	packRefs = false
[remote "origin"]
	fetch = +refs/heads/*:refs/remotes/origin/*
`;

/** An empty one where there is none; whose HEAD is that of the remote, where it says so. Answers why it does not. */
export async function makeCopy(folder: string, remote: Remote): Promise<RemoteError | null> {
  for (const part of ['objects/info', 'objects/pack', 'refs/heads'])
    await mkdir(join(folder, part), { recursive: true, mode: 0o700 });
  if (!(await isThere(join(folder, 'config')))) await place(folder, 'config', configuration);
  const asked = askHead(folder, remote);
  if ((await lastSeenIn(folder).wallMs()) === null || !(await isThere(join(folder, 'HEAD')))) return asked;
  // The first look is asked for beside it: another branch than before counts from the next time on.
  asked.catch(() => undefined);
  return null;
}

/** Answers why it does not say. */
export async function askHead(folder: string, remote: Remote): Promise<RemoteError | null> {
  const head = await remote.head().catch((error: unknown) => {
    if (error instanceof RemoteError) return error;
    throw error;
  });
  const failure = head instanceof RemoteError ? head : null;
  if (typeof head === 'string' && isRefName(head)) await place(folder, 'HEAD', `ref: ${head}\n`);
  else if (!(await isThere(join(folder, 'HEAD')))) await place(folder, 'HEAD', 'ref: refs/heads/main\n');
  return failure;
}

function place(folder: string, name: string, text: string): Promise<void> {
  return writeWhole(folder, join(folder, name), [Buffer.from(text)], 'tmp_obj_');
}

async function isThere(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (isAbsent(error)) return false;
    throw error;
  }
}

/** Each commit of ours leaves its objects, and each fetch a pack; nobody else tidies up here. */
export async function maintain(git: string | null, folder: string): Promise<void> {
  if (git === null) return;
  const layout = { gitDir: folder, commonDir: folder, workTree: null, config: new Map() };
  await gitTool(git, layout).run(['gc', '--auto', '--quiet', '--no-detach']);
}
