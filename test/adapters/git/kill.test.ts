import { execFileSync, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { showed } from '../../support/promises.js';
import { git, gitEnvironment, makeFolder, makeRepository } from '../../support/git.js';

const root = join(import.meta.dirname, '../../..');
const ref = 'refs/heads/heliostat/status';

/** A program that commits without end: small commits as files, large ones as packs. */
const program = `
  import { openRepository } from './git/index.js';
  const { refs } = (await openRepository(process.argv[2])).ok;
  for (let i = 0; ; i++) {
    const changes = Array.from({ length: i % 2 ? 3 : 40 }, (_, k) => ({ path: 'd' + k + '/f', content: process.pid + ' ' + i + ' ' + k }));
    const parent = await refs.read(${JSON.stringify(ref)});
    const commit = await refs.commit({ parent, changes, message: 'x', wallMs: 0 });
    const result = await refs.compareAndSwap(${JSON.stringify(ref)}, parent, commit);
    if (result.kind !== 'swapped') throw new Error(JSON.stringify(result));
    process.stdout.write('.');
  }`;

it('a kill at any moment leaves no torn object, no broken branch, and no lock that is in the way of the next', async (context) => {
  const folder = makeRepository();
  const code = makeFolder();
  execFileSync(
    join(root, 'node_modules/.bin/esbuild'),
    [
      join(root, 'src/adapters/git/index.ts'),
      '--bundle',
      '--splitting',
      '--platform=node',
      '--format=esm',
      '--packages=external',
      `--outdir=${join(code, 'git')}`,
    ],
    { stdio: 'ignore' },
  );
  writeFileSync(join(code, 'package.json'), '{"type":"module"}');
  writeFileSync(join(code, 'program.js'), program);
  let crashes = 0;
  for (let round = 0; round < 12; round++) {
    const child = spawn(process.execPath, [join(code, 'program.js'), folder], {
      env: gitEnvironment(),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let errors = '';
    child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
    const gone = new Promise((resolve) => child.once('close', resolve));
    await new Promise((resolve) => child.stdout.once('data', resolve).once('close', resolve));
    await new Promise((resolve) => setTimeout(resolve, round * 7));
    child.kill('SIGKILL');
    await gone;
    expect(errors).toBe('');
    crashes++;
    git(folder, 'fsck', '--strict', '--full');
  }
  expect(Number(git(folder, 'rev-list', '--count', ref))).toBeGreaterThanOrEqual(12);
  showed(context, { crashesSurvived: crashes });
});
