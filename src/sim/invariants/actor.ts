import type { Stage } from '../stage.js';
import type { Mutation, Watcher } from '../watcher.js';

/** 4. One thing at a time is done to an instance. What a former incarnation had begun nobody can call back. */
export function singleActor({ world }: Stage): Watcher {
  const open = new Map<string, Set<Mutation>>();
  return {
    begun(mutation) {
      const others = open.get(mutation.key) ?? new Set<Mutation>();
      open.set(mutation.key, others.add(mutation));
      for (const other of others) {
        if (other === mutation || other.epoch < mutation.epoch) continue;
        world.violate(
          4,
          `${mutation.verb} of ${mutation.key} by ${mutation.by.number} (epoch ${mutation.epoch}) began while ` +
            `${other.verb} by ${other.by.number} (epoch ${other.epoch}) was under way`,
        );
      }
    },
    landed(mutation) {
      const others = open.get(mutation.key);
      others?.delete(mutation);
      if (others?.size === 0) open.delete(mutation.key);
    },
  };
}

/** 5. The epochs that a technology serves never decrease, and each belongs to one incarnation. */
export function fencing({ world }: Stage): Watcher {
  const holders = new Map<number, number>();
  let highest = 0;
  const what = ({ verb, key, by, epoch }: Mutation): string =>
    `${verb} of ${key} by ${by.number} with epoch ${epoch}`;
  return {
    begun(mutation) {
      const { epoch, by } = mutation;
      if (epoch < 1) world.violate(5, `${what(mutation)}: nobody has claimed that`);
      if (epoch < highest) world.violate(5, `${what(mutation)} was served after epoch ${highest}`);
      highest = Math.max(highest, epoch);
      const holder = holders.get(epoch) ?? by.number;
      holders.set(epoch, holder);
      if (holder !== by.number) world.violate(5, `${what(mutation)}: it is the epoch of ${holder}`);
    },
    landed(mutation, how) {
      if (how === 'refused' && mutation.epoch >= world.technology.epoch)
        world.violate(5, `${what(mutation)} was refused, though it is not old`);
    },
  };
}
