import { expect, it } from 'vitest';
import { graphView } from '../../../src/core/status/graph.js';
import { component, domainFile, loadFiles, solution } from '../../support/model-repository.js';

it('draws each element and each want once, clusters side by side included, in an order of its own', async () => {
  const needs = 'dependencies: { db: { type: service, component: db, version: ">=1 <2" } }\n';
  const { desired, validation } = await loadFiles({
    'heliostat.yaml': domainFile,
    'catalog/db/1.0.0.yaml': component('db', '1.0.0'),
    'catalog/web/1.0.0.yaml': component('web', '1.0.0', needs),
    'catalog/web/1.10.0.yaml': component('web', '1.10.0', needs),
    'solutions/shop.yaml': solution(
      'shop',
      '  web:\n    component: web\n    clusters:\n      1.10.0: { size: 1 }\n      1.0.0: { size: 2 }\n    relationships: { db: { element: db, solution: data } }\n',
    ),
    'solutions/data.yaml': solution('data', '  db: { component: db, version: 1.0.0 }\n'),
  });
  expect(validation.diagnostics).toEqual([]);
  expect(graphView(desired)).toMatchObject({
    domain: 'prod',
    nodes: [
      { id: 'data/db', versions: ['1.0.0'], size: 1 },
      { id: 'shop/web', versions: ['1.0.0', '1.10.0'], size: 3 },
    ],
    edges: [{ from: 'shop/web', to: 'data/db', type: 'service', relationship: 'db', range: '>=1 <2' }],
  });
});
