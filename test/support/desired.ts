import type {
  ClusterDefinition,
  DesiredCluster,
  DesiredElement,
  Relationship,
  RolloutPolicy,
} from '../../src/core/base/desired.js';
import { digestOf } from '../../src/core/base/digest.js';
import type {
  ComponentName,
  DomainId,
  DomainName,
  ElementKey,
  ElementName,
  Generation,
  ProviderName,
  Revision,
  RolloutId,
  SolutionName,
} from '../../src/core/base/names.js';
import { clusterKey } from '../../src/core/base/names.js';
import type { Template } from '../../src/core/base/template.js';
import type { Range, Version } from '../../src/core/base/version.js';
import type { SolutionEntry } from '../../src/core/rollout/entries.js';
import type { Tables } from '../../src/core/rollout/tables.js';
import { emptyTables } from '../../src/core/rollout/tables.js';
import type { World } from '../../src/core/rollout/world.js';
import { unseen } from '../../src/core/rollout/world.js';

export const domain = 'test' as DomainName;
export const shop = 'shop' as SolutionName;

export const policy: RolloutPolicy = {
  strategy: 'rolling',
  maxSurge: { kind: 'count', value: 1 },
  maxUnavailable: { kind: 'count', value: 0 },
  minHealthyTimeMs: 1_000,
  healthyDeadlineMs: 60_000,
  progressDeadlineMs: 120_000,
  drainDelayMs: 500,
  onFailure: 'pause',
  allowDowntime: false,
};

export interface ElementSpec {
  readonly name: string;
  readonly version?: string;
  readonly size?: number;
  readonly generation?: string;
  readonly needs?: readonly {
    readonly element: string;
    readonly type?: 'context' | 'service';
    readonly range?: string;
    readonly name?: string;
  }[];
  readonly rollout?: Partial<RolloutPolicy>;
  readonly expose?: number;
  readonly plainEndpoint?: boolean;
  readonly repair?: 'auto' | 'report' | 'hold';
  readonly configuration?: Template;
  readonly revertible?: false;
}

/** A desired element as the graph makes it, from what matters to a test. */
export function desiredElement(spec: ElementSpec, solution: SolutionName = shop): DesiredElement {
  const cluster = desiredCluster(spec, solution);
  const body = {
    key: `${solution}/${spec.name}` as ElementKey,
    solution,
    name: spec.name as ElementName,
    component: spec.name as ComponentName,
    clusters: [cluster],
    rollout: { ...policy, ...spec.rollout },
    repair: spec.repair ?? ('auto' as const),
    repairIntervalMs: 300_000,
    expose: spec.expose === undefined ? null : { port: spec.expose },
  };
  return {
    ...body,
    digest: digestOf(body),
    position: { file: `solutions/${solution}.yaml`, line: 1, column: 1 },
  };
}

function desiredCluster(spec: ElementSpec, solution: SolutionName): DesiredCluster {
  const version = (spec.version ?? '1.0.0') as Version;
  const generation = (spec.generation ?? '00000000') as Generation;
  const configuration = spec.configuration ?? { kind: 'literal' as const, value: {} };
  const definition: ClusterDefinition = {
    component: spec.name as ComponentName,
    version,
    generation,
    provider: 'fake' as ProviderName,
    configuration,
    configurationDigest: digestOf(configuration),
    artifacts: [],
    relationships: (spec.needs ?? []).map((need): Relationship => ({
      name: need.name ?? need.element,
      dependency: need.name ?? need.element,
      type: need.type ?? 'service',
      provider: (need.element.includes('/') ? need.element : `${solution}/${need.element}`) as ElementKey,
      component: need.element as ComponentName,
      range: (need.range ?? '*') as Range,
      many: false,
    })),
    endpoint: endpointTemplate(spec.plainEndpoint === true),
    health: null,
    timeouts: { createMs: 60_000, configureMs: 60_000, startMs: 60_000, stopMs: 30_000, destroyMs: 60_000 },
    retries: { limit: 3, backoffMs: 1_000, maxBackoffMs: 60_000 },
    ...(spec.revertible === false ? { revertible: false as const } : {}),
  };
  return {
    key: clusterKey(version, generation),
    state: 'active',
    size: spec.size ?? 1,
    weight: null,
    definition,
  };
}

function endpointTemplate(plain: boolean): Template {
  return plain
    ? { kind: 'literal', value: { url: 'noop:' } }
    : {
        kind: 'map',
        entries: {
          url: {
            kind: 'text',
            segments: [
              'http://',
              { of: 'instance', field: 'address' },
              ':',
              { of: 'instance', field: 'port' },
            ],
          },
        },
      };
}

/** The entry that begins a rollout to these elements; names without an element are retired. */
export function plannedEntry(
  targets: readonly DesiredElement[],
  retire: readonly string[] = [],
  revision = 'r1',
): SolutionEntry {
  return {
    kind: 'rollout.planned',
    rollout: `${revision}-1` as RolloutId,
    revision: revision as Revision,
    arrival: 1,
    planDigest: digestOf(revision),
    desiredDigest: digestOf(targets.map((target) => target.digest)),
    targets: Object.fromEntries([
      ...targets.map((target) => [target.name, target] as const),
      ...retire.map((name) => [name, null] as const),
    ]),
    changes: [],
  };
}

export function worldOver(tables: Tables = emptyTables(domain), now: () => number = () => 0): World {
  return {
    tables,
    domainId: 'd0' as DomainId,
    traits: {
      address: () => '127.0.0.1',
      needsPort: () => true,
      portRange: (provider) => (provider === 'gateway' ? [25_000, 29_999] : [20_000, 24_999]),
      reconfigureInterrupts: () => false,
    },
    now,
    seen: () => unseen,
  };
}
