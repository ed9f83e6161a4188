import { canarySites } from './canary-sites.js';
import { amounts, durations, to, type Sites } from './site.js';

/** The policy of a rollout stands in two kinds, and means the same in both. */
export function rolloutSites(path: string, at: string, isOverDefaults: boolean): Sites {
  const site = (name: string): { readonly at: string } => ({ at: `${at}/${name}` });
  const sites: Sites = {
    strategy: {
      ...site('strategy'),
      values: [],
      but: {
        '= recreate': 'rollout.downtime',
        '= canary': 'canary.noSteps',
        ...(isOverDefaults ? {} : { '= blueGreen': 'canary.traffic' }),
      },
    },
    promote: {
      ...site('promote'),
      values: [],
      // The defaults may hold it for whoever waits; of a rolling element's own it would do nothing.
      but: isOverDefaults ? { '= manual': 'rollout.unused', '= auto': 'rollout.unused' } : {},
    },
    standby: {
      ...site('standby'),
      values: durations(),
    },
    maxSurge: { ...site('maxSurge'), values: amounts(), but: { least: 'rollout.noRoom' } },
    maxUnavailable: {
      ...site('maxUnavailable'),
      values: amounts(to(2, 'rollout.downtime'), to('100%', 'rollout.downtime'), to('50%')),
      but: { most: 'rollout.downtime' },
    },
    minHealthyTime: { ...site('minHealthyTime'), values: durations() },
    healthyDeadline: {
      ...site('healthyDeadline'),
      values: durations(
        to('0s', 'rollout.noTime'),
        to('2s', 'rollout.slowHealth'),
        to('40s', 'rollout.deadlines'),
        to('10m', 'rollout.deadlines'),
      ),
      but: { removed: isOverDefaults ? 'applied' : 'rollout.deadlines' },
    },
    progressDeadline: {
      ...site('progressDeadline'),
      values: durations(
        to('20s', 'rollout.deadlines'),
        to('0s', 'rollout.noTime'),
        to('2s500ms', 'rollout.deadlines'),
      ),
    },
    drainDelay: { ...site('drainDelay'), values: durations() },
    onFailure: { ...site('onFailure'), values: [] },
    allowDowntime: { ...site('allowDowntime'), values: [] },
  };
  const named = Object.entries(sites).map(([name, value]) => [`${path}.${name}`, value]);
  return { ...(Object.fromEntries(named) as Sites), ...canarySites(path, at) };
}
