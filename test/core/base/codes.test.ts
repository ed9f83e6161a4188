import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { allCodes, codes, describeCode } from '../../../src/core/base/codes.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));

function sources(): string[] {
  return (
    readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
      // What a simulated technology says is as foreign as what a real one says.
      .filter((name) => name.endsWith('.ts') && !/^(entry\/)?sim\//.test(name))
      .map((name) => join(root, 'src', name))
  );
}

/** `code: 'area.kind'`, and the calls that make a failure of one. */
const use =
  /(?:\b(?:code|reason): |\b(?:refuse|tryAgain|failed|problem|unreachable|Failure|TransitionFailure)\(\s*)'([a-z][A-Za-z]*\.[A-Za-z.]+)'/g;

describe('the table of codes', () => {
  it('describes every code that the sources use, so that none leads to "unknown code"', () => {
    const used = new Map<string, string>();
    for (const file of sources()) {
      for (const [, code] of readFileSync(file, 'utf8').matchAll(use)) {
        used.set(code ?? '', file.slice(root.length));
      }
    }
    const missing = [...used].filter(([code]) => describeCode(code) === null);
    expect(missing, 'add them to a table in src/core/base/codes/').toEqual([]);
  });

  it.each(allCodes())('says of %s what it means and how to mend it', (code) => {
    expect(code).toMatch(/^[a-z][A-Za-z]*\.[a-z][A-Za-z]*$/);
    const { title, meaning, fix, example } = codes[code] ?? { title: '', meaning: '', fix: '', example: '' };
    expect(title).toMatch(/^[A-Z].*[^.]$/);
    expect(title.length).toBeLessThanOrEqual(60);
    expect(meaning).toMatch(/\.$/);
    expect(fix).toMatch(/^[A-Z]/);
    expect(example).not.toBe('');
  });

  it('is what docs/diagnostics.md was written from', () => {
    execFileSync(process.execPath, [join(root, 'scripts/diagnostics.mjs'), '--check'], { stdio: 'pipe' });
  });

  it('knows no code by the name of a method', () => {
    expect(describeCode('constructor')).toBeNull();
  });
});
