import { describe, expect, it, onTestFinished } from 'vitest';
import { openForge } from '../../../src/entry/operations/forge.js';
import type { ForgeConfig } from '../../../src/entry/operations/forge-config.js';

const plain: ForgeConfig = {
  kind: 'github',
  repository: null,
  api: null,
  auth: { kind: 'token', from: 'env:HELIOSTAT_TEST_TOKEN' },
  policy: { reverts: 'pullRequest', otherPlan: 'goOn' },
  trusts: [],
};
const github = { url: 'https://github.com/acme/shop.git', host: 'github.com', path: 'acme/shop' };
const elsewhere = { url: 'https://git.acme.example/acme/shop', host: 'git.acme.example', path: 'acme/shop' };

function withToken(name: string, value: string): void {
  const before = process.env[name];
  process.env[name] = value;
  onTestFinished(() => {
    if (before === undefined) delete process.env[name];
    else process.env[name] = before;
  });
}

describe('the forge of the configuration', () => {
  it('is that of the repository, named as people see it', () => {
    withToken('HELIOSTAT_TEST_TOKEN', 'pl4nted-token');
    expect(openForge(plain, github).forge.webUrl).toBe('https://github.com/acme/shop');
    expect(openForge(plain, elsewhere).forge.webUrl).toBe('https://git.acme.example/acme/shop');
    expect(openForge({ ...plain, kind: 'gitea' }, elsewhere).forge.traits.kind).toBe('gitea');
  });

  it('has its token masked in whatever is written anywhere, also as it stands in a header', () => {
    withToken('HELIOSTAT_TEST_TOKEN', 'pl4nted-token');
    const { redact } = openForge(plain, github);
    const header = Buffer.from('x-access-token:pl4nted-token').toString('base64');
    expect(redact(`asked with pl4nted-token, ${header}`)).toBe('asked with [redacted], [redacted]');
  });

  it('is asked with the token of a workflow only where that was made', () => {
    withToken('GITHUB_TOKEN', 'of-a-workflow');
    const unnamed = { ...plain, auth: null };
    expect(openForge(unnamed, github).forge.webUrl).toBe('https://github.com/acme/shop');
    expect(() => openForge(unnamed, elsewhere)).toThrow('there is no token for the forge');
  });

  it('says what is missing at once, and not at the first failure that it was to tell', () => {
    expect(() => openForge(plain, github)).toThrow('HELIOSTAT_TEST_TOKEN');
    withToken('HELIOSTAT_TEST_TOKEN', 'pl4nted-token');
    expect(() => openForge(plain, null)).toThrow('nothing says which repository');
    expect(() => openForge(plain, { ...github, path: 'group/sub/shop' })).toThrow(
      'nothing says which repository',
    );
    const app = { kind: 'app', id: 7, installation: null, privateKey: 'env:HELIOSTAT_TEST_TOKEN' } as const;
    expect(() => openForge({ ...plain, kind: 'gitea', auth: app }, elsewhere)).toThrow('knows no Apps');
  });
});
