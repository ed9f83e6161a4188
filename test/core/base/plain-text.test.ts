import { describe, expect, it } from 'vitest';
import { plainText } from '../../../src/core/base/plain-text.js';

describe('plain text', () => {
  it.each([
    ['is left as it is', 'Grüße, 世界 🌞\n\tline', 'Grüße, 世界 🌞\n\tline'],
    ['has no colours', '\u001b[1;31mred\u001b[0m', 'red'],
    ['cannot move the cursor', 'a\rb\u0008c\u001b]0;title\u0007', 'a b c ]0;title '],
    ['cannot begin a sequence that never ends', `\u001b[${'1;'.repeat(100)}`, ` [${'1;'.repeat(100)}`],
    ['cannot turn the direction of writing', 'a\u202eb', 'a b'],
    ['has no C1 controls', 'a\u009bb', 'a b'],
  ])('%s', (_, text, plain) => {
    expect(plainText(text)).toBe(plain);
  });
});
