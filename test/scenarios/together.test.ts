import { expect, test } from 'vitest';
import { git } from '../support/git.js';
import { stage, verdict } from '../support/heliostat.js';
import { app, smallModel, solution } from '../support/scenario/model.js';

const within = 90_000;

const needs = (range: string) => `{ store: { type: service, component: store, version: "${range}" } }`;

const catalog = {
  ...smallModel({ onFailure: 'revert', healthyDeadline: '3s' }),
  ...app('store', '1.0.0'),
  ...app('store', '2.0.0'),
  ...app('api', '1.0.0', { dependencies: needs('<2') }),
  ...app('api', '2.0.0', { dependencies: needs('>=2'), health: 'bad' }),
};

function model(store: string, api: string, blog: string): Record<string, string> {
  return {
    ...solution('data', { store: `{ component: store, version: ${store} }` }),
    ...solution('shop', {
      api: `{ component: api, version: ${api}, relationships: { store: { dependency: store, element: store, solution: data } } }`,
    }),
    ...solution('blog', { web: `{ component: web, version: ${blog} }` }),
  };
}

test(
  'what was one change goes back as one, in one commit; what came with it and has nothing to do with it stands',
  async () => {
    const s = await stage({ ...catalog, ...model('1.0.0', '1.0.0', '1.0.0') });
    await s.run();
    const good = s.tip();
    await verdict(s, good, 'applied');

    const bad = s.commit(model('2.0.0', '2.0.0', '1.1.0'));
    const ended = await s.call('apply', '--json');
    expect(ended.code, ended.stderr).toBe(4);
    const { revertCommit } = JSON.parse(ended.stdout) as { revertCommit: string };
    await verdict(s, revertCommit as typeof bad, 'applied');

    expect(git(s.repository, 'rev-parse', `${revertCommit}~`).trim()).toBe(bad);
    const files = git(s.repository, 'diff', '--name-only', bad, revertCommit).trim().split('\n');
    expect(files.sort()).toEqual(['solutions/data.yaml', 'solutions/shop.yaml']);
    expect(git(s.repository, 'diff', '--stat', good, revertCommit, '--', ...files)).toBe('');
    const running = s.instances().map(({ id }) => /^[^/]+\/([^~]+)~/.exec(id)?.[1]);
    expect(new Set(running)).toEqual(new Set(['blog/web/1.1.0', 'data/store/1.0.0', 'shop/api/1.0.0']));
    expect((await s.call('status')).code, 'nothing is left to be done').toBe(0);
  },
  within,
);
