import { describe, expect, it } from 'vitest';
import { blame } from '../../../src/entry/operations/blame.js';
import { history } from '../../../src/entry/operations/history.js';
import { renderBlame } from '../../../src/entry/cli/render/blame.js';
import { paintOf } from '../../../src/entry/cli/render/paint.js';
import { makeRepository } from '../../support/git.js';
import { tell } from '../../support/told-history.js';
import { Author, filesOf } from './told.js';

const place = { domain: null, config: null, signal: new AbortController().signal };

/** The api was raised, and what came then failed while somebody was at work in the work tree. */
async function failed(): Promise<{ readonly repository: string; readonly revisions: readonly string[] }> {
  const author = new Author();
  author.world.technology.fate = (transition, id) =>
    transition === 'start' && id.includes('/1.2.0~') ? 'refused' : 'done';
  author.world.git.occupied = 'main is checked out, and there are changes in its work tree';
  const chapters = [
    await author.push(filesOf('1.0.0', 'revert'), 'Open the shop'),
    await author.push(filesOf('1.1.0', 'revert'), 'Raise the api'),
    await author.push(filesOf('1.2.0', 'revert'), 'Raise it once more'),
  ];
  return tell(makeRepository(), chapters);
}

describe('blame', () => {
  it('says that an element stays as it was, since what failed is kept out, and where its revert waits', async () => {
    const { repository, revisions } = await failed();
    const view = await blame('0.0.0-test', { ...place, repo: repository, target: 'prod/shop/api' });
    const version = view.elements[0]?.aspects[0];
    expect(version).toMatchObject({
      aspect: 'version',
      value: '1.1.0',
      by: { revision: revisions[1], subject: 'Raise the api', before: '1.0.0', after: '1.1.0' },
      undone: [
        {
          revision: revisions[2],
          verdict: 'reverted',
          revert: { outcome: 'branch' },
          quarantined: [{ element: 'api', version: '1.2.0', inForce: true }],
        },
      ],
    });
    const text = renderBlame(view, paintOf(false));
    expect(text).toContain(
      `stays at 1.1.0: 1.2.0 failed in ${revisions[2]?.slice(0, 7)}  Raise it once more`,
    );
    expect(text).toMatch(/its revert [0-9a-f]{7} waits on heliostat\/revert-[0-9a-f]{7}/);
    expect(text).toContain('api 1.2.0 stays out');

    const { rollouts } = await history('0.0.0-test', { ...place, repo: repository, target: null, limit: 1 });
    expect(rollouts).toMatchObject([
      {
        revision: revisions[2],
        revert: { outcome: 'branch' },
        quarantined: [{ version: '1.2.0', inForce: true }],
      },
    ]);
  });

  it('tells of every element of a solution, and refuses what was never rolled out', async () => {
    const { repository, revisions } = await failed();
    const ask = (target: string) => blame('0.0.0-test', { ...place, repo: repository, target });
    const { elements } = await ask('prod/shop');
    expect(elements.map(({ element }) => element)).toEqual(['shop/api', 'shop/db']);
    expect(elements[1]?.aspects.map(({ by }) => by?.revision)).toEqual(Array(3).fill(revisions[0]));
    await expect(ask('prod/shop/nobody')).rejects.toMatchObject({ code: 'blame.nothing' });
  });
});
