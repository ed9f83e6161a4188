import { ControlError } from '../../adapters/control/place.js';
import { GitError } from '../../adapters/git/index.js';
import { DiskError } from '../../ports/disk.js';
import { Failure } from '../cli/operations.js';

/** What the world does to us is told as such; whatever else is thrown is a bug, and stays what it is. */
export function asFailure(error: unknown): unknown {
  if (error instanceof GitError) return new Failure(error.code, error.message, error.fix);
  if (error instanceof DiskError)
    return new Failure(
      'disk.failed',
      `the state folder cannot be used: ${error.message}`,
      'Make room on its disk, or give the folder back its permissions, and try again.',
    );
  if (error instanceof ControlError)
    return error.message.startsWith('the daemon went away') || error.message.startsWith('the connection')
      ? new Failure('control.lost', error.message, 'Start it again with heliostat run, or ask again.')
      : new Failure('control.refused', error.message, 'Do as it says, then try again.');
  return isDenied(error)
    ? new Failure('disk.failed', (error as Error).message, 'Give the folder back its permissions.')
    : error;
}

function isDenied(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  return typeof code === 'string' && ['EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'EDQUOT'].includes(code);
}

export async function told<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw asFailure(error);
  }
}

export async function* toldEach<T>(items: AsyncIterable<T>): AsyncGenerator<T, void, void> {
  try {
    yield* items;
  } catch (error) {
    throw asFailure(error);
  }
}

/** Ctrl-C: nothing is undone by it. */
export function interrupted(): Failure {
  return new Failure(
    'apply.interrupted',
    'interrupted: what was begun runs on',
    'Go on with heliostat apply; take everything down with heliostat down.',
    130,
  );
}
