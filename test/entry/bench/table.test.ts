import { describe, expect, it } from 'vitest';
import { performanceDocument } from '../../../src/entry/bench/document.js';
import type { Finding } from '../../../src/entry/bench/finding.js';
import { isMet, ratioOf } from '../../../src/entry/bench/finding.js';
import { floorPlan } from '../../../src/entry/bench/floor.js';
import { median } from '../../../src/entry/bench/measure.js';
import { markdownTable, textTable } from '../../../src/entry/bench/table.js';

const plan: Finding = {
  work: 'plan of nothing to do',
  ours: { value: 500, unit: 'ms', memoryMb: 100 },
  peer: { name: 'Terraform', value: 8_000, unit: 'ms', memoryMb: 600, inThisRun: true },
  goal: { faster: 15, memoryShare: 0.25, text: '≥ 15×' },
};

describe('a finding', () => {
  it('is compared by time or by rate, better always being more', () => {
    expect(ratioOf(plan)).toBe(16);
    const ours = { value: 400, unit: '/s' } as const;
    expect(ratioOf({ ours, peer: { name: 'x', value: 800, unit: '/s', inThisRun: true } })).toBe(0.5);
    expect(ratioOf({ ours, peer: null })).toBeNull();
  });

  it('meets its goal only if every bound of it holds', () => {
    expect(isMet(plan)).toBe(true);
    expect(isMet({ ...plan, ours: { ...plan.ours, memoryMb: 151 } }), 'memory').toBe(false);
    expect(isMet({ ...plan, ours: { ...plan.ours, value: 600 } }), 'ratio').toBe(false);
    expect(isMet({ ...plan, peer: null, goal: { bound: 499, text: '' } }), 'bound').toBe(false);
    expect(isMet({ ...plan, goal: { text: '–' } }), 'nothing was promised').toBeNull();
  });
});

describe('the table', () => {
  it('says which figure of a peer was not measured in this run: nobody may take it for one that was', () => {
    const recorded = {
      ...plan,
      peer: { name: 'Terraform', value: 8_000, unit: 'ms', inThisRun: false },
    } as const;
    expect(markdownTable([recorded])).toContain('Terraform 8.00 s (recorded)');
    expect(markdownTable([plan])).not.toContain('recorded');
  });

  it('has a row for each finding, with ratio, memory and whether the goal is met', () => {
    expect(markdownTable([plan]).split('\n').at(-1)).toBe(
      '| plan of nothing to do | 500 ms, 100 MB | Terraform 8.00 s, 600 MB | 16.0× faster | ≥ 15× | yes |',
    );
    expect(textTable([plan, plan]).split('\n')).toHaveLength(3);
  });

  it('stands in a document that tells of noise where others used the machine', () => {
    const machine = { node: '20', cores: 2, processor: 'x', git: 'git 2', terraform: null, quick: false };
    expect(performanceDocument([plan], { ...machine, load: [0.5, 1.5] })).not.toContain('Others were using');
    expect(performanceDocument([plan], { ...machine, load: [0.5, 7.1] })).toContain('load 0.5 to 7.1');
  });
});

it('takes the middle, so that one slow run does not count', () => {
  expect(median([1, 900, 3])).toBe(3);
  expect(median([4, 1, 2, 3])).toBe(2.5);
});

it('plans at the floor what differs, providers first', () => {
  const after = [
    ['api', 'b', ['store']],
    ['store', 'a', []],
    ['same', 'c', []],
  ] as const;
  expect(floorPlan(new Map([['same', 'c']]), after)).toEqual(['store', 'api']);
});
