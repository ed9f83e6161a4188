import type { InstanceId } from '../base/names.js';
import { splitInstanceId } from '../base/names.js';
import { compareVersions } from '../base/version.js';
import { wayDown } from '../plan/irreversible.js';
import type { ElementState } from './state.js';

/** From here on no way leads below its version without a person, if it says so. */
export function withPoint(element: ElementState, started: InstanceId): ElementState {
  const cluster = splitInstanceId(started)?.cluster;
  const definition = cluster === undefined ? undefined : element.clusters.get(cluster)?.definition;
  if (definition?.revertible !== false) return element;
  const { component, version } = definition;
  const known = element.pointOfNoReturn;
  const isBelow = known?.component === component && compareVersions(known.version, version) >= 0;
  return isBelow ? element : { ...element, pointOfNoReturn: { component, version } };
}

/** A person has let it go down: that was decided, once. */
export function withoutPoint(element: ElementState): ElementState {
  if (wayDown(element.target, element.pointOfNoReturn) === null) return element;
  const { pointOfNoReturn: _point, ...rest } = element;
  return rest;
}
