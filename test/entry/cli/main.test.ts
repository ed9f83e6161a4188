import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import packageFile from '../../../package.json' with { type: 'json' };
import { makeLastingFolder, removeFolder } from '../../support/git.js';

let folder: string;

beforeAll(async () => {
  folder = makeLastingFolder();
  await build({
    entryPoints: ['src/entry/main.ts'],
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    logLevel: 'error',
    banner: {
      js: "import { createRequire as __r } from 'node:module'; const require = __r(import.meta.url);",
    },
  });
});
afterAll(() => removeFolder(folder));

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** The real program in a process of its own. */
function heliostat(argv: readonly string[], readAll = true): Promise<Ended> {
  return new Promise((settle) => {
    const child = spawn(process.execPath, [join(folder, 'main.mjs'), ...argv], { cwd: folder });
    let [out, err] = ['', ''];
    child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
    if (readAll) child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    else child.stdout.destroy();
    child.on('close', (code) => settle({ code, out, err }));
  });
}

describe('the program', () => {
  it('gives its version on standard output', async () => {
    expect(await heliostat(['--version'])).toEqual({ code: 0, out: `${packageFile.version}\n`, err: '' });
  });

  it('answers its caller by its exit code', async () => {
    const { code, err } = await heliostat(['pln']);
    expect(code).toBe(1);
    expect(err).toContain('Did you mean plan?');
  });

  it('colours nothing that is read by a program', async () => {
    const { out, err } = await heliostat(['explain', 'cli.usage']);
    expect(out).toContain('cli.usage');
    expect(out + err).not.toContain('\u001b');
  });

  it('says nothing of a reader that left: heliostat … | head is no fault', async () => {
    expect(await heliostat(['--help'], false)).toEqual({ code: 0, out: '', err: '' });
  });
});
