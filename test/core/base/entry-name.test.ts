import { describe, expect, it } from 'vitest';
import { isHostileName } from '../../../src/core/base/entry-name.js';

describe('the name of an entry of a tree', () => {
  it.each([
    '',
    '.',
    '..',
    'a/b',
    'a\0b',
    '.git',
    '.GIT',
    '.git ',
    '.git...',
    '.git:x',
    'git~1',
    'GIT~1 .',
    '.g\u200dit',
  ])('%j is one that no checkout may contain, on whatever file system', (name) => {
    expect(isHostileName(name)).toBe(true);
  });

  it.each([
    '.gitignore',
    '.gitattributes',
    'git',
    'git~2',
    '...',
    'dev-disk-by\\x2did.mount',
    'a b',
    '--x',
    '日本',
  ])('%j is only a name', (name) => {
    expect(isHostileName(name)).toBe(false);
  });

  it('is longer than any file system takes it', () => {
    expect(isHostileName('n'.repeat(255))).toBe(false);
    expect(isHostileName('n'.repeat(256))).toBe(true);
  });
});
