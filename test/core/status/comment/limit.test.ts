import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DomainName } from '../../../../src/core/base/names.js';
import { utf8Length } from '../../../../src/core/base/bytes.js';
import {
  commentLimit,
  emptyComment,
  marker,
  summaryLimit,
} from '../../../../src/core/status/comment/document.js';
import { withOutcome } from '../../../../src/core/status/comment/outcome-update.js';
import { withPlan } from '../../../../src/core/status/comment/plan-update.js';
import { readComment } from '../../../../src/core/status/comment/read.js';
import { writeComment, writeSummary } from '../../../../src/core/status/comment/write.js';
import { manyChanges, upgrade } from './support/planned.js';
import { create, outcome, plan, planned, prod, retire, solution, update } from './support/reports.js';

const domainName = (i: number) => `d${i}` as DomainName;

/** So many domains, each with so many changes of so many solutions. */
function large(domains: number, changes: number, solutions: number) {
  let document = emptyComment();
  for (let i = 0; i < domains; i++) {
    const made = Array.from({ length: changes }, (_, k) => {
      const name = `s${k % solutions}/e${k}`;
      const values = [{ path: 'text', before: 'ä'.repeat(40), after: `😀${k}` }];
      return k % 7 === 0 ? retire(name) : k % 3 === 0 ? create(name) : update(name, '1.0.0', '2.0.0', values);
    });
    document = withPlan(document, planned(plan(made, { domain: domainName(i) })));
  }
  return document;
}

describe('a comment of which there is too much', () => {
  it('is never longer than its limit, in characters and in bytes, whatever it holds', () => {
    const amount = fc.record({
      domains: fc.integer({ min: 0, max: 6 }),
      changes: fc.integer({ min: 0, max: 80 }),
      solutions: fc.integer({ min: 1, max: 30 }),
      limit: fc.oneof(fc.integer({ min: 0, max: 4_000 }), fc.integer({ min: 0, max: 60_000 })),
    });
    fc.assert(
      fc.property(amount, ({ domains, changes, solutions, limit }) => {
        const document = large(domains, changes, solutions);
        for (const text of [writeComment(document, limit), writeSummary(document, limit)])
          expect(utf8Length(text)).toBeLessThanOrEqual(limit);
        const body = writeComment(document, limit);
        if (limit > 200) expect(readComment(body)).not.toBeNull();
      }),
      { numRuns: 25 },
    );
  });

  it('keeps each domain with its status and its destroys, and remembers each plan', () => {
    const document = large(20, 150, 20);
    const body = writeComment(document, commentLimit);
    const read = readComment(body);
    expect(read?.sections.size).toBe(20);
    for (const [name, { memory }] of document.sections) {
      expect(read?.sections.get(name)?.memory.planDigest).toBe(memory.planDigest);
      expect(body).toContain(`Domain \`${name}\``);
    }
    expect(body.match(/Destroys 44 instances of 22 elements for good/g)).toHaveLength(20);
    expect(body).toMatch(/✂️ Left out, since a comment takes only so much: .*\d+ lines\./);
  });

  it('shows all destroys of 5,000 changes, within a second', () => {
    const made = plan(manyChanges());
    const lost = made.changes.filter(({ destroysData }) => destroysData);
    // Whatever else the machine does, one of them is not slowed down by it.
    const written = [0, 1, 2].map(() => {
      const startedAt = performance.now();
      const body = writeComment(withPlan(emptyComment(), planned(made)), commentLimit);
      return { body, tookMs: performance.now() - startedAt };
    });
    expect(Math.min(...written.map(({ tookMs }) => tookMs))).toBeLessThan(1_000);
    const body = written[0]?.body ?? '';
    expect(utf8Length(body)).toBeLessThanOrEqual(commentLimit);
    expect(lost.length).toBe(50);
    for (const { element } of lost) expect(body).toContain(`> - \`${element}\``);
    expect(body.split('\n')[2]).toContain('1650 to create, 3300 to update, 50 to retire in 250 solutions');
  });

  it('counts destroys exactly where they alone are too many', () => {
    const made = plan(Array.from({ length: 3_000 }, (_, i) => retire(`shop-with-a-long-name/element-${i}`)));
    const body = writeComment(withPlan(emptyComment(), planned(made)), commentLimit);
    const shown = body.match(/^> - /gm)?.length ?? 0;
    expect(body).toContain('Destroys 6000 instances of 3000 elements for good');
    expect(body).toContain(`_… and ${3_000 - shown} more_`);
    expect(shown).toBeGreaterThan(300);
  });

  it('is cut a second time without forgetting what the first time was cut', () => {
    const document = withPlan(emptyComment(), planned(plan(manyChanges())));
    const read = readComment(writeComment(document, commentLimit)) ?? emptyComment();
    const body = writeComment(withOutcome(read, outcome([solution('shop', {})])), 20_000);
    expect(utf8Length(body)).toBeLessThanOrEqual(20_000);
    expect(body).toMatch(/3300 differences of two releases, [5-9]\d{3} lines/);
    expect(readComment(body)?.sections.get(prod)?.memory.planDigest).toBe('1:3f0c9a12d4e5f6071829');
  });

  it('loses its picture first, and keeps what it says', () => {
    const { plan: made, preview } = upgrade();
    const document = withPlan(emptyComment(), planned(made, { preview }));
    const whole = writeComment(document, commentLimit);
    const cut = writeComment(document, utf8Length(whole) - 1);
    expect(whole).toContain('Time line');
    expect(cut).not.toContain('<summary>Time line');
    expect(cut).toContain('Left out, since a comment takes only so much: 1 time line. [All of it](');
    expect(cut).toContain('never fewer than 2 healthy, at most 3 at once');
  });
});

describe('the summary of a job', () => {
  it('tells the same in full, without what only programs read', () => {
    const document = withPlan(emptyComment(), planned(plan(manyChanges())));
    const summary = writeSummary(document, summaryLimit);
    expect(summary).not.toContain('<!--');
    expect(utf8Length(summary)).toBeGreaterThan(commentLimit);
    expect(utf8Length(summary)).toBeLessThanOrEqual(summaryLimit);
    expect(summary.match(/^#### `s\d+`/gm)).toHaveLength(250);
    expect(writeComment(document, commentLimit).startsWith(marker)).toBe(true);
  });
});
