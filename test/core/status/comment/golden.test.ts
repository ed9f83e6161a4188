import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { outcomeSituations } from './support/outcomes.js';
import { plannedSituations } from './support/planned.js';

/** `HELIOSTAT_WRITE_GOLDEN=1` writes them anew, to be read before they are committed. */
const isWriting = process.env['HELIOSTAT_WRITE_GOLDEN'] === '1';

function expectGolden(name: string, body: string): void {
  const path = fileURLToPath(new URL(`golden/${name}.md`, import.meta.url));
  if (isWriting) writeFileSync(path, body);
  expect(body).toBe(readFileSync(path, 'utf8'));
}

describe('the one comment', () => {
  it.each([...plannedSituations, ...outcomeSituations])('$name: $why', ({ name, body }) => {
    expectGolden(name, body());
  });
});
