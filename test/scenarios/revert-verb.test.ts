import { expect, test } from 'vitest';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expectDocument } from '../entry/cli/support/schema.js';
import { gitIn, stage, verdict, type Stage } from '../support/heliostat.js';
import { app, smallModel, web } from '../support/scenario/model.js';

const within = 90_000;

function fileAt(s: Stage, revision: string, path: string): string {
  return gitIn(s, 'show', `${revision}:${path}`);
}

function errorOf(stdout: string): { readonly code: string; readonly message: string } {
  return (expectDocument('error', stdout)['error'] ?? {}) as { code: string; message: string };
}

test(
  'revert shows what follows, asks, and commits what was there before; released files stay, and apply carries it out',
  async () => {
    const s = await stage({ ...smallModel(), ...web('1.0.0') });
    expect((await s.call('apply')).code).toBe(0);
    const raised = s.commit({ ...app('web', '1.2.0'), ...web('1.2.0') }, 'Raise web');
    expect((await s.call('apply')).code).toBe(0);
    const other = s.commit(app('other', '1.0.0'), 'Another component');

    const unasked = await s.call('revert', raised);
    expect(unasked.code, 'nobody said yes').toBe(5);
    expect(unasked.stdout).toContain('~ solutions/shop.yaml');
    expect(unasked.stdout).toContain('catalog/web/1.2.0.yaml  stays: it is released');
    expect(unasked.stdout).toContain('1.2.0 → 1.0.0');
    expect(unasked.stdout).toContain('repeat it with --yes');
    expect(s.tip()).toBe(other);

    const reverted = await s.call('revert', 'HEAD~1', '--yes', '--reason', 'slow queries', '--json');
    expect(reverted.code, reverted.stderr).toBe(0);
    const told = expectDocument('revert', reverted.stdout);
    expect(told).toMatchObject({
      ending: 'committed',
      revision: raised,
      branch: 'main',
      files: [{ path: 'solutions/shop.yaml', removed: false }],
      stays: ['catalog/web/1.2.0.yaml'],
    });
    expect(s.tip()).toBe(told['commit']);
    expect(fileAt(s, 'HEAD', 'solutions/shop.yaml')).toBe(fileAt(s, `${raised}~1`, 'solutions/shop.yaml'));
    expect(gitIn(s, 'status', '--porcelain'), 'the work tree has moved along').toBe('');
    expect(gitIn(s, 'log', '-1', '--format=%an <%ae>%n%B')).toMatch(
      new RegExp(
        `^Ada Example <ada@example.com>\nRevert "Raise web"\n\nThis reverts commit ${raised}.\n\nslow queries`,
      ),
    );
    expect((await s.call('apply')).code).toBe(0);
    expect(s.instances().every(({ id }) => id.includes('/1.0.0~'))).toBe(true);
    expect((await s.call('history')).stdout).toContain(`revert of ${raised.slice(0, 7)}`);

    const again = await s.call('revert', raised, '--yes', '--json');
    expect([again.code, errorOf(again.stdout).code]).toEqual([1, 'revert.nothing']);
  },
  within,
);

test(
  'revert beside a daemon is taken up by it',
  async () => {
    const s = await stage({ ...smallModel(), ...web('1.0.0') });
    const daemon = await s.run();
    await verdict(s, s.tip(), 'applied');
    await verdict(s, s.commit(web('1.1.0'), 'Raise web'), 'applied');
    const reverted = await s.call('revert', 'HEAD', '--yes');
    expect(reverted.code, reverted.stderr).toBe(0);
    expect(reverted.stdout).toContain('The daemon takes it up');
    await verdict(s, s.tip(), 'applied');
    expect(s.instances().every(({ id }) => id.includes('/1.0.0~'))).toBe(true);
    await daemon.end('SIGTERM');
  },
  within,
);

test(
  'what cannot be taken back is said with the reason, and nothing is changed',
  async () => {
    const s = await stage({ ...smallModel(), ...web('1.0.0') });
    const first = s.tip();
    const raised = s.commit(web('1.1.0'), 'Raise web');
    const resized = s.commit(web('1.1.0', 3), 'Resize web');
    gitIn(s, 'switch', '-q', '-c', 'side', first);
    const aside = s.commit(web('1.0.0', 5), 'On the side');
    gitIn(s, 'switch', '-q', 'main');
    const failing = async (...args: string[]): Promise<{ code: string; message: string }> => {
      const { code, stdout } = await s.call('revert', ...args, '--yes', '--json');
      expect(code, stdout).toBe(1);
      return errorOf(stdout);
    };
    const conflict = await failing(raised);
    expect(conflict.code).toBe('revert.conflict');
    expect(conflict.message).toContain(`solutions/shop.yaml (${resized.slice(0, 7)})`);
    expect((await failing(first)).code).toBe('revert.first');
    expect((await failing(aside)).code).toBe('revert.notThere');
    expect((await failing('nonsense')).code).toBe('revision.unknown');

    const text = s.commit({ 'README.md': 'Words.\n' }, 'Only words');
    expect((await failing(text)).code).toBe('revert.nothing');
    writeFileSync(join(s.repository, 'solutions/shop.yaml'), '# half written\n');
    const occupied = await failing(resized);
    expect(occupied.code).toBe('revert.occupied');
    gitIn(s, 'checkout', '-q', '--', '.');

    // What came later needs it.
    const added = s.commit(app('web', '1.3.0'), 'Bring web 1.3.0');
    s.commit(web('1.3.0', 3), 'Use it');
    const rejected = await s.call('revert', added, '--yes', '--json');
    expect(rejected.code).toBe(3);
    expect(expectDocument('revert', rejected.stdout)).toMatchObject({ ending: 'rejected', commit: null });
    expect(gitIn(s, 'log', '-1', '--format=%s')).toBe('Use it');
  },
  within,
);
