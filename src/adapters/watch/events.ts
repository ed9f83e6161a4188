import { join } from 'node:path';
import { watch } from 'chokidar';

/**
 * Tells the paths of what changes in a repository's folder and in one folder of its branches (and in those between).
 * chokidar keeps the watches, also over folders that come and go; its raw events are told at once, while its own wait
 * for a `stat`.
 */
export async function eventsBelow(
  commonDir: string,
  branchFolder: string,
  tell: (path: string) => void,
): Promise<() => Promise<void>> {
  const watched = (path: string) => path === commonDir || isOnTheWay(path, branchFolder);
  const watcher = watch(commonDir, {
    ignoreInitial: true,
    // Only the chain of folders; files are heard of by the folder that they lie in.
    ignored: (path) => !watched(path),
    followSymlinks: false,
    atomic: false,
  });
  watcher.on('raw', (_event, name: string | null, details) => {
    const folder = (details as { watchedPath?: string } | null)?.watchedPath;
    if (folder !== undefined) tell(name ? join(folder, name) : folder);
  });
  watcher.on('all', (_event, path) => tell(path));
  // Too many watches, a file system without them: the poll goes on.
  watcher.on('error', () => undefined);
  await new Promise<void>((resolve) => {
    watcher.once('ready', resolve);
    watcher.once('error', () => resolve());
  });
  return () => watcher.close();
}

function isOnTheWay(path: string, folder: string): boolean {
  return folder === path || folder.startsWith(`${path}/`);
}
