import { durations, to, type Sites } from './site.js';
import { rolloutSites } from './rollout-sites.js';

export const domainSites: Sites = {
  apiVersion: { values: [to('heliostat/v2', 'rejected')] },
  kind: { values: [to('Solution', 'rejected'), to('domain', 'rejected')] },
  name: { values: [to('stage', 'domain.renamed'), to('Prod', 'rejected')] },
  requires: { values: [to('>=0.0.1'), to('>=9', 'rejected'), to('what?', 'rejected')] },
  defaults: { values: [to({ repair: 'report' })] },
  'defaults.rollout': { values: [to({ minHealthyTime: '2s', healthyDeadline: '20s' })] },
  ...rolloutSites('defaults.rollout', 'defaults/rollout', false),
  'defaults.repair': { values: [] },
  'defaults.repairInterval': { values: durations() },
  limits: { values: [] },
  'limits.elementsPerSolution': {
    values: [to(3), to(2, 'solution.tooLarge')],
    but: { least: 'solution.tooLarge' },
  },
};
