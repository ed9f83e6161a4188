import type { DomainName, Revision } from '../../../core/base/names.js';
import type { RemoteRepository } from '../../../adapters/git/remote/index.js';
import type { Forge } from '../../../ports/forge.js';
import type { WorkRequest } from '../../action/operations.js';
import type { Place, PlanView } from '../../cli/operations.js';

/** How the command line writes a plan for programs. */
export type PlanData = (view: PlanView) => object;

/** What one run of a workflow works with. */
export interface Bench {
  readonly version: string;
  /** A plan for programs. */
  readonly planData: PlanData;
  readonly request: WorkRequest;
  readonly repository: RemoteRepository;
  readonly revision: Revision;
  readonly base: Revision | null;
  readonly forge: Forge | null;
  place(domain: DomainName): Place;
}
