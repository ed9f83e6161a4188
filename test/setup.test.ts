import { spawn } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const scripts = fileURLToPath(new URL('../scripts', import.meta.url));

/** Stands in for npm: notes its arguments and settings, and lays down a package. Slow enough to be overtaken. */
const FAKE_NPM = `#!/bin/sh
echo "$*" >> npm-calls
env | grep -E '^(npm_|NODE_ENV=)' >> npm-leaks
rm -rf node_modules
sleep 0.1
mkdir -p node_modules/some-package
[ ! -e npm-fails ] || { echo 'E404 some-package' >&2; exit 1; }
`;

/** Stands in for the build: one more line in a log, and an output. */
const FAKE_BUILD = `
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
appendFileSync('build-calls', 'build\\n');
mkdirSync('dist', { recursive: true });
writeFileSync('dist/heliostat.js', 'built');
`;

let clone: string;

beforeEach(() => {
  clone = mkdtempSync(join(tmpdir(), 'heliostat-setup-'));
  cpSync(scripts, join(clone, 'scripts'), { recursive: true });
  write('scripts/build.mjs', FAKE_BUILD);
  write('package-lock.json', '{}');
  write('src/core/a.ts', 'export const a = 1;');
  write('bin/npm', FAKE_NPM);
  chmodSync(join(clone, 'bin/npm'), 0o755);
});

afterEach(() => rmSync(clone, { recursive: true, force: true }));

describe('a fresh clone', () => {
  it('installs the packages and builds, with one friendly line', async () => {
    const { code, output } = await setup();

    expect(code).toBe(0);
    expect(output.trim().split('\n')).toHaveLength(1);
    expect(lines('npm-calls')).toHaveLength(1);
    expect(lines('npm-calls')[0]).toMatch(/^ci --include=dev /);
    expect(read('dist/heliostat.js')).toBe('built');
  });

  it('hides the settings of an outer npm, which would leave out the tools', async () => {
    await setup({ npm_config_omit: 'dev', NODE_ENV: 'production' });

    expect(lines('npm-leaks')).toEqual([]);
  });

  it('works once when two start at the same time', async () => {
    const results = await Promise.all([setup(), setup()]);

    expect(results.map(({ code }) => code)).toEqual([0, 0]);
    expect(lines('npm-calls')).toHaveLength(1);
    expect(lines('build-calls')).toHaveLength(1);
  });

  it('takes over the lock of a process that died', async () => {
    write('.setup.lock', JSON.stringify({ pid: 2 ** 22 + 1, started: '1', host: hostname() }));

    expect((await setup()).code).toBe(0);
    expect(existsSync(join(clone, '.setup.lock'))).toBe(false);
  });

  it('takes over a lock whose process id now belongs to another program', async () => {
    write('.setup.lock', JSON.stringify({ pid: process.pid, started: 'long ago', host: hostname() }));

    expect((await setup()).code).toBe(0);
  });

  it('shows what npm said when the installation fails, and tries again the next time', async () => {
    write('npm-fails', '');
    const failed = await setup();

    expect(failed.code).toBe(1);
    expect(failed.output).toContain('E404 some-package');
    rmSync(join(clone, 'npm-fails'));
    expect((await setup()).code).toBe(0);
    expect(lines('npm-calls')).toHaveLength(2);
  });
});

describe('a clone that is set up', () => {
  beforeEach(async () => {
    await setup();
  });

  it('does nothing and says nothing', async () => {
    expect(await setup()).toEqual({ code: 0, output: '' });
    expect(calls()).toEqual({ npm: 1, build: 1 });
  });

  it('installs anew after the lockfile changed', async () => {
    write('package-lock.json', '{ "changed": true }');
    await setup();

    expect(calls()).toEqual({ npm: 2, build: 2 });
  });

  it('installs anew after node_modules was removed', async () => {
    rmSync(join(clone, 'node_modules'), { recursive: true });
    await setup();

    expect(calls().npm).toBe(2);
  });

  it.each([
    ['a source file changed', () => write('src/core/a.ts', 'export const a = 2;')],
    ['a source file was added', () => write('src/core/b.ts', '')],
    ['a schema was added', () => write('schemas/domain.schema.json', '{}')],
    ['dist was removed', () => rmSync(join(clone, 'dist'), { recursive: true })],
    ['dist was changed by hand', () => write('dist/heliostat.js', 'edited')],
  ])('builds, and installs nothing, after %s', async (_, change) => {
    change();
    await setup();

    expect(calls()).toEqual({ npm: 1, build: 2 });
    expect(read('dist/heliostat.js')).toBe('built');
  });

  it('builds nothing when a file was touched but not changed, as by a fresh check-out', async () => {
    utimesSync(join(clone, 'src/core/a.ts'), new Date(), new Date());
    await setup();

    expect(calls()).toEqual({ npm: 1, build: 1 });
  });
});

function setup(environment: Record<string, string> = {}): Promise<{ code: number | null; output: string }> {
  const env = {
    ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_|^NODE_ENV$/.test(name))),
    PATH: `${join(clone, 'bin')}${delimiter}${process.env['PATH']}`,
    ...environment,
  };
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['scripts/setup.mjs'], { cwd: clone, env });
    let output = '';
    child.stdout.on('data', (text: Buffer) => (output += text.toString()));
    child.stderr.on('data', (text: Buffer) => (output += text.toString()));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, output: output.replace(/^Waiting for .*\n/m, '') }));
  });
}

function write(path: string, content: string): void {
  mkdirSync(join(clone, path, '..'), { recursive: true });
  writeFileSync(join(clone, path), content);
}

function read(path: string): string {
  return readFileSync(join(clone, path), 'utf8');
}

function lines(path: string): string[] {
  return existsSync(join(clone, path)) ? read(path).split('\n').filter(Boolean) : [];
}

function calls(): { npm: number; build: number } {
  return { npm: lines('npm-calls').length, build: lines('build-calls').length };
}
