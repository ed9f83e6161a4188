import type { Json } from '../base/data.js';
import type { Position } from '../base/diagnostic.js';
import { splitElementKey, type ElementKey } from '../base/names.js';
import { plainOf } from '../base/template.js';
import { leavesOf, mergeLayers, originOf, originPosition, type LayerName } from '../model/layers.js';
import { positionIn } from '../model/source.js';
import { layersOf } from './configure.js';
import { writtenClusters, writtenElement, type WrittenCluster, type WrittenElement } from './declare.js';
import type { AcceptedModel } from './model.js';
import { releaseKey } from './release.js';

export interface ExplainedValue {
  /** Dotted: `logLevel`, `pool.max`. */
  readonly path: string;
  /** As written: a reference shows as `${…}`. */
  readonly value: Json;
  readonly layer: LayerName;
  readonly origin: Position;
}

export interface ExplainedCluster {
  readonly version: string;
  /** Null where the element has errors. */
  readonly generation: string | null;
  readonly state: 'active' | 'inactive' | 'initial';
  readonly size: number;
  /** Parameters in effect, sorted by path. */
  readonly values: readonly ExplainedValue[];
  /** What the provider gets, with what only a running instance knows as `${…}`; null where the element has errors. */
  readonly configuration: Json;
  /** Where the release is described; null if there is none. */
  readonly release: Position | null;
}

export interface ExplainedElement {
  readonly key: ElementKey;
  readonly component: string;
  readonly position: Position;
  readonly clusters: readonly ExplainedCluster[];
}

/** The configuration in effect and, for each value, where it was set; null if there is no such element. */
export function explainElement(model: AcceptedModel, key: ElementKey): ExplainedElement | null {
  const { solution, element } = splitElementKey(key);
  const record = model.tables.solutions.get(solution);
  if (record === undefined || record.document === null) return null;
  const written = writtenElement(record.source, record.document, element, model.domain.document.defaults);
  if (written === null) return null;
  return {
    key,
    component: written.document.component,
    position: positionIn(written.source, written.pointer, { aspect: 'key' }),
    clusters: writtenClusters(written).map((cluster) => explainCluster(model, written, cluster)),
  };
}

function explainCluster(
  model: AcceptedModel,
  element: WrittenElement,
  cluster: WrittenCluster,
): ExplainedCluster {
  const release = model.tables.releases.get(releaseKey(element.document.component, cluster.version));
  const desired = model.tables.elements
    .get(element.key)
    ?.desired?.clusters.find(({ definition }) => definition.version === cluster.version)?.definition;
  return {
    version: cluster.version,
    generation: desired?.generation ?? null,
    state: cluster.state,
    size: cluster.size,
    values:
      release === undefined || release.body === null
        ? []
        : origins(layersOf(element, cluster, release, release.body)),
    configuration: desired === undefined ? null : plainOf(desired.configuration),
    release: release === undefined ? null : positionIn(release.source, ''),
  };
}

function origins(layers: ReturnType<typeof layersOf>): readonly ExplainedValue[] {
  return leavesOf(mergeLayers(layers)).flatMap(({ path, value }) => {
    const origin = originOf(layers, path);
    return origin === null
      ? []
      : [{ path: path.join('.'), value, layer: origin.layer, origin: originPosition(origin) }];
  });
}
