// Kills the real daemon some thousand times: `npm run kills -- --kills 2000`; `--help` tells the rest. The programs are
// built once, aside, so that the sources may change meanwhile. Ctrl-C ends in order; a second one at once.
import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { bundleAside } from './lib/bundle-aside.mjs';
import { root } from './lib/root.mjs';

const { folder, program } = await bundleAside('kills', 'test/support/kills/main.ts');
const programs = join(folder, 'programs');
const built = spawnSync(process.execPath, [join(root, 'scripts/build.mjs'), '--outdir', programs], {
  stdio: 'inherit',
});
if (built.status !== 0) process.exit(1);
const { main } = await import(program.href);
process.exitCode = await main(['--programs', programs, '--revision', revision(), ...process.argv.slice(2)]);

function revision() {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim();
  } catch {
    return 'unknown';
  }
}
