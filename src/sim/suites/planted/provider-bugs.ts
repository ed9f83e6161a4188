import { safe } from '../../../core/base/safe-text.js';
import type { InstanceId, OwnerKey } from '../../../core/base/names.js';
import type { Observation, Outcome } from '../../../ports/provider.js';
import { cancelSource } from '../../../ports/clock.js';
import { statusRef } from '../../repository.js';
import { bendPorts, bendProviders, type Bug } from './bug.js';
import { contested, drifting, overtaken, peaceful, removing, silent } from './scripts.js';

/** Mistakes in what is asked of technologies. */
/** By then the engine has recorded that it does not know how the call ended, in milliseconds. */
const givenUpMs = 6_000;

export const providerBugs: readonly Bug[] = [
  {
    name: 'act before the intent',
    what: 'an instance that was configured is started at once, and written down afterwards',
    breaks: [3],
    script: peaceful,
    plant: (stage) =>
      bendProviders(stage, (provider) => ({
        async apply(transition, task, ctx) {
          const outcome = await provider.apply(transition, task, ctx);
          if (transition === 'configure') void provider.apply('start', task, ctx);
          return outcome;
        },
      })),
  },
  {
    name: 'retry blindly after an unknown',
    what: 'a call without an answer is made once more, and nobody looks what became of the first',
    breaks: [18],
    script: silent,
    plant: (stage) =>
      bendProviders(stage, (provider, { clock }) => ({
        apply(transition, task, ctx) {
          ctx.cancel.onCancel(() => {
            const again = (): unknown => provider.apply(transition, task, ctx);
            void clock.sleepUntil(clock.monoMs() + givenUpMs, cancelSource().cancel).then(again);
          });
          return provider.apply(transition, task, ctx);
        },
      })),
  },
  {
    name: 'no owner key',
    what: 'what is made does not say whose it is',
    breaks: [1],
    script: peaceful,
    plant: (stage) =>
      bendProviders(stage, (provider) => ({
        apply: (transition, task, ctx) => provider.apply(transition, { ...task, owner: '' as OwnerKey }, ctx),
      })),
  },
  {
    name: 'two actors on one instance',
    what: 'two workers take the same piece of work off the queue',
    breaks: [4],
    script: peaceful,
    plant: (stage) =>
      bendProviders(stage, (provider) => ({
        apply(transition, task, ctx) {
          void provider.apply(transition, task, ctx);
          return provider.apply(transition, task, ctx);
        },
      })),
  },
  {
    name: 'a provider that takes old epochs',
    what: 'what a former controller had sent is still served after its successor has begun',
    breaks: [5],
    script: overtaken,
    // The engine has no part in it: this is what a provider that says `fencing: backend` and does nothing is like.
    plant: ({ world }) =>
      void Object.defineProperty(world.technology, 'epoch', { get: () => 0, set: () => undefined }),
  },
  {
    name: 'repeat with the newest epoch',
    what: 'a controller that was turned away asks again under the epoch of its successor',
    breaks: [5, 18],
    script: overtaken,
    plant: (stage) =>
      bendProviders(stage, (provider) => ({
        async apply(transition, task, ctx): Promise<Outcome> {
          const outcome = await provider.apply(transition, task, ctx);
          if (outcome.kind !== 'failed' || outcome.code !== 'epoch.old') return outcome;
          return provider.apply(transition, task, { ...ctx, epoch: stage.world.technology.epoch });
        },
      })),
  },
  {
    name: 'a lease without fencing',
    what: 'a controller that was paused goes on as if it still had the domain, and nobody refuses it',
    breaks: [4, 5],
    script: contested,
    plant(stage) {
      Object.defineProperty(stage.world.technology, 'epoch', { get: () => 0, set: () => undefined });
      bendPorts(stage, ({ refs }) => {
        let held: Promise<string | null> | null = null;
        return {
          refs: {
            ...refs,
            read: (ref) => (ref === statusRef ? (held ??= refs.read(ref)) : refs.read(ref)),
            async compareAndSwap(ref, from, to) {
              const swapped = await refs.compareAndSwap(ref, from, to);
              // Who has lost a race looks at nothing but what he wrote himself.
              if (swapped.kind === 'swapped') held = null;
              return swapped;
            },
          },
        };
      });
    },
  },
  {
    name: 'react to events only',
    what: 'what nobody told of is not looked at again',
    breaks: [6, 7, 9, 14],
    script: drifting,
    plant: (stage) =>
      bendProviders(stage, (provider) => {
        const told = new Set<InstanceId>();
        const known = new Map<InstanceId, Observation>();
        return {
          async observe(refs, ctx) {
            const asked = refs.filter(({ id }) => told.delete(id) || !known.has(id));
            for (const one of asked.length === 0 ? [] : await provider.observe(asked, ctx))
              known.set(one.id, one);
            return refs.map(({ id }) => known.get(id) as Observation);
          },
          apply(transition, task, ctx) {
            told.add(task.id);
            return provider.apply(transition, task, ctx);
          },
          ...(provider.watch === undefined
            ? {}
            : {
                watch: (owner, notify, cancel) =>
                  (provider.watch as NonNullable<typeof provider.watch>)(
                    owner,
                    (ids) => {
                      for (const id of ids) told.add(id);
                      notify(ids);
                    },
                    cancel,
                  ),
              }),
        };
      }),
  },
  {
    name: 'a revert that forgets deletions',
    what: 'what the commit before had added is forgotten, and not taken away',
    breaks: [1],
    script: removing,
    plant: (stage) =>
      bendProviders(stage, (provider) => ({
        apply: (transition, task, ctx) =>
          transition === 'destroy'
            ? Promise.resolve<Outcome>({ kind: 'done', observation: null })
            : provider.apply(transition, task, ctx),
      })),
  },
  {
    name: 'log a token',
    what: 'the configuration of what is begun stands in the log, its secrets in it',
    breaks: [19],
    script: peaceful,
    plant: (stage) =>
      bendProviders(stage, (provider, { log }) => ({
        apply(transition, task, ctx) {
          log.write('debug', safe(`${transition} with`), {
            configuration: JSON.stringify(task.configuration),
          });
          return provider.apply(transition, task, ctx);
        },
      })),
  },
  {
    name: 'destroy on unknown',
    what: 'what does not answer is taken away',
    breaks: [3, 18],
    script: silent,
    plant: (stage) =>
      bendProviders(stage, (provider) => ({
        apply(transition, task, ctx) {
          ctx.cancel.onCancel(() => void provider.apply('destroy', task, ctx));
          return provider.apply(transition, task, ctx);
        },
      })),
  },
  {
    name: 'take the order for the deed',
    what: 'a transition counts as done when it was sent',
    breaks: [4, 6, 7, 9],
    script: peaceful,
    plant: (stage) =>
      bendProviders(stage, (provider) => ({
        apply(transition, task, ctx): Promise<Outcome> {
          void provider.apply(transition, task, ctx);
          return Promise.resolve({ kind: 'done', observation: null });
        },
      })),
  },
  {
    name: 'a loop without a pause',
    what: 'whoever waits for the time of the next try is woken at once, and tries again',
    breaks: [20],
    script: peaceful,
    plant: (stage) =>
      bendPorts(stage, ({ clock }) => ({
        clock: { ...clock, sleepUntil: (_atMs, cancel) => clock.sleepUntil(clock.monoMs(), cancel) },
      })),
  },
];
