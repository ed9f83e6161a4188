import { describe, expect, it } from 'vitest';
import { isRemote, parseRemote } from '../../../../src/adapters/git/remote/url.js';

describe('the URL of a repository', () => {
  it.each([
    ['https://GitHub.com/acme/shop.git', 'https://github.com/acme/shop', 'github.com', 'acme/shop'],
    ['https://github.com/acme/shop', 'https://github.com/acme/shop', 'github.com', 'acme/shop'],
    ['https://git.example:8443/shop/', 'https://git.example:8443/shop', 'git.example:8443', 'shop'],
    ['http://127.0.0.1:3000/shop.git', 'http://127.0.0.1:3000/shop', '127.0.0.1:3000', 'shop'],
    ['git@github.com:acme/shop.git', 'ssh://git@github.com/acme/shop', 'github.com', 'acme/shop'],
    [
      'ssh://git@Git.Example:2222/srv/shop.git',
      'ssh://git@git.example:2222/srv/shop',
      'git.example:2222',
      'srv/shop',
    ],
  ])('%s is one name of %s', (text, name, host, path) => {
    expect(isRemote(text)).toBe(true);
    expect(parseRemote(text)).toMatchObject({ name, host, path });
  });

  it.each([
    ['ext::sh -c touch%20/tmp/x', 'remote.unsupported', 'run a program'],
    ['fd::17', 'remote.unsupported', 'run a program'],
    ['file:///srv/shop.git', 'remote.unsupported', 'file:'],
    ['git://git.example/shop.git', 'remote.unsupported', 'git:'],
    ['ftp://git.example/shop.git', 'remote.unsupported', 'ftp:'],
    ['http://git.example/shop.git', 'remote.unsupported', 'in the clear'],
    ['http://127.0.0.1.evil.example/shop.git', 'remote.unsupported', 'in the clear'],
    ['https://user:token@github.com/acme/shop.git', 'remote.credentials', 'name or a password'],
    ['https://token@github.com/acme/shop.git', 'remote.credentials', 'name or a password'],
    ['ssh://git:word@git.example/shop.git', 'remote.credentials', 'password'],
    ['ssh://-oProxyCommand=touch%20x/shop.git', 'remote.url', 'no host'],
    ['-oProxyCommand=x@git.example:shop.git', 'remote.url', 'no host'],
    ['https://github.com/', 'remote.url', 'no repository'],
    ['https://', 'remote.url', 'no URL'],
  ])('%s is refused (%s), and says why: %s', (text, code, said) => {
    expect(isRemote(text)).toBe(true);
    const refused = parseRemote(text);
    expect(refused).toMatchObject({ code, message: expect.stringContaining(said) as string });
    expect(JSON.stringify(refused)).not.toMatch(/user:token|git:word/);
  });

  it.each(['.', '/srv/shop', 'shop', '../shop.git', 'C/shop', 'a:b'])(
    '%s is a folder of this machine',
    (text) => {
      expect(isRemote(text)).toBe(false);
    },
  );
});
