import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openSecrets, type SecretEntry } from '../../../src/adapters/secrets/secrets.js';

const folder = mkdtempSync(join(tmpdir(), 'heliostat-secrets-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const users = ['prod/shop/*'];

function opened(entries: { [name: string]: SecretEntry }, environment: NodeJS.ProcessEnv = {}) {
  return openSecrets({ entries, environment, file: 'heliostat.config.yaml' });
}

function secretFile(name: string, content: string, mode = 0o600): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  chmodSync(path, mode);
  return path;
}

describe('secrets', () => {
  it('come from the environment or a file, for those who may use them', () => {
    const path = secretFile('token', 'from-a-file\n');
    const { secrets, diagnostics } = opened(
      { db: { from: 'env:DB', for: users }, token: { from: `file:${path}`, for: ['prod/**'] } },
      { DB: 'from-the-environment' },
    );

    expect(diagnostics).toEqual([]);
    expect(secrets.value('db', 'prod/shop/api')).toBe('from-the-environment');
    expect(secrets.value('token', 'prod/other/api')).toBe('from-a-file');
  });

  it('are kept from everybody else', () => {
    const { secrets } = opened({ db: { from: 'env:DB', for: users } }, { DB: 'secret-value' });

    for (const element of ['prod/billing/api', 'prod/shop', 'stage/shop/api', 'prod/shop/a/b']) {
      expect(secrets.check('db', element)).toBe('forbidden');
      expect(secrets.value('db', element)).toBeNull();
    }
    expect(secrets.check('other', 'prod/shop/api')).toBe('missing');
  });

  it.each<[string, string, () => SecretEntry]>([
    [
      'secrets.worldReadable',
      'a file that everybody may read',
      () => ({ from: `file:${secretFile('open', 'x1234', 0o644)}`, for: users }),
    ],
    ['secrets.missing', 'a variable that is not set', () => ({ from: 'env:NOT_SET', for: users })],
    ['secrets.missing', 'a file that is not there', () => ({ from: `file:${folder}/none`, for: users })],
    ['secrets.missing', 'an empty file', () => ({ from: `file:${secretFile('empty', '\n')}`, for: users })],
    ['secrets.source', 'a source that we do not know', () => ({ from: 'vault:db', for: users })],
    ['secrets.source', 'a relative path', () => ({ from: 'file:token', for: users })],
    ['secrets.source', 'a folder', () => ({ from: `file:${folder}`, for: users })],
    [
      'secrets.source',
      'a file too large for a secret',
      () => ({ from: `file:${secretFile('large', 'x'.repeat(70_000))}`, for: users }),
    ],
  ])('are reported as %s for %s, and are missing', (code, _, entry) => {
    const { secrets, diagnostics } = opened({ db: entry() });

    expect(diagnostics).toMatchObject([{ code, severity: 'error', file: 'heliostat.config.yaml' }]);
    expect(secrets.check('db', 'prod/shop/api')).toBe('missing');
  });

  it('are for nobody unless it is said for whom', () => {
    const { secrets, diagnostics } = opened({ db: { from: 'env:DB', for: [] } }, { DB: 'secret-value' });

    expect(diagnostics).toMatchObject([{ code: 'secrets.for' }]);
    expect(secrets.check('db', 'prod/shop/api')).toBe('forbidden');
  });

  it('written where the source belongs are not repeated by the diagnostic', () => {
    const { diagnostics } = opened({ db: { from: 'hunter2-and-more', for: users } });

    expect(JSON.stringify(diagnostics)).not.toContain('hunter2');
  });

  it('are masked, those of before a rotation included', () => {
    const path = secretFile('rotated', 'the-old-value');
    const { secrets, redactor, refresh } = opened({ db: { from: `file:${path}`, for: users } });
    writeFileSync(path, 'the-new-value');

    expect(refresh()).toEqual([]);
    expect(secrets.value('db', 'prod/shop/api')).toBe('the-new-value');
    expect(redactor('the-old-value and the-new-value')).toBe('[redacted] and [redacted]');
  });
});
