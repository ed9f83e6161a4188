import { expect, it } from 'vitest';
import { cancelSource } from '../../src/ports/clock.js';
import type { Outcome, ProviderContext, RouteTask } from '../../src/ports/provider.js';
import type { EngineOptions } from '../../src/engine/ports.js';
import { Incarnation } from '../../src/sim/incarnation.js';
import type { Machine } from '../../src/sim/machine.js';
import { gatewayOf } from '../../src/sim/ports/gateway.js';
import { OidCache } from '../../src/sim/repository.js';
import { World, type Host } from '../../src/sim/world.js';

const drain = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const host: Host = { drain, oids: new OidCache(), documents: new Map() };

it('takes a port from no listener, as the embedded gateway: whoever has it lets it go first', async () => {
  const world = new World({ seed: 1, weather: {}, latencyMs: 0 }, host);
  const gateway = gatewayOf(new Incarnation(world, { name: 'ctl-1' } as Machine, {} as EngineOptions));
  const context = {
    cancel: cancelSource().cancel,
    timeoutMs: 1_000,
    operation: null,
    epoch: 1,
    revision: null,
  } as unknown as ProviderContext;
  const told = async (call: Promise<Outcome> | undefined): Promise<Outcome | undefined> => {
    while (await world.step());
    return call;
  };
  const task = (key: string): RouteTask => ({ key, scheme: 'http', address: '127.0.0.1', port: 8_000 });

  expect(await told(gateway.route?.(task('d:shop/old#expose'), [], context))).toMatchObject({ kind: 'done' });
  const refused = await told(gateway.route?.(task('d:shop/new#expose'), [], context));
  expect(refused).toMatchObject({ kind: 'failed', code: 'port.taken', retryable: false });
  expect([...world.technology.routes.keys()]).toEqual(['d:shop/old#expose']);

  await told(gateway.unroute?.('d:shop/old#expose', context));
  expect(await told(gateway.route?.(task('d:shop/new#expose'), [], context))).toMatchObject({ kind: 'done' });
  expect([...world.technology.routes.keys()]).toEqual(['d:shop/new#expose']);
});
