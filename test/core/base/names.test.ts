import { expect, it } from 'vitest';
import type { BindingKey, DomainId, ElementKey } from '../../../src/core/base/names.js';
import { listenerName, listenerOf, routeKey, splitRouteKey } from '../../../src/core/base/names.js';

const id = '1558a15b55c5c521' as DomainId;
const element = 'shop/api' as ElementKey;

it.each(['expose', '*', '>=1.1 <4', '>=1 <2 || >=3'] as BindingKey[])(
  'a router’s key says which listener it means, and of which domain: %s',
  (binding) => {
    const key = routeKey(id, element, binding);
    expect(key).toBe(`${id}:shop/api#${binding}`);
    expect(splitRouteKey(key)).toEqual({ element, binding });
    expect(listenerOf(key)).toBe(listenerName(element, binding));
  },
);

it.each(['', 'shop/api', `${id}:shop/api`, `${id}:#expose`])('%j is no key of a router', (key) => {
  expect(splitRouteKey(key)).toBeNull();
});
