import { describe, expect, it } from 'vitest';
import type { ElementName } from '../../../src/core/base/names.js';
import { encodeSolution } from '../../../src/core/rollout/encode.js';
import { overlayOn } from '../../../src/core/rollout/overlay.js';
import { simulate } from '../../../src/core/rollout/preview.js';
import type { Tables } from '../../../src/core/rollout/tables.js';
import { elementAt, emptyTables, evolveTables } from '../../../src/core/rollout/tables.js';
import { desiredElement, domain, plannedEntry, shop, worldOver } from '../../support/desired.js';

const place = { stream: 's', sequence: 1, epoch: 1, at: 0, wallMs: 0 };
const store = desiredElement({ name: 'store' });
const api = desiredElement({ name: 'api', needs: [{ element: 'store' }] });

function planned(): Tables {
  const tables = emptyTables(domain);
  evolveTables(tables, shop, plannedEntry([store, api]), place);
  return tables;
}

function imageOf(tables: Tables): unknown {
  return {
    solutions: [...tables.solutions.values()].map(encodeSolution),
    consumers: [...tables.consumers].map(([key, consumers]) => [key, [...consumers].sort()]),
    providers: [...tables.providers],
    dependents: [...tables.dependents],
    ports: [...tables.ports],
  };
}

describe('tables to try things out on', () => {
  it('never change what is below, however much is tried: a preview must leave no trace', () => {
    const tables = planned();
    const before = JSON.stringify(imageOf(tables));
    const retire = plannedEntry([desiredElement({ name: 'store', version: '2.0.0' })], ['api'], 'r2');
    const { preview } = simulate(worldOver(tables), [{ solution: shop, entry: retire }]);
    expect(preview.steps.length).toBeGreaterThan(0);
    expect(JSON.stringify(imageOf(tables))).toBe(before);
  });

  it('say what was written to them, and what is below where nothing was', () => {
    const tables = planned();
    const overlay = overlayOn(tables);
    overlay.own(shop);
    evolveTables(overlay, shop, { kind: 'element.gone', element: 'api' as ElementName }, place);
    expect(elementAt(overlay, api.key)).toBeNull();
    expect(elementAt(overlay, store.key)?.key).toBe(store.key);
    expect([...(overlay.consumers.get(store.key) ?? [])]).toEqual([]);
    expect(overlay.providers.has(api.key)).toBe(false);
    expect(elementAt(tables, api.key)?.key).toBe(api.key);
    expect([...(tables.consumers.get(store.key) ?? [])]).toEqual([api.key]);
  });
});
