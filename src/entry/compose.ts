import { Failure, type Operations } from './cli/operations.js';

/** Wires engine, adapters and ports into what the command line asks of them. */
export function composeOperations(program: { readonly version: string }): Promise<Operations> {
  return Promise.reject(
    new Failure(
      'feature.unavailable',
      `heliostat ${program.version} is being put together: this verb has no engine yet`,
      'Use init, doctor or explain CODE meanwhile.',
    ),
  );
}
