import type { FoundDomain } from '../../core/graph/domains.js';
import type { DomainChoice } from './types.js';

/** The domain that is meant; null if there is none such, or several. */
export function chooseDomain(domains: readonly FoundDomain[], choice: DomainChoice): FoundDomain | null {
  const fitting = domains.filter((domain) => {
    switch (choice.kind) {
      case 'folder':
        return domain.folder === choice.folder;
      case 'name':
        return domain.name === choice.name;
      case 'only':
        return true;
    }
  });
  return fitting.length === 1 ? (fitting[0] ?? null) : null;
}
