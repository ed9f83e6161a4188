import { describe, expect, it } from 'vitest';
import type { ElementSpec } from '../../support/desired.js';
import { change, deployed, go, modelOf, stepsOf } from '../../support/deployed.js';
import { SmallWorld } from '../../support/small-world/world.js';

const count = (value: number) => ({ kind: 'count' as const, value });

const chain: readonly ElementSpec[] = [
  { name: 'orders' },
  { name: 'store', needs: [{ element: 'orders' }] },
  { name: 'api', needs: [{ element: 'store' }], size: 3 },
  { name: 'web', needs: [{ element: 'api' }] },
];

function edited(specs: readonly ElementSpec[], name: string, edit: Partial<ElementSpec>): ElementSpec[] {
  return specs.map((spec) => (spec.name === name ? { ...spec, ...edit } : spec));
}

function before(steps: readonly string[], first: string, second: string): void {
  expect(steps).toContain(first);
  expect(steps).toContain(second);
  expect(steps.indexOf(first), `${first} before ${second}`).toBeLessThan(steps.indexOf(second));
}

describe('a first deployment', () => {
  it('starts providers before consumers', () => {
    const foreseen = new SmallWorld(1).preview(modelOf(chain));
    expect(foreseen.ends).toBe(true);
    expect(stepsOf(foreseen, 'start')).toEqual([
      'start orders 1.0.0/0',
      'start store 1.0.0/0',
      'start api 1.0.0/0',
      'start api 1.0.0/1',
      'start api 1.0.0/2',
      'start web 1.0.0/0',
    ]);
    deployed(chain);
  });

  it('creates nothing before its context is active, and many at once then', () => {
    const specs: ElementSpec[] = [
      { name: 'host', size: 2 },
      { name: 'app', size: 4, needs: [{ element: 'host', type: 'context' }] },
    ];
    const foreseen = new SmallWorld(1).preview(modelOf(specs));
    const steps = stepsOf(foreseen);
    for (const ordinal of [0, 1, 2, 3]) before(steps, 'start host 1.0.0/0', `create app 1.0.0/${ordinal}`);
    const world = deployed(specs.slice(0, 1));
    go(world, modelOf(specs));
    const loads = [...world.instances()].map(
      (instance) => Object.values(instance.runtime?.placement ?? {})[0],
    );
    expect(loads.filter((on) => on?.endsWith('/0'))).toHaveLength(2);
    expect(loads.filter((on) => on?.endsWith('/1'))).toHaveLength(2);
  });

  it('of size 0 ends at once and leaves nothing', () => {
    const world = deployed([{ name: 'api', size: 0 }]);
    expect(world.truth.resources.size).toBe(0);
  });

  it('of many ends', () => {
    const many = Array.from({ length: 60 }, (_, i) => ({
      name: `e${i}`,
      size: 2,
      needs: i === 0 ? [] : [{ element: `e${Math.floor(i / 3)}` }].filter((need) => need.element !== `e${i}`),
    }));
    expect(new SmallWorld(1).preview(modelOf(many)).ends).toBe(true);
    expect(deployed(many).truth.resources.size).toBe(120);
  });
});

describe('a rolling upgrade', () => {
  const combinations = [0, 1, 2, 3].flatMap((surge) =>
    [0, 1, 2, 3].flatMap((unavailable) =>
      [0, 1, 2, 3, 4, 5, 6].map((size): [number, number, number] => [size, surge, unavailable]),
    ),
  );

  it.each(combinations)(
    'of %i with surge %i and %i unavailable stays between floor and ceiling',
    (size, surge, unavailable) => {
      const api = {
        name: 'api',
        size,
        rollout: { maxSurge: count(surge), maxUnavailable: count(unavailable), allowDowntime: true },
      };
      const { ends, preview } = change([api], [{ ...api, version: '2.0.0' }]);
      const mayMiss = surge === 0 && unavailable === 0 ? 1 : unavailable;
      expect(ends).toBe(true);
      expect(preview.minHealthy['shop/api' as never] ?? 0).toBeGreaterThanOrEqual(
        Math.max(0, size - mayMiss),
      );
      expect(preview.peak['shop/api' as never] ?? 0).toBeLessThanOrEqual(size + surge);
    },
  );

  it('counts percentages of the size, surge rounded up and unavailable down', () => {
    const percent = (value: number) => ({ kind: 'percent' as const, value });
    const api = {
      name: 'api',
      size: 3,
      rollout: { maxSurge: percent(10), maxUnavailable: percent(30) },
    };
    const { preview } = change([api], [{ ...api, version: '2.0.0' }]);
    expect(preview.peak['shop/api' as never]).toBe(4);
    expect(preview.minHealthy['shop/api' as never]).toBe(3);
  });

  it('waits until the new one was well for minHealthyTime before the old one leaves', () => {
    const api = { name: 'api', rollout: { minHealthyTimeMs: 7_000, drainDelayMs: 0 } };
    const { preview } = change([api], [{ ...api, version: '2.0.0' }]);
    const started = preview.steps.find((step) => step.transition === 'start')?.atMs ?? 0;
    const stopped = preview.steps.find((step) => step.transition === 'stop')?.atMs ?? 0;
    expect(stopped - started).toBeGreaterThanOrEqual(7_000);
  });

  it('drains for drainDelay between leaving the rotation and the stop', () => {
    const specs = (version: string): ElementSpec[] => [
      { name: 'api', version, expose: 8080, rollout: { drainDelayMs: 9_000, minHealthyTimeMs: 0 } },
    ];
    const world = deployed(specs('1.0.0'));
    const log = go(world, modelOf(specs('2.0.0')));
    const at = (text: string): number => Number(log.find((line) => line.includes(text))?.split(' ')[0]);
    expect(at('"transition":"stop"') - at('instance.draining')).toBeGreaterThanOrEqual(9_000);
  });

  it('stops the highest ordinal first, and shrinks last', () => {
    const api = { name: 'api', size: 3 };
    const foreseen = change([api], [{ ...api, version: '2.0.0' }]);
    expect(stepsOf(foreseen, 'start', 'stop')).toEqual([
      'start api 2.0.0/0',
      'stop api 1.0.0/2',
      'start api 2.0.0/1',
      'stop api 1.0.0/1',
      'start api 2.0.0/2',
      'stop api 1.0.0/0',
    ]);
  });

  it('replaces a generation as it does a version', () => {
    const api = { name: 'api', size: 2 };
    const foreseen = change([api], [{ ...api, generation: '11111111' }]);
    expect(foreseen.ends).toBe(true);
    expect(stepsOf(foreseen, 'start')).toHaveLength(2);
  });

  it('goes to another size at once: the floor is of the old size until every new one is well', () => {
    const api = { name: 'api', size: 4 };
    const down = change([api], [{ ...api, version: '2.0.0', size: 2 }]);
    expect(down.ends).toBe(true);
    expect(down.preview.minHealthy['shop/api' as never]).toBe(2);
    expect(down.preview.peak['shop/api' as never]).toBe(5);
    const up = change([api], [{ ...api, version: '2.0.0', size: 6 }]);
    expect(up.preview.minHealthy['shop/api' as never]).toBe(4);
    expect(up.preview.peak['shop/api' as never]).toBeLessThanOrEqual(7);
  });
});

describe('a change of size', () => {
  it.each([
    [1, 5],
    [5, 1],
    [3, 0],
    [0, 3],
  ])('from %i to %i starts or stops the difference alone', (from, to) => {
    const foreseen = change([{ name: 'api', size: from }], [{ name: 'api', size: to }]);
    expect(foreseen.ends).toBe(true);
    expect(stepsOf(foreseen, 'start')).toHaveLength(Math.max(0, to - from));
    expect(stepsOf(foreseen, 'stop')).toHaveLength(Math.max(0, from - to));
    expect(foreseen.preview.minHealthy['shop/api' as never]).toBe(Math.min(from, to));
  });
});

describe('recreate', () => {
  it('has no new instance live beside an old one', () => {
    const api: ElementSpec = {
      name: 'api',
      size: 2,
      rollout: { strategy: 'recreate', allowDowntime: true },
    };
    const foreseen = change([api], [{ ...api, version: '2.0.0' }]);
    const steps = stepsOf(foreseen, 'start', 'stop');
    expect(steps.slice(0, 2).every((step) => step.startsWith('stop'))).toBe(true);
    expect(steps.slice(2).every((step) => step.startsWith('start'))).toBe(true);
    expect(foreseen.preview.peak['shop/api' as never]).toBe(2);
  });
});

describe('retiring', () => {
  it('takes a chain down backwards, and no provider goes while a consumer runs', () => {
    const foreseen = change(chain, [{ name: 'other' }]);
    expect(foreseen.ends).toBe(true);
    expect(stepsOf(foreseen, 'stop').map((step) => step.split(' ')[1])).toEqual([
      'web',
      'api',
      'api',
      'api',
      'store',
      'orders',
    ]);
  });

  it('stops what lives on a context before the context', () => {
    const specs: ElementSpec[] = [
      { name: 'a-host' },
      { name: 'b-app', needs: [{ element: 'a-host', type: 'context' }] },
      { name: 'z' },
    ];
    const steps = stepsOf(change(specs, [{ name: 'z' }]));
    before(steps, 'destroy b-app 1.0.0/0', 'stop a-host 1.0.0/0');
  });
});

describe('a context', () => {
  const on = (version: string, size = 1): ElementSpec[] => [
    { name: 'host', version, size },
    {
      name: 'app',
      size: 2,
      generation: version === '1.0.0' ? '11111111' : '22222222',
      needs: [{ element: 'host', type: 'context' }],
    },
  ];

  it('is upgraded side by side: what lives on it is made anew on the new one, then the old one goes', () => {
    const foreseen = change(on('1.0.0'), on('2.0.0'));
    const steps = stepsOf(foreseen);
    expect(foreseen.ends).toBe(true);
    before(steps, 'start host 2.0.0/0', 'stop app 1.0.0/1');
    before(steps, 'stop app 1.0.0/1', 'stop host 1.0.0/0');
    expect(foreseen.preview.minHealthy['shop/app' as never]).toBe(2);
  });

  it.each([
    ['recreate', { strategy: 'recreate' as const, allowDowntime: true }],
    ['no surge', { maxSurge: count(0), maxUnavailable: count(1), allowDowntime: true }],
  ])('is upgraded side by side with %s too, or both would wait for each other', (_name, rollout) => {
    const specs = (version: string): ElementSpec[] => edited(on(version), 'host', { rollout });
    expect(change(specs('1.0.0'), specs('2.0.0')).ends).toBe(true);
  });

  it('that shrinks gives up what lives on it, one at a time', () => {
    const world = deployed(on('1.0.0', 2).slice(0, 1));
    go(world, modelOf(on('1.0.0', 2)));
    const foreseen = world.preview(modelOf(on('1.0.0', 1)));
    go(world, modelOf(on('1.0.0', 1)));
    const steps = stepsOf(foreseen);
    expect(foreseen.ends).toBe(true);
    expect(foreseen.preview.minHealthy['shop/app' as never]).toBe(1);
    before(steps, 'destroy app 1.0.0/1', 'stop host 1.0.0/1');
  });
});

describe('versions between elements', () => {
  const pair = (version: string, range: string): ElementSpec[] => [
    { name: 'store', version, size: 2 },
    { name: 'api', version, size: 2, needs: [{ element: 'store', range }] },
  ];

  it('first row: the provider goes first where it serves the old consumer', () => {
    const steps = stepsOf(change(pair('1.0.0', '>=1 <3'), pair('2.0.0', '^2')));
    before(steps, 'start store 2.0.0/1', 'start api 2.0.0/0');
  });

  it('second row: the consumer goes first where only the old provider serves it', () => {
    const steps = stepsOf(change(pair('1.0.0', '^1'), pair('2.0.0', '>=1 <3')));
    before(steps, 'stop api 1.0.0/0', 'stop store 1.0.0/0');
  });

  it.each([
    [0, 1],
    [1, 0],
    [1, 1],
    [2, 2],
  ])('both rows end whatever the room (surge %i, unavailable %i)', (surge, unavailable) => {
    const rollout = { maxSurge: count(surge), maxUnavailable: count(unavailable), allowDowntime: true };
    const roomy = (specs: ElementSpec[]): ElementSpec[] => specs.map((spec) => ({ ...spec, rollout }));
    expect(change(roomy(pair('1.0.0', '>=1 <3')), roomy(pair('2.0.0', '^2'))).ends).toBe(true);
    expect(change(roomy(pair('1.0.0', '^1')), roomy(pair('2.0.0', '>=1 <3'))).ends).toBe(true);
  });
});

describe('a change in place', () => {
  const api = (value: string): ElementSpec => ({
    name: 'api',
    size: 3,
    configuration: { kind: 'literal', value: { level: value } },
  });

  it('reconfigures what runs, and starts nothing', () => {
    const foreseen = change([api('info')], [api('debug')]);
    expect(foreseen.ends).toBe(true);
    expect(stepsOf(foreseen)).toEqual([
      'reconfigure api 1.0.0/0',
      'reconfigure api 1.0.0/1',
      'reconfigure api 1.0.0/2',
    ]);
  });

  it('reaches one instance after the other: what does harm must not reach all of them at once', () => {
    const { preview } = change([api('info')], [api('debug')]);
    const begun = preview.steps.map(({ atMs }) => atMs);
    expect(new Set(begun).size).toBe(3);
  });

  it('of an exposed port moves the listener and touches no instance', () => {
    const world = deployed([{ name: 'api', expose: 8080 }]);
    const log = go(world, modelOf([{ name: 'api', expose: 9090 }]));
    expect(log.some((line) => line.includes('operation.begun'))).toBe(false);
    const listeners = world.state.tables.solutions
      .get('shop' as never)
      ?.elements.get('api' as never)?.listeners;
    expect([...(listeners?.values() ?? [])].map((listener) => listener.port)).toEqual([9090]);
  });

  it('lets two elements exchange their exposed ports', () => {
    const ports = (a: number, b: number): ElementSpec[] => [
      { name: 'a', expose: a },
      { name: 'b', expose: b },
    ];
    const world = deployed(ports(26_000, 26_001));
    go(world, modelOf(ports(26_001, 26_002)));
    expect(
      [...world.state.tables.ports.keys()].filter((port) => port >= 25_000).sort((a, b) => a - b),
    ).toEqual([26_001, 26_002]);
  });
});

describe('a provider that gets a consumer more', () => {
  it('keeps serving those that it has while the new listener is told', () => {
    const specs: ElementSpec[] = [
      { name: 'store', size: 2 },
      { name: 'api', needs: [{ element: 'store', range: '^1' }] },
    ];
    const foreseen = change(specs, [
      ...edited(specs, 'store', { size: 1 }),
      { name: 'web', needs: [{ element: 'store', range: '>=1' }] },
    ]);
    expect(foreseen.ends).toBe(true);
    expect(foreseen.preview.minHealthy['shop/store' as never]).toBeGreaterThanOrEqual(1);
  });
});

describe('a consumer that goes', () => {
  it('leaves no listener behind at the provider that stays', () => {
    const world = deployed(chain);
    go(world, modelOf(chain.slice(0, 3)));
    const api = world.state.tables.solutions.get('shop' as never)?.elements.get('api' as never);
    expect(api?.listeners.size).toBe(0);
  });
});
