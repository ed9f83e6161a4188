import { expect, test } from 'vitest';
import type { EnginePorts } from '../../src/engine/ports.js';
import { createHost } from '../../src/entry/sim/host.js';
import { crashPoints } from '../../src/sim/suites/crash/crash-points.js';
import { Crash } from '../../src/sim/suites/crash/crash.js';
import { positions } from '../../src/sim/suites/crash/points.js';
import { differenceOf } from '../../src/sim/suites/traces/ending.js';
import { playTrace } from '../../src/sim/suites/traces/play.js';
import type { Call } from '../../src/sim/watcher.js';
import { traces } from '../../src/sim/suites/traces/traces.js';
import { runSuite } from './support/run-suite.js';

test('wherever the controller dies, it ends as if it had never died', async () => {
  const { failures, counters } = await runSuite(crashPoints, 'tenth');

  expect(failures).toEqual([]);
  for (const position of positions)
    expect(counters['crash position']?.[position], `deaths ${position}`).toBeGreaterThan(0);
}, 240_000);

test('every clean trace comes to its end by itself, and twice to the same: else nothing could be learned from it', async () => {
  const host = createHost();
  for (const trace of traces) {
    const [first, second] = [
      await playTrace(trace, { host, watchers: [] }),
      await playTrace(trace, { host, watchers: [] }),
    ];
    expect(first.violation, trace.name).toBeNull();
    expect(differenceOf(first.ending ?? [], second.ending ?? [])).toBeNull();
  }
}, 240_000);

test('a controller whose second life does something else does not pass: its listener leads nowhere', async () => {
  const host = createHost();
  const [trace] = traces;
  if (trace === undefined) throw new Error('there is no trace');
  const routed: Call[] = [];
  const called = (_: unknown, call: Call): void => void (call.verb === 'route' && routed.push(call));
  const unbroken = await playTrace(trace, { host, watchers: [() => ({ called })] });
  const [call] = routed;
  if (call === undefined) throw new Error('nothing is routed');
  const crash = new Crash({ incarnation: 1, call, side: 'before', end: 'process' });
  const forgetful = await playTrace(trace, {
    host,
    watchers: [],
    director: ({ world }) => {
      world.wrapPorts = (ports, { number }) => (number > 1 ? withoutRoutes(ports) : ports);
      return crash;
    },
  });

  expect(unbroken.ending).not.toBeNull();
  expect(differenceOf(unbroken.ending ?? [], forgetful.ending ?? [])).toContain('route shop/db');
}, 240_000);

/** Says that it routes, and does not. */
function withoutRoutes(ports: EnginePorts): EnginePorts {
  const { providers } = ports;
  const route = () => Promise.resolve({ kind: 'done' as const, observation: null });
  return {
    ...ports,
    providers: {
      get: (name) => providers.get(name),
      names: () => providers.names(),
      gateway: { ...providers.gateway, route },
    },
  };
}
