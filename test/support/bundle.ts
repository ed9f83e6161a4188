import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('../../', import.meta.url));
const cache = join(root, 'node_modules/.cache/heliostat-tests');

const require = "import{createRequire as __r}from'node:module';const require=__r(import.meta.url);";
const built = new Map<string, Promise<string>>();

/**
 * Bundles a program (`src/entry/gateway/main.ts`) as the build does, into one file, and gives its
 * path. The name tells the content, so that test files of one run, and runs, share it.
 */
export function bundleEntry(source: string): Promise<string> {
  const known = built.get(source) ?? bundle(source);
  built.set(source, known);
  return known;
}

/**
 * A folder with every program, named as in `dist` (`heliostat.js`, `gateway.js`, …), for tests of
 * programs that start each other. Made from the sources as they are now.
 */
export function bundlePrograms(): Promise<string> {
  const known = built.get('*') ?? Promise.resolve().then(programs);
  built.set('*', known);
  return known;
}

async function bundle(source: string): Promise<string> {
  const result = await build({
    entryPoints: [join(root, source)],
    absWorkingDir: root,
    write: false,
    outdir: cache,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    legalComments: 'none',
    banner: { js: require },
    logLevel: 'warning',
  });
  const contents = result.outputFiles[0]?.contents ?? new Uint8Array();
  const name = `${basename(dirname(source))}-${digest([contents])}.js`;
  return placed(name, (draft) => writeFileSync(draft, contents));
}

function programs(): string {
  mkdirSync(cache, { recursive: true });
  const draft = mkdtempSync(join(cache, 'programs-'));
  try {
    const child = spawnSync(process.execPath, [join(root, 'scripts/build.mjs'), '--outdir', draft], {
      encoding: 'utf8',
    });
    if (child.status !== 0) throw new Error(`the programs cannot be built:\n${child.stderr}`);
    const all = readdirSync(draft, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
    const files = all.map(({ parentPath, name }) => join(parentPath, name)).sort();
    const name = `programs.${digest(files.map((file) => readFileSync(file)))}`;
    return placed(name, (folder) => cpSync(draft, folder, { recursive: true }));
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

/** Written aside and renamed: another test process may be making the same. */
function placed(name: string, write: (draft: string) => void): string {
  const path = join(cache, name);
  if (existsSync(path)) return path;
  mkdirSync(cache, { recursive: true });
  const draft = join(cache, `draft-${process.pid}-${name}`);
  write(draft);
  try {
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    if (!existsSync(path)) throw error;
  }
  return path;
}

function digest(parts: readonly Uint8Array[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex').slice(0, 16);
}
