import type { InstanceId } from '../../core/base/names.js';
import { safe } from '../../core/base/safe-text.js';
import type { Observation, Outcome } from '../../ports/provider.js';
import type { Incarnation } from '../incarnation.js';
import type { Landing, Mutation } from '../watcher.js';
import type { World } from '../world.js';
import { spoil } from './spoil.js';

type Fate = 'done' | 'error' | 'hopeless' | 'timeoutApplied' | 'timeoutNotApplied' | 'partly';

/** Everything that a technology is asked tells it the epoch of who asks. */
export function meet(world: World, epoch: number): void {
  world.technology.epoch = Math.max(world.technology.epoch, epoch);
}

/**
 * Three events: the request arrives, where an old epoch is turned away; some time later its effect lands, whether
 * or not its sender still lives; then its answer arrives, if it does.
 */
export function mutate(
  incarnation: Incarnation,
  mutation: Mutation,
  effect: () => boolean,
  observe: () => Observation | null,
): Promise<Outcome> {
  const { world } = incarnation;
  const moment = `${mutation.key} ${mutation.verb}`;
  const about = { port: 'provider', key: mutation.key, place: 'elsewhere' } as const;
  return new Promise((resolve) => {
    const answer = (outcome: Outcome): void => {
      const verb = `${mutation.verb}.answer`;
      void incarnation
        .call({ ...about, verb, afterMs: world.latency(`${moment} answer`), run: () => outcome })
        .then(resolve);
    };
    const land = (): void => {
      const fate = draw(world, moment);
      const how = happen(world, mutation, fate, effect);
      world.tell((watcher) => watcher.landed?.(mutation, how));
      const outcome = outcomeOf(fate, observe);
      if (outcome !== null) answer(outcome);
    };
    const arrive = (): void => {
      if (mutation.epoch < world.technology.epoch) {
        world.tell((watcher) => watcher.landed?.(mutation, 'refused'));
        answer({
          kind: 'failed',
          retryable: false,
          code: 'epoch.old',
          message: safe('another has taken over'),
        });
        return;
      }
      meet(world, mutation.epoch);
      world.change(`begun ${moment} by ${incarnation.number}`);
      world.tell((watcher) => watcher.begun?.(mutation));
      world.schedule(world.now + world.latency(`${moment} work`), 0, land);
    };
    if (!incarnation.dead) world.tell((watcher) => watcher.sent?.(mutation));
    void incarnation.call({ ...about, verb: mutation.verb, afterMs: world.latency(moment), run: arrive });
  });
}

function draw(world: World, moment: string): Fate {
  const { faults } = world;
  if (faults.strikes('provider.error', moment))
    return faults.random(`hopeless ${moment}`).chance(0.1) ? 'hopeless' : 'error';
  if (faults.strikes('provider.timeoutApplied', moment)) return 'timeoutApplied';
  if (faults.strikes('provider.timeoutNotApplied', moment)) return 'timeoutNotApplied';
  return faults.strikes('provider.partlyApplied', moment) ? 'partly' : 'done';
}

function happen(world: World, mutation: Mutation, fate: Fate, effect: () => boolean): Landing {
  if (fate === 'error' || fate === 'hopeless' || fate === 'timeoutNotApplied') return 'failed';
  const { technology } = world;
  const isInstance = mutation.owner !== null;
  if (isInstance) technology.remember(mutation.key as InstanceId, world.now);
  const changed = fate === 'partly' ? spoil(technology, mutation, effect) : effect();
  if (!changed) return 'unchanged';
  world.change(`landed ${mutation.verb} ${mutation.key} ${fate}`);
  if (isInstance && mutation.provider !== 'gateway')
    world.tellOf(mutation.key as InstanceId, mutation.provider);
  return 'changed';
}

/** Null: no answer ever comes. */
function outcomeOf(fate: Fate, observe: () => Observation | null): Outcome | null {
  switch (fate) {
    case 'done':
      return { kind: 'done', observation: observe() };
    case 'error':
    case 'partly':
      return { kind: 'failed', retryable: true, code: 'sim.failed', message: safe('it did not work') };
    case 'hopeless':
      return { kind: 'failed', retryable: false, code: 'sim.refused', message: safe('it will never work') };
    case 'timeoutApplied':
    case 'timeoutNotApplied':
      return null;
  }
}
