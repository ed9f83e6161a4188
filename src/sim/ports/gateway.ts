import type { ProviderManifest } from '../../core/base/manifest.js';
import type { ProviderName } from '../../core/base/names.js';
import { safe } from '../../core/base/safe-text.js';
import type { Backend, Outcome, ProviderContext, Providers, RouteTask } from '../../ports/provider.js';
import type { Incarnation } from '../incarnation.js';
import type { Mutation } from '../watcher.js';
import { mutate } from './mutate.js';

const manifest: ProviderManifest = {
  name: 'gateway' as ProviderName,
  protocol: 1,
  summary: 'simulated gateway',
  configuration: null,
  reconfigurable: [],
  reconfigureInterrupts: false,
  capabilities: ['route'],
  fencing: 'backend',
  needs: [],
  portRange: [25_000, 29_999],
};

/** The router in front of everything: it keeps its tables whatever becomes of controllers. */
export function gatewayOf(incarnation: Incarnation): Providers['gateway'] {
  const { technology } = incarnation.world;
  const mutationOf = (
    verb: 'route' | 'unroute',
    key: string,
    about: { readonly ctx: ProviderContext; readonly backends: readonly Backend[] | null },
  ): Mutation => ({
    by: incarnation,
    provider: 'gateway',
    verb,
    key,
    owner: null,
    operation: about.ctx.operation,
    epoch: about.ctx.epoch,
    revision: about.ctx.revision,
    digest: null,
    backends: about.backends,
  });
  const isTaken = ({ key, port }: RouteTask): boolean =>
    [...technology.routes].some(([other, { task }]) => other !== key && task.port === port);
  return {
    manifest,
    routes: (owner) =>
      incarnation.call({
        port: 'provider',
        verb: 'routes',
        key: 'gateway',
        place: 'elsewhere',
        afterMs: incarnation.world.latency('gateway routes'),
        run: () => [...technology.routes.keys()].filter((key) => key.startsWith(owner)).sort(),
      }),
    route: async (task, backends, ctx) => {
      let refused = false;
      const outcome = await mutate(
        incarnation,
        mutationOf('route', task.key, { ctx, backends }),
        () => {
          refused = isTaken(task);
          if (!refused) technology.routes.set(task.key, { task, backends });
          return !refused;
        },
        () => null,
      );
      return refused && outcome.kind === 'done' ? taken(task.port) : outcome;
    },
    unroute: (key, ctx) =>
      mutate(
        incarnation,
        mutationOf('unroute', key, { ctx, backends: null }),
        () => technology.routes.delete(key),
        () => null,
      ),
  };
}

/** As the embedded gateway refuses it: a port is freed by whoever has it, never taken from it. */
function taken(port: number): Outcome {
  return { kind: 'failed', retryable: false, code: 'port.taken', message: safe(`port ${port} is taken`) };
}
