import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runnerOf } from '../../../src/adapters/runner/runner.js';
import type { Diagnostic } from '../../../src/core/base/diagnostic.js';
import { makeFolder } from '../../support/git.js';

function runner() {
  const folder = makeFolder('hs-runner-');
  const [output, summary] = ['output', 'summary'].map((name) => join(folder, name)) as [string, string];
  for (const file of [output, summary]) writeFileSync(file, '');
  const said: string[] = [];
  const made = runnerOf({ GITHUB_OUTPUT: output, GITHUB_STEP_SUMMARY: summary }, (text) => said.push(text));
  return { ...made, said, output: () => readFileSync(output, 'utf8'), made };
}

const diagnostic = (severity: Diagnostic['severity'], line: number): Diagnostic => ({
  code: 'model.key',
  severity,
  message: `wrong ${line}`,
  fix: 'mend it',
  file: 'solutions/shop.yaml',
  line,
  column: 1,
});

describe('the runner', () => {
  it('gets outputs that no value can break out of: a line of one is no output of its own', () => {
    const { made, output } = runner();
    made.output('verdict', 'applied\nend_0\nhas-destroys=false');
    const [, end = ''] = /^verdict<<(\S+)\n/.exec(output()) ?? [];
    expect(output()).toBe(`verdict<<${end}\napplied\nend_0\nhas-destroys=false\n${end}\n`);
    expect(end).toMatch(/^end_[0-9a-f]{24}$/);
  });

  it('shows ten of each severity, errors first, since it would show no more and not choose', () => {
    const { made, said } = runner();
    const many = Array.from({ length: 25 }, (_, i) => [
      diagnostic('warning', i + 1),
      diagnostic('error', i + 1),
    ]);
    made.annotate(many.flat());
    const lines = said.join('').trim().split('\n');
    expect(lines.filter((line) => line.startsWith('::error '))).toHaveLength(10);
    expect(lines.filter((line) => line.startsWith('::warning '))).toHaveLength(10);
    expect(lines[0]).toMatch(/^::error file=solutions\/shop\.yaml,line=1,col=1,title=model\.key::/);
  });

  it('masks a key of several lines line by line', () => {
    const { made, said } = runner();
    made.mask('first%\n\nsecond');
    expect(said.join('')).toBe('::add-mask::first%25\n::add-mask::second\n');
  });
});
