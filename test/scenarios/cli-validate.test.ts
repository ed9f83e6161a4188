import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { gitEnvironment, writeFiles } from '../support/git.js';
import { gitIn, stage, type Finished, type Stage } from '../support/heliostat.js';
import { domainFile, solution } from '../support/scenario/model.js';

const within = 60_000;

const component = (version: string): Record<string, string> => ({
  [`catalog/part/${version}.yaml`]: `apiVersion: heliostat/v1\nkind: Component\nname: part\nversion: ${version}\nprovider: noop\n`,
});
const shop = (version: string): Record<string, string> =>
  solution('shop', { web: `{ component: part, version: ${version} }` });
const model = { 'heliostat.yaml': domainFile(), ...component('1.0.0'), ...shop('1.0.0') };

interface Validity {
  readonly valid: boolean;
  readonly revision: string;
  readonly diagnostics: readonly {
    readonly code: string;
    readonly file: string;
    readonly severity: string;
  }[];
}

function validity(finished: Finished): Validity {
  return JSON.parse(finished.stdout) as Validity;
}

/** `git commit` with a hook that validates what is staged. */
function commitWithHook(
  s: Stage,
  ...args: string[]
): { readonly code: number | null; readonly said: string } {
  const hook = join(s.repository, '.git/hooks/pre-commit');
  writeFileSync(hook, `#!/bin/sh\nexec "${process.execPath}" "${s.program}" validate --staged\n`);
  chmodSync(hook, 0o755);
  const env = { ...gitEnvironment(), TMPDIR: join(s.folder, 't'), HOME: s.folder, NO_COLOR: '1' };
  const done = spawnSync('git', ['commit', '-m', 'Through the hook', ...args], {
    cwd: s.repository,
    env,
    encoding: 'utf8',
  });
  return { code: done.status, said: done.stdout + done.stderr };
}

test(
  'a pre-commit hook judges exactly what is about to be committed, however it was staged',
  async () => {
    const s = await stage(model);
    writeFiles(s.repository, shop('9.9.9'));
    expect(commitWithHook(s, '--allow-empty').code, 'what is not staged is not judged').toBe(0);

    const all = commitWithHook(s, '-a');
    expect(all.code, 'commit -a shows its index to the hook only').toBe(1);
    expect(all.said).toContain('solutions/shop.yaml');
    expect(all.said, 'with the line as it is staged').toContain('9.9.9');

    const named = commitWithHook(s, 'solutions/shop.yaml');
    expect(named.code, 'nor does a commit of one file get by').toBe(1);

    gitIn(s, 'add', 'solutions/shop.yaml');
    writeFiles(s.repository, shop('1.0.0'));
    expect(commitWithHook(s).code, 'mended in the work tree only').toBe(1);
    expect((await s.call('validate')).code, 'where it is well').toBe(0);

    writeFiles(s.repository, { ...component('9.9.9'), ...shop('9.9.9') });
    gitIn(s, 'add', '-A');
    expect(commitWithHook(s).code, 'what it needs is staged with it').toBe(0);
    gitIn(s, 'rm', '-q', '--cached', 'catalog/part/9.9.9.yaml');
    expect(commitWithHook(s).code, 'a removal is seen').toBe(1);
  },
  within,
);

test(
  'a commit answers for what it breaks, a work tree says that it is one, and --from forgives what was wrong before',
  async () => {
    const s = await stage(model);
    const good = gitIn(s, 'rev-parse', 'HEAD');
    const broken = s.commit(shop('9.9.9'), 'Break it');
    const later = s.commit({ 'README.md': 'Words.\n' }, 'Say something');

    const judged = await s.call('validate', broken, '--json');
    expect(judged.code).toBe(3);
    expect(validity(judged)).toMatchObject({
      valid: false,
      revision: broken,
      diagnostics: [{ file: 'solutions/shop.yaml', severity: 'error' }],
    });
    expect((await s.call('validate', later)).code, 'its parent had the error already').toBe(0);
    expect((await s.call('validate', later, '--from', good)).code, 'asked to answer for both').toBe(3);
    expect((await s.call('validate', broken, '--from', broken)).code).toBe(0);

    const here = await s.call('validate', '--json');
    expect(validity(here).revision).toBe('worktree');
    const unknown = await s.call('validate', 'no-such-branch', '--json');
    expect(unknown.code).toBe(1);
    expect(unknown.stdout).toContain('revision.unknown');
    expect((await s.call('validate', 'HEAD', '--from', 'no-such-branch')).code).toBe(1);
    expect(gitIn(s, 'status', '--porcelain'), 'judging leaves no trace').toBe('');
  },
  within,
);
