import type { DomainName, Revision } from '../../../core/base/names.js';
import type { RemoteRepository } from '../../../adapters/git/remote/index.js';
import type { Forge } from '../../../ports/forge.js';
import type { WorkRequest } from '../../action/operations.js';
import type { Place } from '../../cli/operations.js';

/** What one run of a workflow works with. */
export interface Bench {
  readonly version: string;
  readonly request: WorkRequest;
  readonly repository: RemoteRepository;
  readonly revision: Revision;
  readonly base: Revision | null;
  readonly forge: Forge | null;
  place(domain: DomainName): Place;
}
