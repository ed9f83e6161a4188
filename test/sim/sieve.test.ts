import { expect, test } from 'vitest';
import type { EnginePorts } from '../../src/engine/ports.js';
import { createHost } from '../../src/entry/sim/host.js';
import type { Observation } from '../../src/ports/provider.js';
import { sieve } from '../../src/sim/suites/sieve/sieve.js';
import { perturbations } from '../../src/sim/suites/sieve/survey.js';
import { playTrace } from '../../src/sim/suites/traces/play.js';
import { traces } from '../../src/sim/suites/traces/traces.js';
import { runSuite } from './support/run-suite.js';

test('what is seen half done, seen too late or never seen changes nothing about the end', async () => {
  const { failures, counters } = await runSuite(sieve, 'tenth');

  expect(failures).toEqual([]);
  for (const perturbation of perturbations)
    expect(counters['perturbation']?.[perturbation], perturbation).toBeGreaterThanOrEqual(10);
}, 240_000);

test('a controller that goes by what it did, not by what is, does not pass: what it lost is never made again', async () => {
  const trace = traces.find(({ name }) => name === 'repair-and-rejected-commit');
  if (trace === undefined) throw new Error('there is no such trace');
  const short = { ...trace, steps: trace.steps.slice(0, 2) };
  const host = createHost();
  const { ending } = await playTrace(short, { host, watchers: [] });
  const stubborn = await playTrace(short, {
    host,
    watchers: [],
    director: ({ world }) => {
      world.wrapPorts = believing;
      return {};
    },
  });

  const api = expect.stringMatching(/^shop\/api .* active$/) as string;
  expect(ending).toContainEqual(api);
  expect(stubborn.ending).not.toBeNull();
  expect(stubborn.ending).not.toContainEqual(api);
}, 240_000);

/** Of each instance what its last own order has left behind. */
function believing(ports: EnginePorts): EnginePorts {
  const { providers } = ports;
  const believed = new Map<string, Observation>();
  return {
    ...ports,
    prober: { probe: () => Promise.resolve({ good: true, detail: ports.redact('200') }) },
    providers: {
      names: () => providers.names(),
      gateway: providers.gateway,
      get(name) {
        const provider = providers.get(name);
        if (provider === null) return null;
        return {
          ...provider,
          async apply(transition, task, ctx) {
            const outcome = await provider.apply(transition, task, ctx);
            if (outcome.kind === 'done' && outcome.observation !== null)
              believed.set(task.id, outcome.observation);
            return outcome;
          },
          async observe(instances, ctx) {
            const seen = await provider.observe(instances, ctx);
            return seen.map((observation) => believed.get(observation.id) ?? observation);
          },
        };
      },
    },
  };
}
