import type { Diagnostic } from '../core/base/diagnostic.js';
import type { DomainName } from '../core/base/names.js';
import type { AcceptedModel } from '../core/graph/model.js';
import { diagnose } from '../core/model/source.js';

/**
 * The name of a domain stands in the identity of all that it runs, so another name would be another domain: what runs
 * would belong to nobody, and stand beside a second copy of itself. Null: the name is as it was.
 */
export function renamedFrom(name: DomainName, model: AcceptedModel): Diagnostic | null {
  const { domain } = model;
  if (domain.name === name) return null;
  return diagnose(domain.source, '/name', {
    code: 'domain.renamed',
    message: `domain ${name} cannot become ${domain.name}: its name is part of what everything that runs is known by`,
    fix: `Write name: ${name}. A domain of another name is one more heliostat.yaml, in a folder of its own.`,
  });
}
