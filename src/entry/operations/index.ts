import type { Operations } from '../cli/operations.js';
import { apply } from './apply.js';
import { plan } from './plan.js';
import { run } from './run.js';

export function operationsOf(version: string): Operations {
  return {
    plan: (request) => plan(version, request),
    apply: (request, hooks) => apply(version, request, hooks),
    run: (request, hooks) => run(version, request, hooks),
  } as Operations;
}
