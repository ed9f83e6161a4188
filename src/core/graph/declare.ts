import { elementKey, type ElementKey, type ElementName, type SolutionName } from '../base/names.js';
import { byCodeUnit } from '../base/order.js';
import { compareVersions, type Version } from '../base/version.js';
import type {
  ClusterDocument,
  DomainDocument,
  ElementDocument,
  RelationshipDocument,
  SolutionDocument,
} from '../model/kinds.js';
import { pointerOf } from '../model/locate.js';
import type { SourceFile } from '../model/source.js';
import { rolloutPolicy, stopsEverything } from './policy.js';
import type { DeclaredEdge, ElementFacts, View } from './view.js';

/** An element as written, with where it is written. */
export interface WrittenElement {
  readonly key: ElementKey;
  readonly name: ElementName;
  readonly solution: SolutionName;
  readonly source: SourceFile;
  readonly document: ElementDocument;
  readonly solutionDocument: SolutionDocument;
  readonly defaults: DomainDocument['defaults'];
  /** `/elements/api`. */
  readonly pointer: string;
}

export interface WrittenCluster {
  readonly version: Version;
  readonly state: 'active' | 'inactive' | 'initial';
  readonly size: number;
  readonly weight: number | null;
  readonly document: ClusterDocument;
  /** Of the version: a value in the short form, a key in the long one. */
  readonly pointer: string;
  readonly aspect: 'key' | 'value';
  /** Null in the short form. */
  readonly own: string | null;
}

export interface WrittenRelationship {
  readonly name: string;
  readonly dependency: string;
  readonly provider: ElementKey;
  readonly solution: SolutionName;
  readonly element: ElementName;
  readonly document: RelationshipDocument | null;
  readonly pointer: string;
}

export function writtenElement(
  source: SourceFile,
  solution: SolutionDocument,
  name: string,
  defaults: DomainDocument['defaults'],
): WrittenElement | null {
  const document = solution.elements?.[name];
  if (document === undefined) return null;
  return {
    key: elementKey(solution.name as SolutionName, name as ElementName),
    name: name as ElementName,
    solution: solution.name as SolutionName,
    source,
    document,
    solutionDocument: solution,
    defaults,
    pointer: pointerOf('elements', name),
  };
}

/** Short and long form alike, by version ascending. */
export function writtenClusters(element: WrittenElement): readonly WrittenCluster[] {
  const { document, pointer } = element;
  if (document.clusters === undefined) {
    if (document.version === undefined) return [];
    const version = document.version as Version;
    const size = document.size ?? 1;
    const at = { pointer: `${pointer}/version`, aspect: 'value', own: null } as const;
    return [{ version, state: 'active', size, weight: null, document: {}, ...at }];
  }
  return Object.entries(document.clusters)
    .map(([version, cluster]): WrittenCluster => {
      const own = pointer + pointerOf('clusters', version);
      return {
        version: version as Version,
        state: cluster.state ?? 'active',
        size: cluster.size ?? document.size ?? 1,
        weight: cluster.weight ?? null,
        document: cluster,
        pointer: own,
        aspect: 'key',
        own,
      };
    })
    .sort((a, b) => compareVersions(a.version, b.version) || byCodeUnit(a.version, b.version));
}

/** Those of the element, under those of the cluster; sorted by name. */
export function writtenRelationships(
  element: WrittenElement,
  cluster: WrittenCluster,
): readonly WrittenRelationship[] {
  const found = new Map<string, WrittenRelationship>();
  const add = (relationships: ElementDocument['relationships'], pointer: string): void => {
    for (const [name, value] of Object.entries(relationships ?? {})) {
      const long = typeof value === 'string' ? null : value;
      const solution = (long?.solution ?? element.solution) as SolutionName;
      const provider = (long?.element ?? value) as ElementName;
      found.set(name, {
        name,
        dependency: long?.dependency ?? name,
        provider: elementKey(solution, provider),
        solution,
        element: provider,
        document: long,
        pointer: pointer + pointerOf(name),
      });
    }
  };
  add(element.document.relationships, `${element.pointer}/relationships`);
  if (cluster.own !== null) add(cluster.document.relationships, `${cluster.own}/relationships`);
  return [...found.values()].sort((a, b) => byCodeUnit(a.name, b.name));
}

export function declare(element: WrittenElement, view: View): ElementFacts {
  const { document } = element;
  const clusters = writtenClusters(element);
  const activeSize = clusters.reduce((sum, { state, size }) => sum + (state === 'active' ? size : 0), 0);
  const policy = rolloutPolicy(element.defaults, document.rollout);
  const port = document.expose?.port;
  return {
    key: element.key,
    component: document.component,
    clusters: clusters.map(({ version, state, size }) => ({ version, state, size })),
    activeSize,
    allowDowntime: policy.allowDowntime,
    stopsEverything: stopsEverything(policy, activeSize),
    exposedPort: typeof port === 'number' ? port : null,
    edges: edgesOf(element, clusters, view),
  };
}

function edgesOf(
  element: WrittenElement,
  clusters: readonly WrittenCluster[],
  view: View,
): readonly DeclaredEdge[] {
  const edges = new Map<string, DeclaredEdge>();
  for (const cluster of clusters) {
    const release = view.release(element.document.component, cluster.version);
    for (const { dependency, provider } of writtenRelationships(element, cluster)) {
      const type = release?.body?.dependencies.get(dependency)?.type;
      if (type === undefined || provider === element.key) continue;
      const key = `${provider} ${type}`;
      const active = cluster.state === 'active' && cluster.size > 0;
      edges.set(key, { provider, type, active: active || (edges.get(key)?.active ?? false) });
    }
  }
  return [...edges.keys()].sort().map((key) => edges.get(key) as DeclaredEdge);
}
