import { describe, expect, it } from 'vitest';
import type { ElementKey } from '../../../src/core/base/names.js';
import type { DesiredDomain } from '../../../src/core/graph/types.js';
import { boundReason } from '../../../src/entry/operations/work/bound.js';
import { desiredElement, domain, shop, type ElementSpec } from '../../support/desired.js';

/** A shop of these elements; a provider `fake` that has nothing to send requests with, unless it is said to. */
function reason(
  specs: readonly (ElementSpec & { readonly provider?: string })[],
  routes = false,
): string | null {
  const elements = specs.map((spec) => {
    const element = desiredElement(spec);
    const clusters = element.clusters.map((cluster) => ({
      ...cluster,
      definition: { ...cluster.definition, provider: (spec.provider ?? 'fake') as never },
    }));
    return { ...element, clusters };
  });
  const consumers = (key: ElementKey): readonly ElementKey[] =>
    specs
      .filter(({ needs = [] }) => needs.some((need) => `${shop}/${need.element}` === key))
      .map(({ name }) => `${shop}/${name}` as ElementKey);
  const solution = {
    name: shop,
    file: 'solutions/shop.yaml',
    elements: new Map(elements.map((element) => [element.name, element])),
    digest: '1:0' as never,
  };
  const desired: DesiredDomain = {
    name: domain,
    folder: '',
    solutions: new Map([[shop, solution]]),
    consumers,
  };
  return boundReason(desired, { get: () => (routes ? { route: () => undefined } : {}) });
}

describe('what a runner that is gone after its job cannot apply', () => {
  it('is a process, which would be gone with it', () => {
    expect(reason([{ name: 'api', provider: 'process' }])).toMatch(
      /^shop\/api \(.+:\d+\) is of provider process/,
    );
  });

  it('is what others reach through the gateway, which would be gone with it too', () => {
    const pair = [{ name: 'db' }, { name: 'api', needs: [{ element: 'db' }] }];
    expect(reason(pair)).toContain('shop/db');
    expect(reason(pair)).toContain('is reached through the gateway');
    expect(reason([{ name: 'api', expose: 8080 }])).toContain('gateway');
  });

  it('is nothing that nobody reaches, that has an address of its own, or whose provider routes by itself', () => {
    expect(reason([{ name: 'api' }])).toBeNull();
    expect(reason([{ name: 'api', expose: 8080, plainEndpoint: true }])).toBeNull();
    expect(reason([{ name: 'api', expose: 8080 }], true)).toBeNull();
  });
});
