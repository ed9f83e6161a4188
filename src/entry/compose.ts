import type { ActionOperations } from './action/operations.js';
import type { Operations } from './cli/operations.js';

/** Wires engine, adapters and ports into what the command line asks of them; each verb loads what it needs. */
export async function composeOperations(program: { readonly version: string }): Promise<Operations> {
  const { operationsOf } = await import('./operations/index.js');
  return operationsOf(program.version);
}

/** The same for a step of a workflow. */
export async function composeAction(program: { readonly version: string }): Promise<ActionOperations> {
  const { openWork } = await import('./operations/work/work.js');
  const { told, asFailure } = await import('./operations/failures.js');
  const { planData } = await import('./cli/render/plan-json.js');
  return { open: (request) => told(openWork(program.version, request, planData)), asFailure };
}
