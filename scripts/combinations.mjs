// The long form of the exhaustive combinations: `npm run combinations -- --count 40000`; `--help` tells the rest.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { root } from './lib/root.mjs';

const cache = join(root, 'node_modules/.cache');
mkdirSync(cache, { recursive: true });
const folder = mkdtempSync(join(cache, 'heliostat-combinations-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

const outfile = join(folder, 'combinations.mjs');
await build({
  entryPoints: [join(root, 'test/support/small-world/main.ts')],
  absWorkingDir: root,
  outfile,
  bundle: true,
  packages: 'external',
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  logLevel: 'warning',
});
const program = pathToFileURL(outfile);
const { main } = await import(program.href);
process.exitCode = await main(process.argv.slice(2), program);
