import type { KindName } from '../../../core/model/schemas.js';
import { componentSites } from './component-sites.js';
import { domainSites } from './domain-sites.js';
import type { Sites } from './site.js';
import { solutionSites } from './solution-sites.js';

/** By kind and path of the field: a field without a site is not tried, so that none may be without. */
export const sites: Readonly<Record<KindName, Sites>> = {
  Domain: domainSites,
  Component: componentSites,
  Solution: solutionSites,
};
