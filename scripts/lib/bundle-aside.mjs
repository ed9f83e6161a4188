import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { root } from './root.mjs';

/**
 * Bundles a program of the tests into a folder of its own, which goes with this process: the sources may change
 * meanwhile. Gives the folder and the program's address.
 */
export async function bundleAside(name, source) {
  const cache = join(root, 'node_modules/.cache');
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, `heliostat-${name}-`));
  // Also at a second Ctrl-C, which the program itself answers.
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  const outfile = join(folder, `${name}.mjs`);
  await build({
    entryPoints: [join(root, source)],
    absWorkingDir: root,
    outfile,
    bundle: true,
    packages: 'external',
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    logLevel: 'warning',
  });
  return { folder, program: pathToFileURL(outfile) };
}
