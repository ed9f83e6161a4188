import { lstat, mkdir, stat } from 'node:fs/promises';
import { Failure } from '../cli/operations.js';

const writableByOthers = 0o022;

/**
 * Makes a folder of the controller's state, closed to everybody else, or takes the one that is there if nobody else can
 * reach into it: who writes there decides what runs. A link may come with the repository, so one is followed only where
 * the operator has named the folder.
 * @throws {Failure} where it is not safe, or cannot be made.
 */
export async function ownFolder(folder: string, isNamed: boolean): Promise<void> {
  try {
    await mkdir(folder, { recursive: isNamed, mode: 0o700 });
    return isNamed ? await check(folder, isNamed) : undefined;
  } catch (error) {
    if (error instanceof Failure) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== 'EEXIST')
      throw new Failure(
        'state.unwritable',
        `the state folder cannot be made: ${message}`,
        'Make room for it, or name another with stateFolder in heliostat.config.yaml.',
      );
  }
  await check(folder, isNamed);
}

async function check(folder: string, isNamed: boolean): Promise<void> {
  const found = isNamed ? await stat(folder) : await lstat(folder);
  if (!found.isDirectory())
    throw unsafe(
      `${folder} is ${found.isSymbolicLink() ? 'a link' : 'no folder'}`,
      `Remove it, or name the folder that you mean with stateFolder in heliostat.config.yaml.`,
    );
  const user = process.getuid?.();
  if (user === undefined) return;
  if (found.uid !== user && found.uid !== 0)
    throw unsafe(
      `${folder} belongs to another user (${found.uid})`,
      `Run Heliostat as that user, or give it to this one: chown -R ${user} '${folder}'`,
    );
  if ((found.mode & writableByOthers) !== 0)
    throw unsafe(`others may write in ${folder}`, `Run: chmod -R go-w '${folder}'`);
}

function unsafe(message: string, fix: string): Failure {
  return new Failure('state.unsafe', message, fix);
}
