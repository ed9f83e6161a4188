import { describe, expect, it } from 'vitest';
import type { SolutionName } from '../../../src/core/base/names.js';
import { bisectIn } from '../../../src/entry/operations/bisect.js';
import { makeRepository } from '../../support/git.js';
import { tell, type Chapter } from '../../support/told-history.js';
import { Author, countingReads, filesOf, lookingAt } from './told.js';

const shop = 'shop' as SolutionName;

/** Up and down between two versions that are good, so that each chapter follows from the other. */
async function author(onFailure: 'pause' | 'abort' | 'revert'): Promise<{
  readonly author: Author;
  readonly begin: Chapter;
  readonly up: Chapter;
  readonly down: Chapter;
}> {
  const author = new Author();
  author.world.technology.fate = (transition, id) =>
    transition === 'start' && id.includes('/1.2.0~') ? 'refused' : 'done';
  const begin = await author.push(filesOf('1.0.0', onFailure), 'Open the shop');
  const up = await author.push(filesOf('1.1.0', onFailure), 'Raise the api');
  const down = await author.push(filesOf('1.0.0', onFailure), 'Lower the api');
  return { author, begin, up, down };
}

function many(number: number, up: Chapter, down: Chapter): Chapter[] {
  return Array.from({ length: number }, (_, i) => (i % 2 === 0 ? up : down));
}

describe('bisect', () => {
  it('finds one bad commit among a thousand by reading a handful of status commits', async () => {
    const { author: writer, begin, up, down } = await author('pause');
    const bad = await writer.push(filesOf('1.2.0', 'pause'), 'Plant it');
    const readme = await writer.push(
      filesOf('1.2.0', 'pause', { 'README.md': 'Read me.\n' }),
      'Write a readme',
    );
    const planted = 601;
    const chapters = [
      begin,
      ...many(planted - 1, up, down),
      bad,
      ...Array.from({ length: 398 }, () => readme),
    ];
    const told = tell(makeRepository(), chapters, ({ subject }, position) => ({
      subject: `${subject} (${position})`,
      author: position === planted ? 'Eve' : 'Ada',
    }));
    expect(told.revisions).toHaveLength(1_000);
    const looking = await lookingAt(told.repository);
    const reads = countingReads(looking);
    const view = await bisectIn(looking, shop);

    expect(view.unhealthy).toBe('now');
    expect(view.first).toMatchObject({
      revision: told.revisions[planted],
      author: 'Eve',
      subject: `Plant it (${planted})`,
      when: 'rollout',
      untilMs: null,
      changes: [{ element: 'api', action: 'update', before: '1.0.0', after: '1.2.0' }],
      together: [],
    });
    expect(view.first?.evidence.join('\n')).toContain('start prod/shop/api/1.2.0~');
    expect(told.commits.find(({ oid }) => oid === view.first?.status)?.chapter).toBe(planted);
    expect(view.commits).toBeGreaterThan(1_500);
    expect(view.read).toBeLessThan(4 * Math.log2(view.commits));
    expect(reads(), 'objects of all kinds').toBeLessThan(400);
  });

  it('tells of the last time where all is well again, with the commit that took it back', async () => {
    const { author: writer, begin, up, down } = await author('revert');
    const bad = await writer.push(filesOf('1.2.0', 'revert'), 'Plant it');
    const chapters = [begin, ...many(20, up, down), bad, ...many(20, up, down)];
    const told = tell(makeRepository(), chapters);
    const view = await bisectIn(await lookingAt(told.repository), shop);

    expect(view.unhealthy).toBe('before');
    expect(view.first).toMatchObject({ revision: told.revisions[21], subject: 'Plant it', when: 'rollout' });
    const chapterAt = (ms: number | null | undefined) =>
      told.commits.find(({ wallMs }) => wallMs === ms)?.chapter;
    expect(chapterAt(view.first?.sinceMs)).toBe(21);
    expect(chapterAt(view.first?.untilMs)).toBe(21);
    expect(view.first?.revert).toMatchObject({ outcome: 'made', branch: 'main' });
  });

  it('says of what was applied and fell ill later that nothing has changed in Git, and till when it was so', async () => {
    const { author: writer, begin, up, down } = await author('pause');
    const { technology } = writer.world;
    technology.fate = (transition) => (transition === 'start' ? 'refused' : 'done');
    for (const id of [...technology.resources.keys()])
      if (id.includes('/shop/api/')) technology.resources.delete(id);
    const ill = await writer.afterwards(down);
    technology.fate = () => 'done';
    const well = await writer.afterwards(down);
    const before = [begin, ...many(6, up, down)];
    const first = { subject: 'Lower the api', when: 'afterwards' };

    const now = tell(makeRepository(), [...before, ill]);
    expect(await bisectIn(await lookingAt(now.repository), shop)).toMatchObject({
      unhealthy: 'now',
      first: { ...first, revision: now.revisions[6], untilMs: null },
    });
    const over = tell(makeRepository(), [...before, ill, well, ...many(10, up, down)]);
    const view = await bisectIn(await lookingAt(over.repository), shop);
    expect(view).toMatchObject({ unhealthy: 'before', first: { ...first, revision: over.revisions[6] } });
    expect(view.first?.evidence.join('\n')).toContain('start failed');
    expect(view.first?.untilMs).toBeGreaterThan(view.first?.sinceMs ?? Infinity);
  });

  it('has a clear answer where nothing was ever wrong', async () => {
    const { begin, up, down } = await author('pause');
    const told = tell(makeRepository(), [begin, ...many(10, up, down)]);
    expect(await bisectIn(await lookingAt(told.repository), shop)).toMatchObject({
      unhealthy: 'never',
      first: null,
    });
  });
});
