import type { Operations } from './cli/operations.js';

/** Wires engine, adapters and ports into what the command line asks of them; each verb loads what it needs. */
export async function composeOperations(program: { readonly version: string }): Promise<Operations> {
  const { operationsOf } = await import('./operations/index.js');
  return operationsOf(program.version);
}
