import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { exposedPort, gitIn, pidsById, stage } from '../support/heliostat.js';
import { startLoad } from '../support/scenario/load.js';
import { elementDocument, noteOf, statusTip } from '../support/scenario/memory.js';

const within = 60_000;

test(
  'a first model is applied, the same commit does nothing more, a raised version rolls without a lost request, and a git revert brings the same instances back',
  async () => {
    const s = await stage();
    expect((await s.call('init', '.')).code).toBe(0);
    const domain = join(s.repository, 'heliostat.yaml');
    const quick = readFileSync(domain, 'utf8').replace('minHealthyTime: 2s', 'minHealthyTime: 200ms');
    writeFileSync(domain, quick.replace('drainDelay: 1s', 'drainDelay: 300ms'));
    gitIn(s, 'add', '-A');
    const first = s.commit({}, 'First model');

    const applied = await s.call('apply', '--json');
    expect(applied.code, applied.stderr).toBe(0);
    expect(JSON.parse(applied.stdout)).toMatchObject({ revision: first, verdict: 'applied' });
    expect(noteOf(s.repository, 'local', first)).toBe('applied');
    const before = s.instances();
    expect(before).toHaveLength(2);

    const written = statusTip(s.repository);
    const again = await s.call('apply', '--json');
    expect(again.code).toBe(0);
    expect(statusTip(s.repository), 'nothing to do writes nothing').toBe(written);
    expect(s.instances()).toEqual(before);

    const solution = join(s.repository, 'solutions/hello.yaml');
    const load = startLoad(exposedPort(s, 'hello/web', 'local'));
    writeFileSync(solution, readFileSync(solution, 'utf8').replace('version: 1.0.0', 'version: 1.1.0'));
    gitIn(s, 'add', 'solutions/hello.yaml');
    const raised = s.commit({}, 'Raise web');
    const rolled = await s.call('apply', '--json');
    expect(rolled.code, rolled.stderr).toBe(0);
    expect(elementDocument(s.repository, 'local', 'hello/web')?.desired?.version).toBe('1.1.0');
    expect(s.instances().map(({ id }) => id)).not.toEqual(before.map(({ id }) => id));

    gitIn(s, 'revert', '--no-edit', raised);
    const reverted = await s.call('apply', '--json');
    expect(reverted.code, reverted.stderr).toBe(0);
    await load.stop();

    expect(load.failures).toEqual([]);
    expect(load.answered()).toBeGreaterThan(100);
    expect(load.versions).toEqual(['1.0.0', '1.1.0']);
    expect(Object.keys(pidsById(s.instances())), 'identities depend on the model alone').toEqual(
      Object.keys(pidsById(before)),
    );
  },
  within,
);
