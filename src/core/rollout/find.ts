import type { InstanceId } from '../base/names.js';
import { splitInstanceId } from '../base/names.js';
import type { ClusterState, ElementState, InstanceState } from './state.js';

export function findInstance(
  element: ElementState,
  id: InstanceId,
): { cluster: ClusterState; instance: InstanceState } | null {
  const parts = splitInstanceId(id);
  const cluster = parts === null ? undefined : element.clusters.get(parts.cluster);
  const instance = parts === null ? undefined : cluster?.instances.get(parts.ordinal);
  return cluster !== undefined && instance !== undefined ? { cluster, instance } : null;
}
