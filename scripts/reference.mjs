// Writes docs/cli.md from the definition of the command line, so that page and `--help` say the same.
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { root } from './lib/root.mjs';
import { writeIfChanged } from './lib/write-if-changed.mjs';

const CACHE = join(root, 'node_modules/.cache/heliostat');

/** Below node_modules, so that the packages are found from there. */
async function load() {
  const outfile = join(CACHE, `reference.${process.pid}.mjs`);
  mkdirSync(CACHE, { recursive: true });
  try {
    await build({
      entryPoints: [join(root, 'src/entry/cli/reference.ts')],
      outfile,
      bundle: true,
      packages: 'external',
      format: 'esm',
      platform: 'node',
      logLevel: 'error',
    });
    return await import(pathToFileURL(outfile).href);
  } finally {
    rmSync(outfile, { force: true });
  }
}

const { referencePage } = await load();
writeIfChanged(join(root, 'docs/cli.md'), referencePage());
