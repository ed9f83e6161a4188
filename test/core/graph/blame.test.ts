import { describe, expect, it } from 'vitest';
import type { Ledger } from '../../../src/core/graph/types.js';
import {
  component,
  domainFile,
  ledgerAfter,
  loadFiles,
  solution,
  type Asked,
  type Files,
  type LoadedModel,
} from '../../support/model-repository.js';

const good: Files = {
  'heliostat.yaml': domainFile,
  'catalog/api/1.0.0.yaml': component('api', '1.0.0'),
  'catalog/web/1.0.0.yaml': component(
    'web',
    '1.0.0',
    'dependencies: { api: { type: service, component: api, version: ^1 } }\n',
  ),
  'solutions/shop.yaml': solution('shop', '  api: { component: api, version: 1.0.0 }\n'),
  'solutions/site.yaml': solution(
    'site',
    '  web: { component: web, version: 1.0.0, relationships: { api: { element: api, solution: shop } } }\n',
  ),
  'solutions/other.yaml': solution('other', '  api: { component: api, version: 1.0.0 }\n'),
};
const broken = {
  ...good,
  'solutions/shop.yaml': solution('shop', '  api: { component: api, version: 1.5.0 }\n'),
};
const unreadable = { ...good, 'solutions/shop.yaml': 'name: [\n' };
const other = {
  'solutions/other.yaml': solution('other', '  api: { component: api, version: 1.0.0, size: 5 }\n'),
};

/** Loads one revision after another, each judged as the engine would: what is accepted is the base of the next. */
async function follow(...revisions: readonly Files[]): Promise<LoadedModel[]> {
  const loaded: LoadedModel[] = [];
  let asked: Asked = {};
  let ledger: Ledger = new Map();
  for (const files of revisions) {
    const next = await loadFiles(files, { ...asked, ledger });
    if (next.validation.accepted) ledger = ledgerAfter(ledger, next.validation.releases);
    asked = {
      base: next.validation.accepted ? next.model : (asked.base ?? null),
      previousTip: next.validation.tip,
    };
    loaded.push(next);
  }
  return loaded;
}

describe('a commit answers for what it changes', () => {
  it('rejects the revision that brings an error in', async () => {
    const [, bad] = await follow(good, broken);
    expect(bad?.validation).toMatchObject({ accepted: false, stale: [] });
  });

  it('lets later commits pass: the solution with the old error keeps its last accepted model', async () => {
    const [first, , later] = await follow(good, broken, { ...broken, ...other });
    expect(later?.validation).toMatchObject({
      accepted: true,
      stale: [{ solution: 'shop', code: 'component.version' }],
      changed: ['other'],
    });
    expect(later?.validation.diagnostics.map(({ code }) => code)).toEqual(['component.version']);
    expect(later?.desired.solutions.get('shop' as never)).toEqual(
      first?.desired.solutions.get('shop' as never),
    );
  });

  it('rejects again when the solution with the error is touched and still has it', async () => {
    const touched = { ...broken, 'solutions/shop.yaml': `# tried\n${String(broken['solutions/shop.yaml'])}` };
    const [, , again] = await follow(good, broken, touched);
    expect(again?.validation.accepted).toBe(false);
  });

  it('brings the solution back as soon as it is mended', async () => {
    const [, , , mended] = await follow(good, broken, { ...broken, ...other }, { ...good, ...other });
    expect(mended?.validation).toMatchObject({ accepted: true, stale: [], changed: [], diagnostics: [] });
  });

  it('keeps whoever depends on an unreadable solution as it is, without blaming it aloud', async () => {
    const [first, bad, later] = await follow(good, unreadable, { ...unreadable, ...other });
    expect(bad?.validation.diagnostics.map(({ file }) => file)).toEqual(['solutions/shop.yaml']);
    expect(later?.validation.stale.map(({ solution: name }) => name)).toEqual(['shop', 'site']);
    expect(later?.validation.changed).toEqual(['other']);
    expect(later?.desired.solutions.get('site' as never)).toEqual(
      first?.desired.solutions.get('site' as never),
    );
  });

  it('keeps a whole solution, and who uses it, while one of its elements cannot be read', async () => {
    const partly = {
      ...good,
      'solutions/shop.yaml': solution(
        'shop',
        '  api: { component: api, version: 1.0.0, size: 4 }\n  bad: { component: api, version: 1.0.0, size: -1 }\n',
      ),
    };
    const [first, bad, later, mended] = await follow(
      good,
      partly,
      { ...partly, ...other },
      { ...good, ...other },
    );
    expect(bad?.validation).toMatchObject({ accepted: false, stale: [] });
    expect(bad?.validation.diagnostics.map(({ code }) => code)).toEqual(['value.number']);
    expect(later?.validation).toMatchObject({ accepted: true, changed: ['other'] });
    expect(later?.validation.stale.map(({ solution: name }) => name)).toEqual(['shop', 'site']);
    for (const name of ['shop', 'site'] as never[])
      expect(later?.desired.solutions.get(name)).toEqual(first?.desired.solutions.get(name));
    expect(mended?.validation).toMatchObject({ accepted: true, stale: [], changed: [], diagnostics: [] });
  });

  it('never replaces what lives on a context because the context has an error', async () => {
    const onHost = component(
      'api',
      '1.0.0',
      'dependencies: { host: { type: context, component: web, version: ^1 } }\n',
    );
    const start: Files = {
      'heliostat.yaml': domainFile,
      'catalog/api/1.0.0.yaml': onHost,
      'catalog/web/1.0.0.yaml': component(
        'web',
        '1.0.0',
        'parameters: { properties: { n: { type: integer } } }\n',
      ),
      'solutions/base.yaml': solution('base', '  host: { component: web, version: 1.0.0 }\n'),
      'solutions/shop.yaml': solution(
        'shop',
        '  api: { component: api, version: 1.0.0, relationships: { host: { element: host, solution: base } } }\n',
      ),
    };
    const wrong = {
      ...start,
      'solutions/base.yaml': solution(
        'base',
        '  host: { component: web, version: 1.0.0, configuration: { n: x } }\n',
      ),
    };
    const [first, bad, later] = await follow(start, wrong, { ...wrong, 'README.md': 'x' });
    expect(bad?.validation.diagnostics.map(({ code }) => code)).toEqual(['configuration.value']);
    expect(later?.validation).toMatchObject({ accepted: true, changed: [] });
    expect(later?.desired.solutions).toEqual(first?.desired.solutions);
  });

  it('says why nothing can be said of a changed consumer of a solution with old errors', async () => {
    const changed = {
      ...unreadable,
      'solutions/site.yaml': String(good['solutions/site.yaml']).replace(
        '{ component',
        '{ size: 2, component',
      ),
    };
    const [, , later] = await follow(good, unreadable, changed);
    expect(later?.validation.accepted).toBe(false);
    expect(later?.validation.diagnostics.map(({ code }) => code)).toEqual([
      'yaml.syntax',
      'relationship.blocked',
    ]);
  });

  it('keeps the users of a release that somebody changed, until it is restored', async () => {
    const changed = {
      ...good,
      'catalog/api/1.0.0.yaml': component('api', '1.0.0', 'configuration: { a: 1 }\n'),
    };
    const [, bad, later, restored] = await follow(good, changed, { ...changed, 'README.md': 'x' }, good);
    expect(bad?.validation).toMatchObject({ accepted: false });
    expect(later?.validation.accepted).toBe(true);
    expect(later?.validation.stale.map(({ solution: name, code }) => `${name} ${code}`)).toEqual([
      'other catalog.immutable',
      'shop catalog.immutable',
    ]);
    expect(restored?.validation).toMatchObject({ accepted: true, stale: [], changed: [] });
  });

  it('knows the blame from the journal alone: no table of the last tip is needed', async () => {
    const [, bad] = await follow(good, broken);
    const tip = JSON.parse(JSON.stringify(bad?.validation.tip)) as typeof bad extends undefined
      ? never
      : LoadedModel['validation']['tip'];
    const { validation } = await loadFiles({ ...broken, ...other }, { previousTip: tip });
    expect(validation.accepted).toBe(true);
  });
});
