import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { referencePage } from '../../../src/entry/cli/reference.js';

it('docs/cli.md says what --help says; if not: node scripts/reference.mjs', () => {
  expect(readFileSync('docs/cli.md', 'utf8')).toBe(referencePage());
});

it('the reference has a section for every verb and names the global options once', () => {
  const page = referencePage();
  expect(page).toContain('\n## provider list\n');
  expect(page).toContain('\n## approve\n');
  expect(page.match(/--repo <DIR\|URL>/g)).toHaveLength(1);
});
