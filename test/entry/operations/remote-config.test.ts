import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../../src/core/base/data.js';
import { ConfigMap } from '../../../src/entry/operations/config-map.js';
import { remoteSettings as readRemote } from '../../../src/entry/operations/remote-config.js';
import { remoteToken } from '../../../src/entry/operations/remote-token.js';
import { makeFolder } from '../../support/git.js';

const remoteSettings = (remote: Json) => readRemote(ConfigMap.whole('c.yaml', { remote }));

const gitHub = { kind: 'http', host: 'github.com' } as const;
const other = { kind: 'http', host: 'git.example' } as const;

describe('remote of the configuration', () => {
  it('has usual values for all', () => {
    expect(remoteSettings(null)).toEqual({ token: null, pollMs: 15_000, depth: 1_000 });
    expect(remoteSettings({ token: 'env:T', pollInterval: '1m', depth: 5 })).toEqual({
      token: 'env:T',
      pollMs: 60_000,
      depth: 5,
    });
  });

  it.each([
    [
      'a token itself, which is not repeated',
      { token: 'ghp_secret' },
      'remote.token names no place to read it from',
    ],
    ['a poll without end', { pollInterval: '10ms' }, 'a second or more'],
    ['no number of commits', { depth: 0 }, 'remote.depth'],
    ['a key that there is not', { pol: '1s' }, 'no setting remote.pol'],
  ])('refuses %s', (_what, value, said) => {
    const read = () => remoteSettings(value);
    expect(read).toThrow(said);
    expect(read).not.toThrow('ghp_secret');
  });
});

describe('the token of a remote', () => {
  const none = { token: null };

  it('is that of HELIOSTAT_TOKEN, for any host that was named', async () => {
    const { credentials } = remoteToken(other, none, { HELIOSTAT_TOKEN: 'mine', GITHUB_TOKEN: 'theirs' });
    expect(await credentials()).toEqual({ username: 'x-access-token', token: 'mine' });
  });

  it('is that of GITHUB_TOKEN only for the host that has made it', async () => {
    const of = (url: typeof gitHub | typeof other, server?: string) =>
      remoteToken(url, none, {
        GITHUB_TOKEN: 'theirs',
        ...(server === undefined ? {} : { GITHUB_SERVER_URL: server }),
      }).credentials();
    expect(await of(gitHub)).toMatchObject({ token: 'theirs' });
    expect(await of(other)).toBeNull();
    expect(await of(other, 'https://git.example')).toMatchObject({ token: 'theirs' });
    expect(await of(other, 'https://git.example.evil')).toBeNull();
  });

  it('is never sent over SSH, which has keys', async () => {
    const ssh = { kind: 'ssh', host: 'github.com' } as const;
    expect(await remoteToken(ssh, none, { HELIOSTAT_TOKEN: 'mine' }).credentials()).toBeNull();
  });

  it('of a file is read anew each time, and no message shows any of them, nor as it stands in a header', async () => {
    const file = join(makeFolder(), 'token');
    writeFileSync(file, 'first-token\n', { mode: 0o600 });
    const { credentials, redact } = remoteToken(other, { token: `file:${file}` }, {});
    expect(await credentials()).toMatchObject({ token: 'first-token' });
    writeFileSync(file, 'other-token\n');
    expect(await credentials()).toMatchObject({ token: 'other-token' });
    const header = Buffer.from('x-access-token:first-token').toString('base64');
    expect(redact(`first-token other-token ${header}`)).toBe('[redacted] [redacted] [redacted]');
  });

  it('of a file that everybody may read is refused, at once and later', async () => {
    const file = join(makeFolder(), 'token');
    writeFileSync(file, 'first-token\n', { mode: 0o600 });
    const { credentials } = remoteToken(other, { token: `file:${file}` }, {});
    chmodSync(file, 0o644);
    await expect(credentials()).rejects.toMatchObject({
      code: 'remote.denied',
      fix: `Run: chmod 600 ${file}`,
    });
    expect(() => remoteToken(other, { token: `file:${file}` }, {})).toThrow('everybody on this machine');
  });
});
