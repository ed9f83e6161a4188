import type { ClusterDefinition, DesiredElement, DesiredSolution } from '../../../core/base/desired.js';
import { digestOf } from '../../../core/base/digest.js';
import type {
  ComponentName,
  DomainName,
  ElementKey,
  ElementName,
  Generation,
  ProviderName,
  SolutionName,
} from '../../../core/base/names.js';
import { clusterKey } from '../../../core/base/names.js';
import type { Range, Version } from '../../../core/base/version.js';
import type { DesiredDomain } from '../../../core/graph/types.js';
import { emptyState } from '../../../core/journal/fold.js';
import { planFor } from '../../../engine/plan-for.js';
import type { Bench, Row } from '../bench.js';
import type { Finding } from '../finding.js';
import { floorPlan } from '../floor.js';
import { median, timed } from '../measure.js';

const layerWidth = 500;

export const wholePlanRow: Row = {
  name: 'whole-plan',
  about: 'changes and order of 100,000 instances with 300,000 edges',
  measure: async (bench) => [await wholePlan(bench)],
};

async function wholePlan(bench: Bench): Promise<Finding> {
  const desired = desiredDomain(100_000);
  const edges = [...desired.solutions.values()].flatMap((solution) =>
    [...solution.elements.values()].map((element): readonly [string, string, readonly string[]] => [
      element.key,
      element.digest,
      element.clusters[0]?.definition.relationships.map(({ provider }) => provider) ?? [],
    ]),
  );
  const state = emptyState('bench' as DomainName);
  const ours: number[] = [];
  const floor: number[] = [];
  const about = { revision: 'worktree', basis: { kind: 'live', atMs: 0 } } as const;
  for (let i = 0; i < (bench.quick ? 3 : 7); i++) {
    floor.push(await timed(() => floorPlan(new Map(), edges)));
    ours.push(await timed(() => planFor(state, desired, [...desired.solutions.keys()], about)));
  }
  return {
    work: 'whole plan of 100,000 instances, 300,000 edges',
    ours: { value: median(ours), unit: 'ms' },
    peer: { name: 'Map and topological sort', value: median(floor), unit: 'ms', inThisRun: true },
    goal: { faster: 1 / 3, text: '≤ 3× the floor' },
    note: 'from nothing to everything; the digests of plan and read set are included',
  };
}

/** Made without a repository: what is measured is the plan. */
function desiredDomain(count: number): DesiredDomain {
  const solutions = new Map<SolutionName, DesiredSolution>();
  for (let first = 0; first < count; first += 50) {
    const name = solutionOf(first);
    const elements = new Map<ElementName, DesiredElement>();
    for (let index = first; index < Math.min(first + 50, count); index++)
      elements.set(nameOf(index), desiredElement(index));
    const digest = digestOf([...elements.values()].map((element) => element.digest));
    solutions.set(name, { name, file: `solutions/${name}.yaml`, elements, digest });
  }
  return { name: 'bench' as DomainName, folder: '', solutions, consumers: () => [] };
}

function desiredElement(index: number): DesiredElement {
  const definition: ClusterDefinition = {
    component: 'part' as ComponentName,
    version: '1.0.0' as Version,
    generation: '01234567' as Generation,
    provider: 'noop' as ProviderName,
    configuration: { kind: 'literal', value: { label: 'a' } },
    configurationDigest: digestOf({ label: 'a' }),
    artifacts: [],
    relationships: providersOf(index).map((provider, nth) => ({
      name: `uses-${nth}`,
      dependency: `uses-${nth}`,
      type: 'service',
      provider: keyOf(provider),
      component: 'part' as ComponentName,
      range: '>=1.0 <2' as Range,
      many: false,
    })),
    endpoint: null,
    health: null,
    timeouts: { createMs: 1, configureMs: 1, startMs: 1, stopMs: 1, destroyMs: 1 },
    retries: { limit: 3, backoffMs: 1, maxBackoffMs: 1 },
  };
  const key = clusterKey(definition.version, definition.generation);
  return {
    key: keyOf(index),
    solution: solutionOf(index),
    name: nameOf(index),
    component: definition.component,
    clusters: [{ key, state: 'active', size: 1, weight: null, definition }],
    rollout: {
      strategy: 'rolling',
      maxSurge: { kind: 'count', value: 1 },
      maxUnavailable: { kind: 'count', value: 0 },
      minHealthyTimeMs: 0,
      healthyDeadlineMs: 300_000,
      progressDeadlineMs: 600_000,
      drainDelayMs: 0,
      onFailure: 'pause',
      allowDowntime: false,
    },
    repair: 'auto',
    repairIntervalMs: 300_000,
    expose: null,
    digest: digestOf(index),
    position: { file: `solutions/${solutionOf(index)}.yaml`, line: 1, column: 1 },
  };
}

function providersOf(index: number): number[] {
  const layer = Math.floor(index / layerWidth);
  if (layer === 0) return [];
  return [0, 7, 19].map((step) => (layer - 1) * layerWidth + ((index + step) % layerWidth));
}

function solutionOf(index: number): SolutionName {
  return `s${String(Math.floor(index / 50)).padStart(5, '0')}` as SolutionName;
}

function nameOf(index: number): ElementName {
  return `e${String(index).padStart(6, '0')}` as ElementName;
}

function keyOf(index: number): ElementKey {
  return `${solutionOf(index)}/${nameOf(index)}` as ElementKey;
}
