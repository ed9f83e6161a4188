import { expect, test } from 'vitest';
import { exposedPort, gitIn, stage, until, verdict, type Stage } from '../support/heliostat.js';
import { startLoad } from '../support/scenario/load.js';
import { noteOf } from '../support/scenario/memory.js';
import { domainFile, solution } from '../support/scenario/model.js';
import { serverFile, service } from '../support/scenario/uses.js';

const within = 90_000;
/** Whole answers: which version was asked, and whom it has asked in turn. */
const asks = { hear: (text: string) => text, clients: 4, pauseMs: 20 };

/** Web 2 needs api 2 and web 1 needs api 1; web 3 needs api 2 as well, and never gets well. */
const catalog = {
  'heliostat.yaml': domainFile({ onFailure: 'revert', healthyDeadline: '4s' }),
  ...serverFile(),
  ...service('api', 1),
  ...service('api', 2),
  ...service('web', 1, { uses: { api: '>=1 <2' } }),
  ...service('web', 2, { uses: { api: '>=2 <3' } }),
  ...service('web', 3, { uses: { api: '>=2 <3' }, sickFrom: 0 }),
};

function shop(api: string, web: string): Record<string, string> {
  return solution('shop', {
    api: `{ component: api, ${api} }`,
    web: `{ component: web, ${web}, relationships: { api: api }, expose: { port: auto } }`,
  });
}

function ids(s: Stage): string[] {
  return s.instances().map(({ id }) => id);
}

test(
  'a commit that supersedes another in the middle and fails leads back to what was stable before both, in the system and, by one commit and byte for byte, in Git; no request fails on the way',
  async () => {
    const s = await stage({ ...catalog, ...shop('version: 1.0.0', 'version: 1.0.0, size: 2') });
    await s.run();
    const stable = s.tip();
    await verdict(s, stable, 'applied');
    const before = ids(s);
    const load = startLoad(exposedPort(s), asks);

    const overtaken = s.commit(shop('version: 2.0.0, size: 2', 'version: 2.0.0'));
    await until('the second is under way', () => ids(s).some((id) => id.includes('/web/2.0.0~')));
    const bad = s.commit(shop('version: 2.0.0, size: 3', 'version: 3.0.0, size: 2'));
    await verdict(s, bad, 'reverted');
    await until('the revert', () => s.tip() !== bad);
    await verdict(s, s.tip(), 'applied');
    await load.stop();

    expect(noteOf(s.repository, 'test', overtaken)).toMatch(/^superseded/);
    expect(gitIn(s, 'diff', stable, 'main')).toBe('');
    expect(gitIn(s, 'rev-list', '--count', `${bad}..main`)).toBe('1');
    expect(gitIn(s, 'log', '-1', '--format=%B')).toContain(`Heliostat-Reverts: ${bad} 1`);
    expect(gitIn(s, 'status', '--porcelain')).toBe('');
    expect(ids(s)).toEqual(before);
    expect(load.failures).toEqual([]);
    expect(load.versions.filter((answer) => !/^web (\d)\.0\.0 \(api \1\.0\.0\)$/.test(answer))).toEqual([]);
    expect((await s.call('status')).code, 'nothing is left to be done').toBe(0);
  },
  within,
);

test(
  'what a superseded commit brought to another solution stays, in the system and in Git',
  async () => {
    const side = (version: string): Record<string, string> =>
      solution('side', { api: `{ component: api, version: ${version}, size: 2 }` });
    const first = shop('version: 1.0.0', 'version: 1.0.0');
    const s = await stage({ ...catalog, ...first, ...side('1.0.0') });
    await s.run();
    const stable = s.tip();
    await verdict(s, stable, 'applied');

    s.commit({ ...shop('version: 2.0.0', 'version: 2.0.0'), ...side('2.0.0') });
    await until('the second is under way', () => ids(s).some((id) => id.includes('/shop/api/2.0.0~')));
    const bad = s.commit(shop('version: 2.0.0', 'version: 3.0.0'));
    await verdict(s, bad, 'reverted');
    await until('the revert', () => s.tip() !== bad);
    await verdict(s, s.tip(), 'applied');

    expect(gitIn(s, 'diff', '--name-only', stable, 'main')).toBe('solutions/side.yaml');
    const of = (version: string, key: string): number =>
      ids(s).filter((id) => id.startsWith(`test/${key}/${version}~`)).length;
    await until(
      'the other one is there',
      () => of('2.0.0', 'side/api') === 2 && of('1.0.0', 'side/api') === 0,
    );
    expect([of('1.0.0', 'shop/api'), of('1.0.0', 'shop/web')]).toEqual([1, 1]);
  },
  within,
);
