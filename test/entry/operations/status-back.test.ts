import { describe, expect, it } from 'vitest';
import { statusBack } from '../../../src/entry/operations/status-back.js';
import { makeRepository } from '../../support/git.js';
import { tell, type Chapter, type Told } from '../../support/told-history.js';
import { Author, countingReads, filesOf, lookingAt } from './told.js';

const long = 10_000;
const each = long / 8;

/** A status branch of ten thousand commits, in which the api goes up and down all the time. */
async function told(): Promise<{ readonly told: Told; readonly chapters: readonly Chapter[] }> {
  const author = new Author();
  const begin = await author.push(filesOf('1.0.0', 'pause'), 'Open the shop');
  const up = await author.push(filesOf('1.1.0', 'pause'), 'Raise the api');
  const down = await author.push(filesOf('1.0.0', 'pause'), 'Lower the api');
  const chapters = [
    begin,
    ...Array.from({ length: 4 }, () => [prolonged(up, each), prolonged(down, each)]).flat(),
  ];
  return { told: tell(makeRepository(), chapters), chapters };
}

/** With commits that tell of nothing that matters here. */
function prolonged(chapter: Chapter, number: number): Chapter {
  const more = Array.from({ length: number }, (_, i) => ({
    message: 'prod: api 1.0.0 ×1',
    changes: { 'README.md': `${i}\n` },
  }));
  return { ...chapter, written: [...chapter.written, ...more] };
}

describe('status as it was', () => {
  it('finds its commit among ten thousand, by time or by revision, and reads no other', async () => {
    const { told: branch, chapters } = await told();
    const { commits, revisions } = branch;
    expect(commits.length).toBeGreaterThanOrEqual(long);
    const looking = await lookingAt(branch.repository);
    const versionAt = async (at: string) => {
      const view = await statusBack(looking, at);
      return { version: view.solutions[0]?.elements[0]?.desired?.version, at: view.observedAtMs };
    };
    const reads = countingReads(looking);
    let before = reads();
    const sample = [5, Math.floor(commits.length / 2), commits.length - 2];
    for (const position of sample) {
      const commit = commits[position];
      const version = (revision: string) => (revision === chapters[2]?.revision ? '1.0.0' : '1.1.0');
      const of = chapters[commit?.chapter ?? 0];
      const seen = await versionAt(new Date((commit?.wallMs ?? 0) + 30_000).toISOString());
      expect(seen.at, 'the last commit before that time').toBe(commit?.wallMs);
      if ((commit?.chapter ?? 0) > 0) expect(seen.version).toBe(version(of?.revision ?? ''));
      expect(reads() - before, 'objects, of which the documents are most').toBeLessThan(100);
      before = reads();
    }

    const chapter = Math.floor(revisions.length / 2);
    const own = commits.filter((commit) => commit.chapter === chapter);
    const spoken = own[(chapters[chapter]?.written.length ?? 0) - each - 1];
    const last = own.at(-1);
    const seen = await versionAt(revisions[chapter] ?? '');
    expect(seen.at, 'when the revision had come to its end').toBe(spoken?.wallMs);
    expect(reads() - before).toBeLessThan(150);
    before = reads();
    expect((await versionAt(last?.oid ?? '')).at, 'a commit of the status branch itself').toBe(last?.wallMs);
    expect(reads() - before).toBeLessThan(100);
  });

  it('says that nothing was written before the first, and that a revision was never carried out', async () => {
    const { told: branch } = await told();
    const looking = await lookingAt(branch.repository);
    await expect(statusBack(looking, '2020-01-01')).rejects.toMatchObject({ code: 'status.notKnown' });
    await expect(statusBack(looking, 'nobody')).rejects.toMatchObject({ code: 'revision.unknown' });
  });
});
