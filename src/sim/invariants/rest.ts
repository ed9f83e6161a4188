import type { DesiredElement } from '../../core/base/desired.js';
import type { InstanceId } from '../../core/base/names.js';
import { instanceId } from '../../core/base/names.js';
import { findInstance } from '../../core/rollout/find.js';
import type { ElementState } from '../../core/rollout/state.js';
import type { Engine } from '../../engine/engine.js';
import { kinds } from '../ports/providers.js';
import { mainRef, statusRef } from '../repository.js';
import type { Stage } from '../stage.js';
import type { Technology } from '../technology.js';
import type { Watcher } from '../watcher.js';
import { isFor, misplacedIn } from './standing.js';

/** 13. Where everything is as it should be, a controller that looks again does nothing and writes nothing. */
export function idempotent({ world }: Stage): Watcher {
  let isAgain = false;
  return {
    again: () => void (isAgain = true),
    sent({ verb, key }) {
      if (isAgain) world.violate(13, `${verb} of ${key}, though everything was as it should be`);
    },
    swapped(ref, _from, to, by) {
      if (!isAgain || by === null || to === null) return;
      const subject = world.repository.commits.get(to)?.subject ?? '';
      world.violate(
        13,
        `${ref === statusRef ? 'a status commit' : ref} was written, though nothing had changed: ${subject}`,
      );
    },
  };
}

/** 14. In the end what exists is what is wanted, and what is wanted is what the branch asks for. */
export function converged(stage: Stage): Watcher {
  const { world } = stage;
  return {
    ended() {
      const problem = unlikeAsked(stage);
      if (problem !== null) world.violate(14, `in the end ${problem}`);
    },
  };
}

/** Where what exists is not what the branch asks for; null: nowhere. */
export function unlikeAsked(stage: Stage): string | null {
  const { engine } = stage;
  if (engine === null) return 'nobody runs the domain';
  const { technology } = stage.world;
  for (const solution of engine.core.state.tables.solutions.values()) {
    if (solution.detached) continue;
    for (const element of solution.elements.values()) {
      const problem = problemOf(engine, technology, element);
      if (problem !== null) return problem;
    }
  }
  return notDesired(stage, engine);
}

function problemOf(engine: Engine, technology: Technology, element: ElementState): string | null {
  if (element.target === null) return `${element.key} is not gone yet`;
  for (const cluster of element.target.clusters)
    for (let ordinal = 0; ordinal < cluster.size; ordinal++) {
      const id = instanceId(engine.core.domain, element.key, cluster.key, ordinal);
      const problem = instanceProblem(engine, technology, { element, state: cluster.state, id });
      if (problem !== null) return `${id} ${problem}`;
    }
  return routesProblem(engine, technology, element, element.target);
}

function instanceProblem(
  engine: Engine,
  technology: Technology,
  { element, state, id }: { readonly element: ElementState; readonly state: string; readonly id: InstanceId },
): string | null {
  const resource = technology.resources.get(id);
  if (state === 'initial') return resource === undefined ? null : 'exists';
  if (resource === undefined) return 'does not exist';
  if (resource.state !== state) return `is ${resource.state}, should be ${state}`;
  if (state === 'active' && !technology.isHealthy(resource)) return 'is not healthy';
  const found = findInstance(element, id);
  if (found === null) return 'is not known';
  const digest = engine.core.facts.configurationDigest(found.instance, found.cluster);
  // What nobody can see nobody can mend.
  const isSeen = kinds.find(({ name }) => name === resource.provider)?.knowsDigest === true;
  if (isSeen && digest !== resource.digest) return `has configuration ${resource.digest}, not ${digest}`;
  return misplacedIn(engine, found.instance) ? 'lives on what is not wanted' : null;
}

/** Each listener sends to all that run in its range, and to nobody else. */
function routesProblem(
  engine: Engine,
  technology: Technology,
  element: ElementState,
  target: DesiredElement,
): string | null {
  for (const listener of element.listeners.values()) {
    const key = `${engine.core.world.domainId}:${element.key}#${listener.binding}`;
    const route = technology.routes.get(key);
    const wanted = target.clusters.flatMap((cluster) =>
      cluster.state === 'active' && isFor(listener.binding, cluster.definition.version)
        ? Array.from({ length: cluster.size }, (_, i) =>
            instanceId(engine.core.domain, element.key, cluster.key, i),
          )
        : [],
    );
    const told = route?.backends.filter(({ weight }) => weight > 0).map(({ instance }) => instance) ?? [];
    if (route === undefined || [...told].sort().join() !== wanted.sort().join())
      return `${key} sends to ${told.join(', ') || 'nobody'}, not to ${wanted.join(', ') || 'nobody'}`;
  }
  return null;
}

/** The tip, or the last commit before it that is sound, is what is held to. */
function notDesired({ world, author }: Stage, engine: Engine): string | null {
  const { accepted, tip } = engine.core.state.domain;
  const branch = world.repository.refs.get(mainRef) ?? null;
  if (branch === null || engine.core.state.domain.holds.size > 0) return null;
  if (tip !== branch) return `the tip is ${branch}, and ${tip ?? 'none'} was seen`;
  const isSound = (author.expectations.of(branch)?.mistake ?? null) === null;
  return isSound && accepted !== branch
    ? `${branch} is sound, and ${accepted ?? 'nothing'} is accepted`
    : null;
}
