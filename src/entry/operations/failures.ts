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

const takeDown = 'heliostat down';

/** Ctrl-C: nothing is undone by it. `running` instances are there; null: a daemon has them in hand and goes on. */
export function interrupted(running: number | null, again = 'heliostat apply'): Failure {
  return running === null
    ? new Failure(
        'apply.interrupted',
        'interrupted: the daemon goes on with it',
        `Look: heliostat status. Take everything down: ${takeDown}`,
        130,
      )
    : new Failure(
        'apply.interrupted',
        `interrupted: ${runsOn(running)}`,
        again === takeDown ? `Go on: ${again}` : `Go on: ${again}. Take everything down: ${takeDown}`,
        130,
      );
}

/** What the end of a controller leaves behind. */
export function runsOn(running: number): string {
  if (running === 0) return 'nothing runs';
  return running === 1 ? '1 instance runs on' : `${running} instances run on`;
}
