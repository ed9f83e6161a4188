import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commentLimit, emptyComment, marker } from '../../../../src/core/status/comment/document.js';
import { address, code, fence, html, inline } from '../../../../src/core/status/comment/escape.js';
import { withOutcome } from '../../../../src/core/status/comment/outcome-update.js';
import { withPlan } from '../../../../src/core/status/comment/plan-update.js';
import { readComment } from '../../../../src/core/status/comment/read.js';
import { writeComment, writeSummary } from '../../../../src/core/status/comment/write.js';
import { hostileText } from './support/hostile-text.js';
import { seen } from './support/markdown.js';
import { hostileOutcome } from './support/outcomes.js';
import { evil, hostileReport } from './support/planned.js';

/** Nothing in it does anything: the tags are ours, the links are ours, the text is text. */
function expectInert(markdown: string): void {
  const { prose, tags, targets, isClosed } = seen(markdown);
  expect(isClosed).toBe(true);
  expect(prose).not.toMatch(/@[A-Za-z0-9]/);
  expect(prose).not.toMatch(/(?<!&)#[0-9]/);
  expect(prose).not.toMatch(/\bGH-[0-9]/i);
  expect(prose).not.toMatch(/:\/\/|\bwww\.[a-z]|:[a-z]+:|::/i);
  expect(prose).not.toMatch(/(?<!\\)!\[/);
  expect(markdown).not.toMatch(/^\s*::/m);
  expect(markdown.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
  expect(prose).not.toContain('<!--');
  const known = /^<\/?(?:details|summary|b|code|span)>$|^<details open>$/;
  expect(tags.filter((tag) => !known.test(tag))).toEqual([]);
  const balance = (name: string) =>
    tags.filter((tag) => tag.startsWith(`<${name}`)).length -
    tags.filter((tag) => tag === `</${name}>`).length;
  expect(['details', 'summary', 'b', 'code', 'span'].map(balance)).toEqual([0, 0, 0, 0, 0]);
  expect(targets.filter((target) => !/^https?:\/\/[^\s<>"]+$/.test(target))).toEqual([]);
}

describe('text that others wrote', () => {
  it('means nothing within a line, within HTML, as code and in a fence, whatever it is', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        expectInert(`before ${inline(text)} behind`);
        expectInert(inline(text));
        expectInert(`<details><summary>${html(text)}</summary>\n\n</details>`);
        expectInert(`before ${code(text)} behind`);
        expectInert(fence('text', [text, text]));
      }),
      { numRuns: 400 },
    );
  });

  it('is cut between characters, and where it is far too long', () => {
    expect(inline('😀'.repeat(400))).toBe(`${'😀'.repeat(299)}…`);
    expect(code('x'.repeat(1_000_000)).length).toBeLessThan(310);
    expect(inline('\ud800')).toBe('\ufffd');
  });

  it('is a link only where it is an address of the web', () => {
    expect(address('https://github.com/acme/shop/pull/1?a=b&c=(d)')).toBe(
      'https://github.com/acme/shop/pull/1?a=b&amp;c=%28d%29',
    );
    for (const url of [
      'javascript:alert(1)',
      'https://a b',
      'https://a"b',
      'https://a\nb',
      '//a',
      'https://a<b',
    ])
      expect(address(url)).toBeNull();
  });
});

describe('a comment full of it', () => {
  it('does nothing, has one marker, and is read again as it was', () => {
    fc.assert(
      fc.property(hostileText, hostileText, (text, other) => {
        const planned = withPlan(emptyComment(), hostileReport(text));
        const document = withOutcome(planned, hostileOutcome(other));
        for (const one of [planned, document]) {
          const body = writeComment(one, commentLimit);
          expectInert(body);
          expect(body.split(marker)).toHaveLength(2);
          expect(body.startsWith(`${marker}\n`)).toBe(true);
          expect(readComment(body)).toEqual(one);
          expectInert(writeSummary(one, 1_000_000));
        }
      }),
      { numRuns: 100 },
    );
  });

  it('is the same text after each time that it was read and written', () => {
    const body = writeComment(withPlan(emptyComment(), hostileReport(evil)), commentLimit);
    expect(writeComment(readComment(body) ?? emptyComment(), commentLimit)).toBe(body);
  });
});
