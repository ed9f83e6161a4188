import { describe, expect, it } from 'vitest';
import type { DomainName } from '../../../../src/core/base/names.js';
import { commentLimit, emptyComment } from '../../../../src/core/status/comment/document.js';
import { withLacks } from '../../../../src/core/status/comment/lacks.js';
import { withOutcome } from '../../../../src/core/status/comment/outcome-update.js';
import { withPlan } from '../../../../src/core/status/comment/plan-update.js';
import { readComment } from '../../../../src/core/status/comment/read.js';
import { writeComment } from '../../../../src/core/status/comment/write.js';
import { evil, lacking } from './support/planned.js';
import { outcome, plan, planned, prod, retire, staging } from './support/reports.js';

const said = 'Before the first failure';
const times = (text: string): number => text.split(said).length - 1;
const destroying = () => planned(plan([retire('shop/api')]));
const read = (text: string) => readComment(text) ?? emptyComment();

describe('what the credentials will be refused', () => {
  it('is said once in a comment of several domains, however often it is written', () => {
    const one = withPlan(emptyComment(), destroying());
    const both = withPlan(one, planned(plan([retire('shop/api')], { domain: staging })));
    const text = writeComment(withLacks(withLacks(both, staging, lacking), prod, lacking), commentLimit);
    expect(times(text)).toBe(1);
    expect(times(writeComment(withLacks(read(text), prod, lacking), commentLimit))).toBe(1);
  });

  it('goes with what mends it, with the next plan, and with the outcome', () => {
    const noted = withLacks(withPlan(emptyComment(), destroying()), prod, lacking);
    expect(times(writeComment(withLacks(noted, prod, []), commentLimit))).toBe(0);
    expect(times(writeComment(withPlan(noted, destroying()), commentLimit))).toBe(0);
    expect(times(writeComment(withOutcome(noted, outcome([])), commentLimit))).toBe(0);
  });

  it('is the first to go where there is too much: what is destroyed stays', () => {
    const whole = withPlan(emptyComment(), destroying());
    const limit = writeComment(whole, commentLimit).length + 400;
    const text = writeComment(withLacks(whole, prod, [...lacking, ...lacking, ...lacking]), limit);
    expect(times(text)).toBe(0);
    expect(text).toContain('shop/api');
    expect(text).toContain('Left out');
  });

  it('is text that does nothing, whoever wrote it', () => {
    const lack = { message: evil, fix: evil };
    const text = writeComment(withLacks(withPlan(emptyComment(), destroying()), prod, [lack]), commentLimit);
    expect(times(text)).toBe(1);
    expect(text).not.toContain(evil);
    expect(read(text).sections.size).toBe(1);
  });

  it('has no place where there is no plan of that domain', () => {
    expect(withLacks(emptyComment(), 'other' as DomainName, lacking)).toEqual(emptyComment());
  });
});
