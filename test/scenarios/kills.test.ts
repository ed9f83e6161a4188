import { expect, test } from 'vitest';
import { bundlePrograms } from '../support/bundle.js';
import { makeLastingFolder } from '../support/git.js';
import { campaign } from '../support/kills/campaign.js';
import { totalKills } from '../support/kills/counts.js';
import { showed } from '../support/promises.js';

const kills = process.env['HELIOSTAT_REQUIRE_ALL'] === '1' ? 50 : 5;

test(`a daemon killed ${kills} times, while commits come and people interfere, loses no commit and no request, and leaves nothing twice and nothing behind`, async (context) => {
  const { counts, problems } = await campaign({
    folder: makeLastingFolder('hk-'),
    programs: await bundlePrograms(),
    seed: 1,
    ports: 30_000,
    killsGateway: false,
    more: (done) => totalKills(done) < kills,
  });
  expect(problems).toEqual([]);
  expect(totalKills(counts)).toBe(kills);
  expect(counts.requests).toBeGreaterThan(kills);
  showed(context, { crashesSurvived: kills });
}, 180_000);
