import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { codes } from '../../src/core/base/codes.js';
import { MemoryRepository, loadFrom } from '../support/model-repository.js';
import { showed } from '../support/promises.js';

const folder = new URL('./model/', import.meta.url);
const names = readdirSync(folder)
  .filter((name) => name.endsWith('.input'))
  .map((name) => name.slice(0, -'.input'.length));

/** `=== PATH` begins a file. */
function filesIn(text: string): Record<string, string> {
  const parts = text.split(/^=== (.+)\n/m).slice(1);
  return Object.fromEntries(
    parts.flatMap((path, i) => (i % 2 === 0 ? [[path, parts[i + 1] ?? ''] as const] : [])),
  );
}

describe('hostile models of several files: each is rejected, at its place, with the way to mend it', () => {
  for (const name of names) {
    it(name, async (context) => {
      const repository = new MemoryRepository();
      const files = filesIn(readFileSync(new URL(`${name}.input`, folder), 'utf8'));
      const loaded = await loadFrom(repository, { kind: 'tree', tree: repository.write(files) });
      if (loaded.kind !== 'loaded') throw new Error(loaded.kind);
      const { accepted, diagnostics } = loaded.validation;
      expect(accepted).toBe(false);
      const [wanted = '', ...says] = readFileSync(new URL(`${name}.expected`, folder), 'utf8')
        .trimEnd()
        .split('\n');
      const places = diagnostics.flatMap(({ code, file, line, column }) => [
        code,
        `${code} ${file}`,
        `${code} ${file}:${line}:${column}`,
      ]);
      expect(places, places.join(' ')).toContain(wanted);
      for (const text of says) expect(diagnostics.map(({ message }) => message).join('\n')).toContain(text);
      for (const { code, file, fix } of diagnostics) {
        expect(codes).toHaveProperty([code]);
        expect(Object.keys(files)).toContain(file);
        expect(fix).toMatch(/\S/);
      }
      showed(context, { hostileInputs: 1 });
    });
  }
});
