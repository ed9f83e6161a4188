import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';

/** `HELIOSTAT_WRITE_GOLDEN=1` writes them anew, to be read before they are committed. */
const isWriting = process.env['HELIOSTAT_WRITE_GOLDEN'] === '1';

/** Byte for byte. */
export function expectGolden(name: string, text: string): void {
  const path = fileURLToPath(new URL(`../golden/${name}.md`, import.meta.url));
  if (isWriting) writeFileSync(path, text);
  expect(text).toBe(readFileSync(path, 'utf8'));
}
