import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { emptyComment, summaryLimit } from '../../../../src/core/status/comment/document.js';
import { withPlan } from '../../../../src/core/status/comment/plan-update.js';
import { writeSummary } from '../../../../src/core/status/comment/write.js';
import { expectGolden } from './support/golden.js';
import { outcomeSituations } from './support/outcomes.js';
import { plannedSituations, upgrade } from './support/planned.js';
import { planned } from './support/reports.js';

const situations = [...plannedSituations, ...outcomeSituations];

describe('the one comment', () => {
  it.each(situations)('$name: $why', ({ name, body }) => {
    expectGolden(name, body());
  });

  it('has a golden file for each situation, and none for what is no situation any more', () => {
    const files = readdirSync(fileURLToPath(new URL('golden/', import.meta.url))).sort();
    const names = [...situations.map(({ name }) => name), 'summary', 'revert-proposal'];
    expect(files).toEqual(names.map((name) => `${name}.md`).sort());
  });
});

describe('the summary of a job', () => {
  it('tells what the comment tells', () => {
    const { plan: made, preview } = upgrade();
    const document = withPlan(emptyComment(), planned(made, { preview, wholeUrl: null }));
    expectGolden('summary', writeSummary(document, summaryLimit));
  });
});
