import fc from 'fast-check';
import { distance as reference } from 'fastest-levenshtein';
import { describe, expect, it } from 'vitest';
import { didYouMean, suggest } from '../../../src/core/model/suggest.js';

describe('suggest', () => {
  const keys = ['component', 'version', 'size', 'clusters', 'configuration'];

  it.each([
    ['verison', 'version'],
    ['componet', 'component'],
    ['Size', 'size'],
    ['sise', 'size'],
    ['configurations', 'configuration'],
  ])('%s was probably %s', (word, expected) => {
    expect(suggest(word, keys)).toBe(expected);
  });

  it.each(['port', 'x', 'replicas', ''])('%j was none of them: a wild guess is worse than none', (word) => {
    expect(suggest(word, keys)).toBeNull();
  });

  it('gives the same answer whatever the order of the candidates', () => {
    expect(suggest('bat', ['cat', 'rat', 'hat'])).toBe('cat');
    expect(suggest('bat', ['rat', 'hat', 'cat'])).toBe('cat');
  });

  it('does not compare enormous words', () => {
    expect(suggest('a'.repeat(100_000), ['a'.repeat(99_999)])).toBeNull();
  });

  it('never proposes what is further away than a third of the word, swaps aside', () => {
    const word = fc.stringMatching(/^[a-e]{1,12}$/);
    fc.assert(
      fc.property(word, fc.array(word, { maxLength: 5 }), (text, candidates) => {
        const found = suggest(text, candidates);
        // A swap of neighbours counts once here and twice there.
        if (found !== null)
          expect(reference(text, found)).toBeLessThanOrEqual(2 * Math.max(1, Math.floor(text.length / 3)));
        if (candidates.includes(text)) expect(found).toBe(text);
      }),
    );
  });
});

describe('didYouMean', () => {
  it('ends a sentence, or adds nothing', () => {
    expect(didYouMean('sise', ['size'])).toBe('; did you mean "size"?');
    expect(didYouMean('x', ['size'])).toBe('');
  });
});
