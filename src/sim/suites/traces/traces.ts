import type { InstanceId } from '../../../core/base/names.js';
import type { Stage } from '../../stage.js';
import { catalog, solution, withEdit, type Edit } from './texts.js';

/** One thing that happens when everything is quiet. */
export type TraceStep =
  | { readonly kind: 'commit'; readonly says: string; readonly edit: Edit }
  /** To the files of the commit so many before. */
  | { readonly kind: 'revert'; readonly says: string; readonly back: number }
  | { readonly kind: 'act'; readonly says: string; readonly act: (stage: Stage) => void };

/** A short clean history: nothing fails in it, and nobody is in a hurry. */
export interface Trace {
  readonly name: string;
  readonly steps: readonly TraceStep[];
  /** Its controllers run where the disk is gone after each of them. */
  readonly isEphemeral?: boolean;
}

const commit = (says: string, edit: Edit): TraceStep => ({ kind: 'commit', says, edit });

const shop = (api: string, db = 'version: 1.0.0'): Edit =>
  solution('shop', {
    db: `component: db, ${db}`,
    api: `component: api, ${api}, relationships: { db: db }`,
  });

const begin = (edit: Edit): TraceStep => commit('Begin', { ...catalog, ...edit });

const platform = (host: string): Edit => solution('platform', { host: `component: host, ${host}` });
const network = solution('network', {
  rule: 'component: rule, version: 1.0.0, size: 2, relationships: { host: { dependency: host, element: host, solution: platform } }',
});

/** Ends one instance whose identity begins so, as a person with a terminal would. */
function lose(stage: Stage, prefix: string): void {
  const { world } = stage;
  const { technology } = world;
  const found = [...technology.resources.values()].find(({ id }) => id.startsWith(prefix));
  if (found === undefined) return;
  technology.remember(found.id, world.now);
  technology.resources.delete(found.id satisfies InstanceId);
  world.change(`lost ${found.id}`);
  world.tellOf(found.id, found.provider);
}

export const traces: readonly Trace[] = [
  {
    name: 'first-rollout-and-upgrade',
    steps: [
      begin(shop('version: 1.0.0, size: 2')),
      commit('Upgrade api', shop('version: 1.1.0, size: 2, rollout: { maxSurge: 1, maxUnavailable: 0 }')),
    ],
  },
  {
    name: 'on-a-runner',
    isEphemeral: true,
    steps: [begin(shop('version: 1.0.0')), commit('Upgrade api', shop('version: 1.1.0'))],
  },
  {
    name: 'both-at-once-and-revert',
    steps: [
      begin(shop('version: 1.0.0')),
      commit('Upgrade both', shop('version: 1.1.0', 'version: 1.1.0')),
      { kind: 'revert', says: 'Revert "Upgrade both"', back: 1 },
    ],
  },
  {
    name: 'recreate-and-interrupting-configuration',
    steps: [
      begin(
        solution('shop', {
          db: 'component: db, version: 1.0.0, size: 2, rollout: { strategy: recreate, allowDowntime: true }',
        }),
      ),
      commit(
        'Configure db',
        solution('shop', {
          db: 'component: db, version: 1.0.0, size: 2, configuration: { setting: 7 }, rollout: { strategy: recreate, allowDowntime: true }',
        }),
      ),
      commit(
        'Upgrade db',
        solution('shop', {
          db: 'component: db, version: 1.1.0, size: 2, configuration: { setting: 7 }, rollout: { strategy: recreate, allowDowntime: true }',
        }),
      ),
    ],
  },
  {
    name: 'context-across-solutions',
    steps: [
      begin({ ...platform('version: 1.0.0, size: 1'), ...network }),
      commit('Upgrade host', platform('version: 1.1.0, size: 1')),
    ],
  },
  {
    name: 'scale-down-and-removal',
    steps: [
      begin({ ...shop('version: 1.0.0, size: 2, expose: { port: 8080 }'), ...platform('version: 1.0.0') }),
      commit('Scale down, expose no more', shop('version: 1.0.0, size: 1')),
      commit('Remove the shop', { 'solutions/shop.yaml': null }),
    ],
  },
  {
    name: 'repair-and-rejected-commit',
    steps: [
      begin(shop('version: 1.0.0')),
      { kind: 'act', says: 'lose the api', act: (stage) => lose(stage, 'prod/shop/api/') },
      commit('Ask for what is not there', shop('version: 9.9.9')),
      commit('Ask for what is there', shop('version: 1.1.0')),
    ],
  },
  {
    name: 'takeover',
    steps: [
      begin(shop('version: 1.0.0')),
      {
        kind: 'act',
        says: 'another controller takes over',
        act: ({ installations }) => installations[1].on(true),
      },
      commit('Upgrade api', shop('version: 1.1.0')),
    ],
  },
];

/** The files that a step leaves in the repository; null: it commits nothing. */
export function filesAfter(step: TraceStep, history: readonly ReadonlyMap<string, string>[]) {
  switch (step.kind) {
    case 'commit':
      return withEdit(history.at(-1) ?? new Map<string, string>(), step.edit);
    case 'revert':
      return history.at(-1 - step.back) ?? null;
    case 'act':
      return null;
  }
}
