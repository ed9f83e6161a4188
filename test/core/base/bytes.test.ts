import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromUtf8, utf8 } from '../../../src/core/base/bytes.js';

const text = fc.string({ unit: 'binary', maxLength: 50 });

describe('text and bytes without the platform', () => {
  it('agree with the platform on every text, however plain pieces and others alternate', () => {
    const mixed = fc.array(fc.oneof(text, fc.constant('plain '.repeat(2_000))), { maxLength: 5 });
    fc.assert(
      fc.property(mixed, (parts) => {
        const whole = parts.join('');
        expect(Buffer.from(utf8(whole)).equals(Buffer.from(whole))).toBe(true);
        expect(fromUtf8(utf8(whole))).toBe(Buffer.from(whole).toString());
      }),
    );
  });

  it('refuse what is not UTF-8, wherever it stands', () => {
    const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), fc.nat(9_000), (bytes, before) => {
        const all = Buffer.concat([Buffer.alloc(before, 'a'), bytes]);
        let expected: string | null;
        try {
          expected = decoder.decode(all);
        } catch {
          expected = null;
        }
        expect(fromUtf8(all)).toBe(expected);
      }),
    );
  });
});
