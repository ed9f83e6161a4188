import type { InstanceId } from '../base/names.js';
import { clusterKey, instanceId } from '../base/names.js';
import { placementFor } from './needs.js';
import type { Scene } from './scene.js';

/** Run-time values for identities that do not exist yet: as many as the ceiling will bear. */
export function assignMissing(scene: Scene): void {
  const { view, tally, facts, draft } = scene;
  if (scene.mode === 'paused') return;
  const placed = new Map<InstanceId, number>();
  let ports = 0;
  for (const desired of view.element.target?.clusters ?? []) {
    const cluster = view.element.clusters.get(desired.key);
    if (cluster === undefined || desired.state === 'initial') continue;
    for (let ordinal = 0; ordinal < desired.size; ordinal++) {
      if (cluster.instances.has(ordinal)) continue;
      if (desired.state === 'active' && tally.committed >= tally.ceiling && !needsSuccessor(scene)) return;
      const placement = placementFor(cluster, facts, placed, scene.mode === 'rollout');
      if (placement === null) {
        draft.waiting = true;
        return;
      }
      const id = instanceId(
        scene.domain,
        view.element.key,
        clusterKey(desired.definition.version, desired.definition.generation),
        ordinal,
      );
      const provider = desired.definition.provider;
      const port = facts.needsPort(provider) ? facts.freePort(provider, ports++) : null;
      for (const on of Object.values(placement)) placed.set(on, (placed.get(on) ?? 0) + 1);
      draft.entries.push({
        kind: 'instance.assigned',
        instance: id,
        runtime: { address: facts.address(provider, id), port, placement },
      });
      if (desired.state === 'active') tally.committed++;
    }
  }
}

/** What is not well may go only when its successor is ready to start, so one is prepared beyond the ceiling. */
function needsSuccessor({ view, tally, draft }: Scene): boolean {
  const isPrepared = view.instances.some(
    (other) => other.isNew && !other.live && other.state.runtime !== null,
  );
  const isPreparing = draft.entries.some((entry) => entry.kind === 'instance.assigned');
  return (
    !isPrepared &&
    !isPreparing &&
    tally.healthy < tally.floor &&
    view.instances.some((other) => other.live && other.wanted !== 'active' && !other.healthy)
  );
}
