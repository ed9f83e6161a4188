// Kills the real daemon some thousand times: `npm run kills -- --kills 2000`; `--help` tells the rest. The programs are
// built once, aside, so that the sources may change meanwhile. Ctrl-C ends in order; a second one at once.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { root } from './lib/root.mjs';

const cache = join(root, 'node_modules/.cache');
mkdirSync(cache, { recursive: true });
const folder = mkdtempSync(join(cache, 'heliostat-kills-'));
// Also at the second Ctrl-C, which the program itself answers.
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

const programs = join(folder, 'programs');
const built = spawnSync(process.execPath, [join(root, 'scripts/build.mjs'), '--outdir', programs], {
  stdio: 'inherit',
});
if (built.status !== 0) process.exit(1);
const outfile = join(folder, 'kills.mjs');
await build({
  entryPoints: [join(root, 'test/support/kills/main.ts')],
  absWorkingDir: root,
  outfile,
  bundle: true,
  packages: 'external',
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  logLevel: 'warning',
});
const { main } = await import(pathToFileURL(outfile).href);
process.exitCode = await main(['--programs', programs, '--revision', revision(), ...process.argv.slice(2)]);

function revision() {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim();
  } catch {
    return 'unknown';
  }
}
