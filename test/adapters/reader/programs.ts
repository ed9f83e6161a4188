import { build } from 'esbuild';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../', import.meta.url));

export interface Programs {
  readonly folder: string;
  readonly reader: string;
  readonly fragile: string;
  remove(): void;
}

/** The real child program and a fragile one, bundled as they are for dist. */
export async function bundlePrograms(): Promise<Programs> {
  const folder = mkdtempSync(join(tmpdir(), 'heliostat-reader-'));
  await build({
    entryPoints: {
      reader: join(root, 'src/entry/reader/main.ts'),
      fragile: join(root, 'test/adapters/reader/fragile.ts'),
    },
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    format: 'esm',
    platform: 'node',
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
    },
    logLevel: 'error',
  });
  return {
    folder,
    reader: join(folder, 'reader.mjs'),
    fragile: join(folder, 'fragile.mjs'),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
