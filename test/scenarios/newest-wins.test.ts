import { expect, test } from 'vitest';
import { exposedPort, stage, until, verdict, type Stage } from '../support/heliostat.js';
import { startLoad } from '../support/scenario/load.js';
import { noteOf, rolloutDocument, solutionDocument } from '../support/scenario/memory.js';
import { app, smallModel, web } from '../support/scenario/model.js';

const within = 60_000;
const sick = app('web', '1.2.0', { health: 'bad' });
/** The deadline is what fails a rollout: short, but longer than a start on a busy machine. */
const impatient = { healthyDeadline: '3s' } as const;

test(
  'a newer commit supersedes a rollout in the middle, and traffic never notices',
  async () => {
    const s = await stage({ ...smallModel(), ...app('web', '1.3.0'), ...web('1.0.0', 3) });
    await s.run();
    await verdict(s, s.tip(), 'applied');
    const load = startLoad(exposedPort(s));
    const overtaken = s.commit(web('1.1.0', 3));
    await until('the rollout is under way', () => versionsOf(s).includes('1.1.0'));
    const newest = s.commit(web('1.3.0', 3));
    await verdict(s, newest, 'applied');
    await load.stop();

    expect(noteOf(s.repository, 'test', overtaken)).toMatch(/^superseded/);
    expect(rolloutDocument(s.repository, 'test', overtaken, 'shop')?.phase).toBe('superseded');
    expect(versionsOf(s)).toEqual(['1.3.0', '1.3.0', '1.3.0']);
    expect(load.failures).toEqual([]);
  },
  within,
);

test(
  'a version that never gets well is paused with the reason, keeps what was well, and does not block the commit that fixes it',
  async () => {
    const s = await stage({ ...smallModel(impatient), ...sick, ...web('1.0.0', 2) });
    await s.run();
    await verdict(s, s.tip(), 'applied');
    const load = startLoad(exposedPort(s));
    const hung = s.commit(web('1.2.0', 2));

    const paused = await s.call('apply', '--json');
    expect(paused.code, paused.stderr).toBe(5);
    expect(JSON.parse(paused.stdout)).toMatchObject({ revision: hung, verdict: 'held' });
    expect((JSON.parse(paused.stdout) as { reason: string }).reason).toMatch(/not healthy within 3 s.*503/);
    await verdict(s, hung, 'held');
    const condition = solutionDocument(s.repository, 'test', 'shop')?.conditions[0];
    expect(condition?.type).toBe('paused');
    expect(condition?.message).toContain('503');
    expect(condition?.command).toContain('heliostat resume');
    expect(versionsOf(s).filter((version) => version === '1.0.0')).toHaveLength(2);

    const fixed = s.commit(web('1.1.0', 2));
    await verdict(s, fixed, 'applied');
    await load.stop();
    expect(versionsOf(s)).toEqual(['1.1.0', '1.1.0']);
    expect(load.failures).toEqual([]);
    expect(load.versions, 'the sick version got no traffic').toEqual(['1.0.0', '1.1.0']);
  },
  within,
);

test(
  'with onFailure abort a failed rollout ends as failed, what runs stays, and a repaired commit goes out',
  async () => {
    const s = await stage({
      ...smallModel({ ...impatient, onFailure: 'abort' }),
      ...sick,
      ...web('1.0.0', 2),
    });
    await s.run();
    await verdict(s, s.tip(), 'applied');
    const before = s.instances();
    const load = startLoad(exposedPort(s));
    const failing = s.commit(web('1.2.0', 2));

    const failed = await s.call('apply', '--json');
    expect(failed.code, failed.stderr).toBe(4);
    expect(JSON.parse(failed.stdout)).toMatchObject({ revision: failing, verdict: 'failed' });
    expect(noteOf(s.repository, 'test', failing)).toMatch(/^failed/);
    for (const instance of before) expect(s.instances()).toContainEqual(instance);

    await verdict(s, s.commit(web('1.1.0', 2)), 'applied');
    await load.stop();
    expect(versionsOf(s)).toEqual(['1.1.0', '1.1.0']);
    expect(load.failures).toEqual([]);
  },
  within,
);

function versionsOf(s: Stage): string[] {
  return s.instances().map(({ id }) => /\/([0-9.]+)~/.exec(id)?.[1] ?? '');
}
