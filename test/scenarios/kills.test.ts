import { spawn, type ChildProcess } from 'node:child_process';
import { describe, expect, it, test } from 'vitest';
import { bundlePrograms } from '../support/bundle.js';
import { commitFiles, git, makeFolder, makeLastingFolder, makeRepository } from '../support/git.js';
import { campaign } from '../support/kills/campaign.js';
import { differences, growth, Ledger } from '../support/kills/checks.js';
import { totalKills } from '../support/kills/counts.js';
import { Installation } from '../support/kills/installation.js';
import { filesOf, firstShape } from '../support/kills/shape.js';
import { Traffic } from '../support/kills/traffic.js';
import { until } from '../support/programs.js';
import { showed } from '../support/promises.js';

const kills = process.env['HELIOSTAT_REQUIRE_ALL'] === '1' ? 50 : 5;

test(`a daemon killed ${kills} times, while commits come and people interfere, loses no commit and no request, and leaves nothing twice and nothing behind`, async (context) => {
  const { counts, problems } = await campaign({
    folder: makeLastingFolder('hk-'),
    programs: await bundlePrograms(),
    seed: 1,
    ports: 31_600,
    killsGateway: false,
    more: (done) => totalKills(done) < kills,
  });
  expect(problems).toEqual([]);
  expect(totalKills(counts)).toBe(kills);
  expect(counts.requests).toBeGreaterThan(kills);
  showed(context, { crashesSurvived: kills });
}, 180_000);

describe('what a campaign looks at', () => {
  it('is an instance that runs twice, one that nobody asked for, one that is missing, and a process of nobody', async () => {
    const at = new Installation(makeFolder(), await bundlePrograms(), 32_000);
    const tip = at.firstCommit(filesOf(firstShape));
    expect(differences(at, firstShape, tip)).toEqual([`${tip.slice(0, 7)} is without a verdict`]);
    git(at.repository, 'notes', '--ref=heliostat', 'add', '-m', 'test: applied', tip);
    const started = ['test/shop/api/1.0.0~0/0', 'test/shop/api/1.0.0~0/0', 'test/side/extra-z/1.0.0~0/0'].map(
      (id) => sleeper(at, { HELIOSTAT_OWNER: `x:${id}`, NOTE: 'first' }),
    );
    started.push(sleeper(at, {}));
    const wrong = differences(at, firstShape, tip).join('\n');
    for (const part of [
      'x:test/shop/api/1.0.0~0/0 runs twice',
      'test/side/extra-z/1.0.0~0/0 (pid',
      'test/shop/api/1.0.0/1 does not run',
      `pid ${started.at(-1)?.pid} belongs to nobody`,
      'the greeting is null',
      '0 gateways run',
    ])
      expect(wrong).toContain(part);
    await at.end(false);
  });

  it('is a commit without a verdict, a verdict that changed or is wrong, and a branch that was rewritten', () => {
    const repository = makeRepository();
    const first: string = commitFiles(repository, {}, 'one');
    const second: string = commitFiles(repository, {}, 'two');
    const ledger = new Ledger();
    ledger.add(first, true);
    ledger.add(second, false);
    const note = (commit: string, text: string): string =>
      git(repository, 'notes', '--ref=heliostat', 'add', '-f', '-m', `test: ${text}`, commit);
    note(first, 'applied');
    expect(ledger.wrong(repository)).toEqual([`${second.slice(0, 7)} has no verdict: null`]);
    note(first, 'superseded');
    note(second, 'applied');
    expect(ledger.wrong(repository)).toEqual([
      `${first.slice(0, 7)} was applied and is superseded`,
      `${second.slice(0, 7)} is applied`,
    ]);
    git(repository, 'update-ref', 'refs/heads/heliostat/status', second);
    expect(growth(repository, first)).toEqual({ tip: second });
    git(repository, 'update-ref', 'refs/heads/heliostat/status', first);
    expect(growth(repository, second)).toEqual({ wrong: 'the status branch was rewritten' });
    git(repository, 'reset', '-q', '--hard', first);
    expect(ledger.wrong(repository)).toContain('the branch is not what was pushed');
  });

  it('is a request that failed, but for those that met a gateway which had been killed', async () => {
    const traffic = new Traffic(() => ['http://127.0.0.1:1/'], 2, 1);
    await until('requests fail', () => traffic.failures().length > 1);
    traffic.gatewayIsAway();
    const before = traffic.failures().length;
    await until('more fail', () => traffic.excused().length > 2);
    await traffic.stop();
    expect(traffic.failures().length).toBeLessThanOrEqual(before);
    expect(traffic.answered).toBe(0);
  });
});

/** In a session of its own, as instances are. */
function sleeper(at: Installation, env: Record<string, string>): ChildProcess {
  return spawn('sleep', ['60'], {
    cwd: at.folder,
    env: { ...process.env, HELIOSTAT_HOME: at.home, ...env },
    detached: true,
    stdio: 'ignore',
  });
}
