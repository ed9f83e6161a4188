// Bundles the programs into dist (or the folder given by --outdir). The same sources give the same bytes.
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { generate } from './generate.mjs';
import { entries } from './lib/entries.mjs';
import { thirdPartyNotices } from './lib/notices.mjs';
import { root } from './lib/root.mjs';
import { writeIfChanged } from './lib/write-if-changed.mjs';

const { values } = parseArgs({ options: { outdir: { type: 'string', default: join(root, 'dist') } } });
const outdir = resolve(values.outdir);

// Packages written in CommonJS call `require` for Node's own modules, which an ES module does not have.
const REQUIRE =
  "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);";

await generate();
const found = entries();
const results = await Promise.all([
  bundle(
    found.filter((entry) => entry.lazy),
    { splitting: true },
  ),
  ...found.filter((entry) => !entry.lazy).map((entry) => bundle([entry], {})),
]);
write(results);

function bundle(group, options) {
  return build({
    entryPoints: Object.fromEntries(group.map(({ name, source }) => [name, source])),
    absWorkingDir: root,
    outdir,
    write: false,
    metafile: true,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    // Names stay and lines are short, so that a stack trace still tells something.
    minifyWhitespace: true,
    lineLimit: 160,
    legalComments: 'none',
    sourcemap: false,
    // Beside the entries, so that `new URL('./reader.js', import.meta.url)` means the same in every file.
    chunkNames: 'chunk-[hash]',
    banner: { js: REQUIRE },
    logLevel: 'warning',
    ...options,
  });
}

function write(results) {
  mkdirSync(outdir, { recursive: true });
  const executables = new Set(found.filter((entry) => entry.executable).map(({ name }) => `${name}.js`));
  const files = results
    .flatMap((result) => result.outputFiles)
    .map(({ path, contents }) => ({ name: relative(outdir, path), contents }));
  const inputs = results.flatMap((result) => Object.keys(result.metafile.inputs));
  if (files.length > 0) {
    files.push({ name: 'THIRD-PARTY-NOTICES.txt', contents: thirdPartyNotices(inputs) });
    // The Action's folder is handed on by itself.
    const inAction = results.filter(({ outputFiles }) => outputFiles.some(({ path }) => isOfAction(path)));
    const actionInputs = inAction.flatMap((result) => Object.keys(result.metafile.inputs));
    files.push({ name: 'action/THIRD-PARTY-NOTICES.txt', contents: thirdPartyNotices(actionInputs) });
  }
  // Chunks first, entries after them: whoever starts in between finds all that his entry names.
  files.sort((a, b) => Number(b.name.startsWith('chunk-')) - Number(a.name.startsWith('chunk-')));
  for (const { name, contents } of files) {
    const executable = executables.has(name);
    mkdirSync(dirname(join(outdir, name)), { recursive: true });
    writeIfChanged(
      join(outdir, name),
      executable ? withShebang(contents) : contents,
      executable ? 0o755 : 0o644,
    );
  }
  const kept = new Set(files.map(({ name }) => name));
  for (const entry of readdirSync(outdir, { recursive: true, withFileTypes: true })) {
    const name = relative(outdir, join(entry.parentPath, entry.name));
    if (entry.isFile() && !kept.has(name)) rmSync(join(outdir, name));
  }
}

function isOfAction(path) {
  return relative(outdir, path).startsWith('action');
}

function withShebang(contents) {
  const text = Buffer.from(contents).toString('utf8');
  return text.startsWith('#!') ? text : `#!/usr/bin/env node\n${text}`;
}
