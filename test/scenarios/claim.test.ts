import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { git } from '../support/git.js';
import { exposedPort, gitIn, stage, until, verdict } from '../support/heliostat.js';
import { isAlive, processesUnder, watchCensus } from '../support/scenario/census.js';
import { journalLines, type JournalLine } from '../support/scenario/journal.js';
import { ask } from '../support/scenario/load.js';
import { documentAt, statusTip } from '../support/scenario/memory.js';
import { smallModel, solution, web } from '../support/scenario/model.js';

interface ClaimDocument {
  readonly controller: string;
  readonly epoch: number;
}

const within = 60_000;

test(
  'a second daemon on the same state folder leaves at once and names the first',
  async () => {
    const s = await stage({ ...smallModel(), ...web('1.0.0', 1) });
    const first = await s.run();
    await verdict(s, s.tip(), 'applied');
    const written = statusTip(s.repository);

    const second = await s.call('run');
    expect(second.code).toBe(1);
    expect(second.stderr).toContain(String(first.pid));
    expect(second.stderr).toContain('heliostat status');
    expect(isAlive(first.pid)).toBe(true);
    expect(statusTip(s.repository)).toBe(written);
  },
  within,
);

test(
  'another clone is refused by the claim that it fetched, until it takes the domain over; the former daemon then stops acting',
  async () => {
    const s = await stage({ ...smallModel(), ...web('1.0.0', 1) });
    const former = await s.run();
    await verdict(s, s.tip(), 'applied');
    const before = s.instances();
    const clone = join(s.folder, 'clone');
    git(s.folder, 'clone', '-q', s.repository, clone);

    for (const verb of ['apply', 'run']) {
      const refused = await s.callIn(clone, verb);
      expect(refused.code, verb).toBe(1);
      expect(refused.stderr).toContain(join(s.repository, '.git'));
      expect(refused.stderr).toContain('--takeover');
    }
    expect(processesUnder(clone), 'a refused controller starts nothing').toEqual([]);
    expect(git(clone, 'for-each-ref', 'refs/heads/heliostat/')).toBe('');

    const taken = await s.callIn(clone, 'apply', '--takeover', '--json');
    expect(JSON.parse(taken.stdout), taken.stderr).toMatchObject({ revision: s.tip() });
    expect(s.instances(), 'what runs for a home that lives is not touched').toEqual(before);

    // The news reaches the former controller with its own branch.
    gitIn(s, 'fetch', '-q', clone, '+refs/heads/heliostat/status:refs/heads/heliostat/status');
    const claim = documentAt<ClaimDocument>(s.repository, 'test/controller.yaml');
    expect(claim?.controller).toContain(join(clone, '.git'));
    s.commit(web('1.1.0', 1));
    await until('the former daemon has ended', () => !isAlive(former.pid));
    expect(await former.ended).toBe(1);
    expect(former.said()).toContain('taken the domain over');
    expect(s.instances(), 'it did nothing more').toEqual(before);
  },
  within,
);

test(
  'a takeover in the same repository raises the epoch and adopts what runs',
  async () => {
    const s = await stage({
      ...smallModel(),
      ...web('1.0.0', 1),
      'heliostat.config.yaml': 'controller: one\n',
    });
    const first = await s.run();
    await verdict(s, s.tip(), 'applied');
    const epoch = documentAt<ClaimDocument>(s.repository, 'test/controller.yaml')?.epoch ?? 0;
    const before = s.instances();
    await first.end('SIGTERM');

    s.commit({ ...web('1.1.0', 1), 'heliostat.config.yaml': 'controller: two\n' });
    const refused = await s.call('apply');
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('test is run by one');
    expect(s.instances()).toEqual(before);

    const taken = await s.call('apply', '--takeover', '--json');
    expect(taken.code, taken.stderr).toBe(0);
    expect(documentAt(s.repository, 'test/controller.yaml')).toMatchObject({
      controller: 'two',
      epoch: epoch + 1,
    });
    expect(await ask(`http://127.0.0.1:${exposedPort(s)}/`)).toBe('1.1.0');
  },
  within,
);

test(
  'of two controllers in one repository the one that was taken over from in mid-rollout does nothing more, and the other ends the rollout',
  async () => {
    const inside = (version: string): Record<string, string> =>
      solution('shop', { web: `{ component: web, version: ${version}, size: 3 }` });
    const s = await stage({ ...smallModel(), ...inside('1.0.0') });
    const configured = (name: string): string[] => {
      const file = join(s.folder, `${name}.yaml`);
      writeFileSync(file, `controller: ${name}\nstateFolder: ${join(s.folder, name)}\n`);
      return ['--config', file];
    };
    const former = await s.run(...configured('one'));
    await verdict(s, s.tip(), 'applied');
    const census = watchCensus(s.home);
    const revision = s.commit(inside('1.1.0'));
    await until('both versions run', () => s.instances().length > 3);

    await s.run('--takeover', ...configured('two'));
    await until('the former daemon has ended', () => !isAlive(former.pid));
    expect(await former.ended).toBe(1);
    expect(former.said()).toContain('two has taken the domain over');
    await verdict(s, revision, 'applied');
    census.stop();
    expect([...census.twice]).toEqual([]);
    expect(s.instances().map(({ id }) => id.includes('/1.1.0~'))).toEqual([true, true, true]);

    const journalOf = (name: string): JournalLine[] =>
      journalLines(join(s.folder, name, 'state/test/journal'));
    const claimed = journalOf('two').find(({ entry }) => entry.kind === 'domain.claimed');
    const all = journalOf('one');
    const done = all
      .filter(({ entry }) => entry.kind === 'operation.ended' && entry['outcome'] === 'done')
      .map(({ entry }) => String(entry['operation']));
    const late = all.filter(
      ({ wallMs, entry }) => entry.kind === 'operation.begun' && wallMs > (claimed?.wallMs ?? 0),
    );
    for (const { stream, sequence } of late)
      expect(
        done.filter((id) => id.endsWith(`.${stream}.${sequence}`)),
        'an effect after the takeover',
      ).toEqual([]);
  },
  within,
);
