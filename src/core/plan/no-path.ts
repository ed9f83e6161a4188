import type { DomainName } from '../base/names.js';
import type { Hold } from './types.js';

/** From what runs now, and not from what was accepted before, no sequence of steps leads to the revision. */
export function noPath(domain: DomainName, reason: string): Hold {
  return {
    id: 'plan.noPath',
    code: 'plan.noPath',
    reason,
    releasedBy: 'a commit that leaves a way, or an operator',
    command: `heliostat approve plan.noPath --domain ${domain} --reason TEXT`,
  };
}
