import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { ProviderManifest } from '../../../src/core/base/manifest.js';
import { checkNode, checkPorts, checkProc } from '../../../src/entry/cli/doctor/machine.js';
import { Failure, type Operations } from '../../../src/entry/cli/operations.js';
import { commitFiles, initRepository, makeFolder, makeRepository } from '../../support/git.js';
import { heliostat } from './support/fakes.js';

const noProviders: Partial<Operations> = {
  providers: () =>
    Promise.reject(new Failure('config.unreadable', 'the configuration cannot be read', 'Mend it.')),
  reach: () => Promise.resolve({ remote: null, forge: null }),
};

const noop = { name: 'noop', portRange: null } as unknown as ProviderManifest;
const some: Partial<Operations> = {
  providers: () => Promise.resolve([noop]),
  reach: () => Promise.resolve({ remote: null, forge: null }),
};

describe('doctor', () => {
  it('finds nothing missing in a repository that can be worked in', async () => {
    const cwd = makeRepository();
    commitFiles(cwd, { 'heliostat.yaml': 'kind: Domain\n' }, 'Begin');
    const { code, out } = await heliostat(['doctor'], some, { cwd });
    expect(out).not.toContain('missing');
    expect(code).toBe(0);
    expect(out).toMatch(/ok +domain +.*heliostat\.yaml/);
    expect(out).toMatch(/ok +providers +noop/);
  });

  it('names what is missing with the command that mends it', async () => {
    const cwd = makeFolder();
    const { code, out } = await heliostat(['doctor', '--config', 'none.yaml', '--json'], noProviders, {
      cwd,
    });
    expect(code).toBe(1);
    const { ok, checks } = JSON.parse(out) as {
      ok: boolean;
      checks: { name: string; state: string; command: string }[];
    };
    expect(ok).toBe(false);
    const states = Object.fromEntries(checks.map((check) => [check.name, [check.state, check.command]]));
    expect(states['repository']).toEqual(['missing', 'heliostat init']);
    expect(states['configuration']?.[0]).toBe('missing');
    expect(states['providers']).toEqual(['warn', 'Mend it.']);
  });

  it('knows a bare repository, whose state lies inside it', async () => {
    const cwd = initRepository(makeFolder(), '--bare');
    const { out } = await heliostat(['doctor'], some, { cwd });
    expect(out).toMatch(/ok +repository +bare, /);
    expect(out).toContain(join(cwd, '.heliostat'));
  });

  it('sees a repository that cannot be read', async () => {
    const cwd = initRepository(makeFolder(), '--object-format=sha256');
    const { code, out } = await heliostat(['doctor'], some, { cwd });
    expect(code).toBe(1);
    expect(out).toContain('sha256, which is not read yet');
  });

  it('sees a state folder that is none', async () => {
    const cwd = makeRepository();
    writeFileSync(join(cwd, '.heliostat'), '');
    expect((await heliostat(['doctor'], some, { cwd })).out).toContain('is no folder');
  });

  it('finds the domain from a folder below it, as the other verbs do', async () => {
    const cwd = makeRepository();
    commitFiles(cwd, { 'heliostat.yaml': 'kind: Domain\n' }, 'Begin');
    mkdirSync(join(cwd, 'solutions'));
    const { out } = await heliostat(['doctor'], some, { cwd: join(cwd, 'solutions') });
    expect(out).toMatch(/ok +domain +.*heliostat\.yaml/);
  });
});

describe('a check', () => {
  it('takes the oldest Node that is promised, and none before it', () => {
    expect(checkNode('20.19.0').state).toBe('ok');
    expect(checkNode('24.0.1').state).toBe('ok');
    expect(checkNode('20.18.9').state).toBe('missing');
    expect(checkNode('18.20.0').state).toBe('missing');
  });

  it('misses /proc where processes cannot be told apart', () => {
    expect(checkProc('/no/such/file').state).toBe('missing');
  });

  it('finds a range of ports in use', async () => {
    const server = createServer();
    onTestFinished(() => void server.close());
    await new Promise<void>((settle) => server.listen(0, '127.0.0.1', settle));
    const { port } = server.address() as AddressInfo;
    const manifest = { name: 'process', portRange: [port, port] } as unknown as ProviderManifest;
    expect((await checkPorts([manifest]))[0]?.state).toBe('warn');
  });
});
