import { describe, expect, it } from 'vitest';
import type { DesiredElement, DesiredSolution } from '../../../src/core/base/desired.js';
import { digestOf } from '../../../src/core/base/digest.js';
import type { ElementKey, Revision, SolutionName } from '../../../src/core/base/names.js';
import { splitElementKey } from '../../../src/core/base/names.js';
import type { PlanInput } from '../../../src/core/plan/input.js';
import { makePlan } from '../../../src/core/plan/plan.js';
import type { Plan } from '../../../src/core/plan/types.js';
import type { ElementSpec } from '../../support/desired.js';
import { desiredElement, domain, shop } from '../../support/desired.js';
import type { Model } from '../../support/small-world/generate.js';
import { bySolution } from '../../support/small-world/generate.js';

function modelOf(specs: readonly ElementSpec[], solution: SolutionName = shop): Model {
  return bySolution(specs.map((spec) => desiredElement(spec, solution)));
}

function planOf(before: Model, after: Model, about: Partial<PlanInput> = {}): Plan {
  const find = (model: Model, key: ElementKey): DesiredElement | null => {
    const { solution, element } = splitElementKey(key);
    return model.get(solution)?.elements.get(element) ?? null;
  };
  return makePlan({
    domain,
    revision: 'r2' as Revision,
    from: 'r1' as Revision,
    basis: { kind: 'live', atMs: 0 },
    scope: [...new Set([...before.keys(), ...after.keys()])].sort(),
    desired: (name): DesiredSolution | null => after.get(name) ?? null,
    held: (name) => before.get(name)?.elements ?? new Map(),
    staying: () => [],
    after: (key) => find(after, key),
    drift: () => null,
    observed: () => null,
    isWholeDomain: () => true,
    ...about,
  });
}

const nothing: Model = new Map();
const chain: readonly ElementSpec[] = [
  { name: 'orders' },
  { name: 'store', needs: [{ element: 'orders' }] },
  { name: 'api', needs: [{ element: 'store' }], size: 3 },
  { name: 'web', needs: [{ element: 'api' }] },
];

function edited(name: string, change: Partial<ElementSpec>): ElementSpec[] {
  return chain.map((spec) => (spec.name === name ? { ...spec, ...change } : spec));
}

describe('a plan is a function of its inputs', () => {
  it('gives the same bytes for the same inputs, or nobody could approve a digest', () => {
    const before = modelOf(chain);
    const after = modelOf(edited('api', { version: '2.0.0' }));
    expect(JSON.stringify(planOf(before, after))).toBe(JSON.stringify(planOf(before, after)));
  });

  it('has one digest whatever the revision, time and basis: before the merge and after it', () => {
    const before = modelOf(chain);
    const after = modelOf(edited('api', { version: '2.0.0' }));
    const one = planOf(before, after);
    const other = planOf(before, after, {
      revision: 'r9' as Revision,
      from: null,
      basis: { kind: 'status', atMs: 99 },
    });
    expect(other.digest).toBe(one.digest);
    expect(other.seal).not.toBe(one.seal);
  });

  it('has one digest wherever the lines stand: moving a file is no change', () => {
    const after = modelOf(edited('api', { version: '2.0.0' }));
    const moved: Model = bySolution(
      [...after.values()].flatMap((solution) =>
        [...solution.elements.values()].map((element) => ({
          ...element,
          position: { file: 'elsewhere.yaml', line: 7, column: 3 },
        })),
      ),
    );
    expect(planOf(modelOf(chain), moved).digest).toBe(planOf(modelOf(chain), after).digest);
  });

  it('has another digest when a size, a version or a range differs', () => {
    const before = modelOf(chain);
    const digests = [
      edited('api', { version: '2.0.0' }),
      edited('api', { version: '2.0.1' }),
      edited('api', { size: 4 }),
      edited('api', { needs: [{ element: 'store', range: '>=1' }] }),
    ].map((specs) => planOf(before, modelOf(specs)).digest);
    expect(new Set(digests).size).toBe(digests.length);
  });

  it('seals what it was made from: another observation of a neighbour breaks the seal, not the digest', () => {
    const before = modelOf(chain);
    const after = modelOf(edited('api', { version: '2.0.0' }));
    const one = planOf(before, after);
    const other = planOf(before, after, {
      observed: (key) => (key === 'shop/store' ? 'another' : null),
    });
    const distant = planOf(before, after, {
      observed: (key) => (key === 'shop/orders' ? 'another' : null),
    });
    expect(other.digest).toBe(one.digest);
    expect(other.seal).not.toBe(one.seal);
    expect(distant.seal).toBe(one.seal);
  });

  it('plans nothing where nothing changes', () => {
    const plan = planOf(modelOf(chain), modelOf(chain));
    expect(plan.changes).toEqual([]);
    expect(plan.solutions).toEqual([]);
    expect(Object.values(plan.summary).every((count) => count === 0)).toBe(true);
  });
});

describe('actions', () => {
  const api: ElementSpec = { name: 'api', size: 3 };
  it.each<[string, ElementSpec | null, ElementSpec | null, string, boolean]>([
    ['is new', null, api, 'create', false],
    ['is gone', api, null, 'retire', true],
    ['another version', api, { ...api, version: '2.0.0' }, 'update', false],
    ['version and size at once is an update', api, { ...api, version: '2.0.0', size: 5 }, 'update', false],
    ['a generation of its own', api, { ...api, generation: '11111111' }, 'replace', false],
    ['more of it', api, { ...api, size: 5 }, 'scale', false],
    ['less of it goes without a successor', api, { ...api, size: 1 }, 'scale', true],
    ['another policy', api, { ...api, rollout: { drainDelayMs: 9 } }, 'reconfigure', false],
    ['another exposed port', api, { ...api, expose: 8080 }, 'reconfigure', false],
  ])('%s', (_why, before, after, action, destroysData) => {
    const plan = planOf(
      modelOf(before === null ? [] : [before]),
      modelOf(after === null ? [{ name: 'other' }] : [after, { name: 'other' }]),
    );
    const change = plan.changes.find((candidate) => candidate.element === 'shop/api');
    expect(change).toMatchObject({ action, destroysData });
    expect(change?.reason).not.toBe('');
    expect(plan.summary[change?.action ?? 'move']).toBeGreaterThan(0);
  });

  it('says what somebody changed by hand, as a repair that needs no rollout', () => {
    const plan = planOf(modelOf(chain), modelOf(chain), {
      drift: (key) => (key === 'shop/api' ? '1.0.0 #0 is gone' : null),
    });
    expect(plan.changes).toMatchObject([
      { element: 'shop/api', action: 'repair', reason: '1.0.0 #0 is gone' },
    ]);
    expect(plan.solutions).toEqual([]);
  });
});

describe('what a plan shows', () => {
  const secret = (name: string): ElementSpec => ({
    name: 'api',
    configuration: {
      kind: 'map',
      entries: {
        password: { kind: 'reference', reference: { of: 'secret', name } },
        url: {
          kind: 'text',
          segments: ['postgres://', { of: 'secret', name }, '@', { of: 'instance', field: 'address' }],
        },
      },
    },
  });

  it('names a secret and never shows what it is', () => {
    const plan = planOf(modelOf([secret('old')]), modelOf([secret('new')]));
    expect(plan.changes[0]?.values).toEqual([
      { path: 'configuration.password', before: '${secrets.old}', after: '${secrets.new}' },
      {
        path: 'configuration.url',
        before: 'postgres://${secrets.old}@${instance.address}',
        after: 'postgres://${secrets.new}@${instance.address}',
      },
    ]);
  });

  it('names each value that differs, by its path', () => {
    const with8080 = { name: 'api', expose: 8080 };
    const plan = planOf(modelOf([{ name: 'api' }]), modelOf([with8080]));
    expect(plan.changes[0]?.values).toEqual([{ path: 'expose.port', before: undefined, after: 8080 }]);
  });

  it('names the step of a canary that differs, and nothing of the others', () => {
    const canary = (second: number): ElementSpec => ({
      name: 'api',
      size: 4,
      rollout: {
        strategy: 'canary',
        canary: [1, second].map((value) => ({ share: { kind: 'count', value }, pauseMs: 0, gates: [] })),
      },
    });
    const plan = planOf(modelOf([canary(2)]), modelOf([canary(3)]));
    expect(plan.changes[0]?.values).toEqual([{ path: 'rollout.canary.2.count', before: 2, after: 3 }]);
  });
});

describe('order', () => {
  it('puts providers first in a first deployment', () => {
    expect(planOf(nothing, modelOf(chain)).order).toEqual([
      'shop/orders',
      'shop/store',
      'shop/api',
      'shop/web',
    ]);
  });

  it('takes a chain down backwards', () => {
    const plan = planOf(modelOf(chain), nothing, { isWholeDomain: () => false });
    expect(plan.order).toEqual(['shop/web', 'shop/api', 'shop/store', 'shop/orders']);
  });

  it('lets a consumer go on before the provider that it leaves is retired', () => {
    const before: ElementSpec[] = [{ name: 'a-old' }, { name: 'z', needs: [{ element: 'a-old' }] }];
    const plan = planOf(modelOf(before), modelOf([{ name: 'z', version: '2.0.0' }]));
    expect(plan.order).toEqual(['shop/z', 'shop/a-old']);
  });

  it('puts the consumer first where only the old provider serves the new consumer', () => {
    const at = (version: string, range: string): Model =>
      modelOf([
        { name: 'a-store', version },
        { name: 'z-api', version, needs: [{ element: 'a-store', range }] },
      ]);
    expect(planOf(at('1.0.0', '^1'), at('2.0.0', '>=1 <3')).order).toEqual(['shop/z-api', 'shop/a-store']);
    expect(planOf(at('1.0.0', '>=1 <3'), at('2.0.0', '^2')).order).toEqual(['shop/a-store', 'shop/z-api']);
  });
});

describe('a commit that removes everything', () => {
  it('is held: that is what down is for', () => {
    const plan = planOf(modelOf(chain), nothing);
    expect(plan.holds).toMatchObject([{ code: 'plan.everythingRemoved' }]);
    expect(plan.holds[0]?.command).toContain('plan.everythingRemoved');
  });

  it('is not held if something of the domain goes on', () => {
    expect(planOf(modelOf(chain), nothing, { isWholeDomain: () => false }).holds).toEqual([]);
    expect(planOf(modelOf(chain), modelOf([{ name: 'web' }])).holds).toEqual([]);
  });

  it('is not held where nothing ran', () => {
    expect(planOf(nothing, nothing).holds).toEqual([]);
  });
});

describe('a thousand elements', () => {
  const layered: ElementSpec[] = Array.from({ length: 1_000 }, (_, i) => ({
    name: `e${String(i).padStart(4, '0')}`,
    needs: [50, 51, 75]
      .filter((back) => i >= back)
      .map((back) => ({ element: `e${String(i - back).padStart(4, '0')}` })),
  }));

  it('are ordered so that no element comes before what it needs', () => {
    const after = modelOf(layered);
    const plan = planOf(nothing, after);
    const place = new Map(plan.order.map((key, i) => [key, i]));
    expect(plan.order.length).toBe(1_000);
    for (const change of plan.changes)
      for (const { provider } of change.after?.ranges ?? [])
        expect(place.get(provider) ?? -1).toBeLessThan(place.get(change.element) ?? -1);
    expect(plan.summary.create).toBe(1_000);
  });

  it('of which one changes give one change', () => {
    const changed = layered.map((spec, i) => (i === 500 ? { ...spec, version: '2.0.0' } : spec));
    const plan = planOf(modelOf(layered), modelOf(changed));
    expect(plan.changes.map((change) => change.element)).toEqual(['shop/e0500']);
    expect(plan.digest).not.toBe(digestOf(null));
  });
});
