import { spawn } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join, resolve, dirname } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Version } from '../../../src/core/base/version.js';
import { readKind } from '../../../src/core/model/kind.js';
import { readText } from '../../../src/core/model/text.js';
import { git, makeFolder, makeRepository, writeFiles } from '../../support/git.js';
import { heliostat } from './support/fakes.js';

const programVersion = '0.1.0' as Version;

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => !path.startsWith('.git/') && statSync(join(folder, path)).isFile())
    .sort();
}

function mistakesIn(folder: string, path: string): string[] {
  const document = readText(readFileSync(join(folder, path)));
  return readKind(path, document, { programVersion, folder: '' }).diagnostics.map((each) => each.message);
}

describe('init', () => {
  it('writes a model in which nothing is wrong, not even a file in an unexpected place', async () => {
    const cwd = makeFolder();
    const { code, out } = await heliostat(['init', 'shop'], {}, { cwd });
    expect(code).toBe(0);
    const folder = join(cwd, 'shop');
    const models = filesBelow(folder).filter((path) => path.endsWith('.yaml'));
    expect(models).toEqual([
      'catalog/web/1.0.0.yaml',
      'catalog/web/1.1.0.yaml',
      'heliostat.yaml',
      'solutions/hello.yaml',
    ]);
    for (const path of models) expect(mistakesIn(folder, path), path).toEqual([]);
    expect(out).toContain('cd shop\n');
    expect(out).toContain('git add . && git commit');
    expect(out).toContain('"version: 1.1.0"');
  });

  it('begins a repository and commits nothing, so that the first commit is the user’s', async () => {
    const folder = makeFolder();
    await heliostat(['init', '.'], {}, { cwd: folder });
    expect(git(folder, 'symbolic-ref', 'HEAD')).toBe('refs/heads/main');
    expect(git(folder, 'rev-list', '--all')).toBe('');
    expect(readFileSync(join(folder, '.gitignore'), 'utf8')).toBe('.heliostat/\n');
  });

  it('points every editor at a schema that lies beside the model', async () => {
    const folder = makeFolder();
    await heliostat(['init'], {}, { cwd: folder });
    for (const path of filesBelow(folder).filter((each) => each.endsWith('.yaml'))) {
      const [first = ''] = readFileSync(join(folder, path), 'utf8').split('\n');
      const schema = /^# yaml-language-server: \$schema=(.+)$/.exec(first)?.[1] ?? 'none';
      expect(existsSync(resolve(folder, dirname(path), schema)), `${path}: ${schema}`).toBe(true);
    }
  });

  it('overwrites nothing, and then writes nothing at all', async () => {
    const folder = makeRepository();
    writeFiles(folder, { 'solutions/hello.yaml': 'mine' });
    const { code, err } = await heliostat(['init'], {}, { cwd: folder });
    expect(code).toBe(1);
    expect(err).toContain('solutions/hello.yaml exists');
    expect(filesBelow(folder)).toEqual(['solutions/hello.yaml']);
  });

  it('in a folder of a larger repository writes paths from its root, and ignores the state there', async () => {
    const root = makeRepository();
    writeFiles(root, { '.gitignore': 'node_modules/' });
    await heliostat(['init', 'envs/my shop'], {}, { cwd: root });
    const component = readFileSync(join(root, 'envs/my shop/catalog/web/1.0.0.yaml'), 'utf8');
    expect(component).toContain('artifacts: ["envs/my shop/services/web/server.mjs"]');
    expect(readFileSync(join(root, '.gitignore'), 'utf8')).toBe('node_modules/\n.heliostat/\n');
    expect(existsSync(join(root, 'envs/my shop/.git'))).toBe(false);
  });

  it('adds a hook that validates what is staged, but changes no hook of others', async () => {
    const folder = makeRepository();
    expect((await heliostat(['init', '--hook'], {}, { cwd: folder })).code).toBe(0);
    const hook = join(folder, '.git/hooks/pre-commit');
    expect(statSync(hook).mode & 0o111).not.toBe(0);
    expect(readFileSync(hook, 'utf8')).toContain('exec heliostat validate --staged');
    writeFileSync(hook, '#!/bin/sh\n');
    const { code, err } = await heliostat(['init', 'other', '--hook'], {}, { cwd: folder });
    expect(code).toBe(1);
    expect(err).toContain('Add this line to it: heliostat validate --staged');
    expect(existsSync(join(folder, 'other'))).toBe(false);
  });

  it('commits when told, and only what it wrote', async () => {
    const folder = makeRepository();
    git(folder, 'config', 'user.name', 'Ada');
    git(folder, 'config', 'user.email', 'ada@example.com');
    writeFiles(folder, { 'notes.txt': 'mine' });
    git(folder, 'add', 'notes.txt');
    const { code, out } = await heliostat(['init', '--commit'], {}, { cwd: folder });
    expect(code).toBe(0);
    expect(out).not.toContain('git add');
    expect(git(folder, 'status', '--porcelain')).toBe('A  notes.txt');
  });

  it('takes no name for the domain that the model would refuse', async () => {
    const folder = makeFolder();
    expect((await heliostat(['init', '--domain', 'Prod!'], {}, { cwd: folder })).code).toBe(1);
    expect((await heliostat(['init', '--domain', 'staging', '--json'], {}, { cwd: folder })).code).toBe(0);
    expect(readFileSync(join(folder, 'heliostat.yaml'), 'utf8')).toContain('name: staging\n');
  });
});

describe('the service that init writes', () => {
  it('answers, says that it is well, and ends when it is asked to', async () => {
    const folder = makeFolder();
    await heliostat(['init'], {}, { cwd: folder });
    const port = await freePort();
    const env = {
      ...process.env,
      HOST: '127.0.0.1',
      PORT: String(port),
      GREETING: 'Hello',
      VERSION: '1.0.0',
    };
    const service = spawn(process.execPath, ['services/web/server.mjs'], { cwd: folder, env });
    onTestFinished(() => void service.kill('SIGKILL'));
    await new Promise((settle) => service.stdout.once('data', settle));
    const base = `http://127.0.0.1:${port}`;
    expect((await fetch(`${base}/healthz`)).status).toBe(200);
    expect(await (await fetch(base)).text()).toContain('Hello from web 1.0.0');
    const ended = new Promise((settle) => service.once('exit', settle));
    service.kill('SIGTERM');
    expect(await ended).toBe(0);
  });
});

function freePort(): Promise<number> {
  return new Promise((settle) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => settle(port));
    });
  });
}
