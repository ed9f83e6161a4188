import { describe, expect, it } from 'vitest';
import type { Json } from '../../../src/core/base/data.js';
import { ConfigMap } from '../../../src/entry/operations/config-map.js';
import {
  forgeConfig as readForge,
  webhookConfig as readWebhook,
} from '../../../src/entry/operations/forge-config.js';

const forgeConfig = (forge: Json) => readForge(ConfigMap.whole('c.yaml', { forge }));
const webhookConfig = (webhook: Json) => readWebhook(ConfigMap.whole('c.yaml', { webhook }));

describe('forge in the configuration', () => {
  it('is none where nothing is said, and GitHub with pull requests for reverts where nothing else is', () => {
    expect(forgeConfig(null)).toBeNull();
    expect(forgeConfig({})).toMatchObject({
      kind: 'github',
      repository: null,
      auth: null,
      policy: { reverts: 'pullRequest', otherPlan: 'goOn' },
    });
  });

  it('takes a token or an App, each by where it is read from', () => {
    expect(forgeConfig({ token: 'env:T' })?.auth).toEqual({ kind: 'token', from: 'env:T' });
    expect(forgeConfig({ app: { id: 7, privateKey: 'file:/k.pem' } })?.auth).toEqual({
      kind: 'app',
      id: 7,
      installation: null,
      privateKey: 'file:/k.pem',
    });
  });

  it.each([
    [[], 'forge is not a map'],
    [{ kind: 'svn' }, 'forge.kind is none of github, gitea'],
    [{ repository: 'https://github.com/acme/shop' }, 'forge.repository is not OWNER/NAME'],
    [{ api: 'http://git.acme.example' }, 'forge.api is no https:// URL'],
    [{ api: 'https://user:word@git.acme.example' }, 'forge.api is no https:// URL'],
    [{ token: 'env:T', app: { id: 7, privateKey: 'file:/k' } }, 'forge.app stands beside a token'],
    [{ app: { id: '7', privateKey: 'file:/k' } }, 'forge.app.id is no number'],
    [{ app: { privateKey: 'file:/k' } }, 'forge.app.id is missing'],
    [{ app: { id: 7 } }, 'forge.app.privateKey is missing'],
    [{ comments: 'no' }, 'forge.comments is neither true nor false'],
    [{ tokn: 'env:T' }, 'there is no setting forge.tokn'],
  ])('is refused as %j, with the key that is wrong', (value, message) => {
    expect(() => forgeConfig(value)).toThrow(message);
  });

  it('never repeats what may be the token itself', () => {
    expect(() => forgeConfig({ token: 'ghp_pl4nted' })).toThrow(/^(?!.*pl4nted)/);
  });
});

describe('webhook in the configuration', () => {
  it('is heard on this machine unless another address is named', () => {
    expect(webhookConfig({ listen: '8085', secret: 'env:S' })).toEqual({
      host: '127.0.0.1',
      port: 8085,
      secret: 'env:S',
    });
    expect(webhookConfig({ listen: '0.0.0.0:80', secret: 'env:S' })?.host).toBe('0.0.0.0');
    expect(webhookConfig({ listen: '[::1]:80', secret: 'env:S' })?.host).toBe('::1');
  });

  it.each([
    [{ listen: '8085' }, 'webhook.secret is missing'],
    [{ listen: '8085', secret: 'pl4nted' }, 'webhook.secret names no place'],
    [{ listen: 'here', secret: 'env:S' }, 'webhook.listen is no HOST:PORT'],
    [{ listen: '127.0.0.1:99999', secret: 'env:S' }, 'webhook.listen is no HOST:PORT'],
  ])('is refused as %j', (value, message) => {
    expect(() => webhookConfig(value)).toThrow(message);
  });
});
