import { describe, expect, it } from 'vitest';
import { renderAnnotations } from '../../../../src/adapters/runner/annotations.js';
import { renderDiagnostics, tally, validateJson } from '../../../../src/entry/cli/render/diagnostics.js';
import { paintOf, wantsColours } from '../../../../src/entry/cli/render/paint.js';
import { commitB, diagnostic, noLines } from '../support/fixtures.js';
import { expectDocument } from '../support/schema.js';

const paint = paintOf(false);

describe('diagnostics for people', () => {
  it('show the line and point at the place', () => {
    const text = renderDiagnostics(
      [diagnostic()],
      (file, line) => `    verison: 1.4.0 # ${file} ${line}`,
      paint,
    );
    expect(text.split('\n')).toEqual([
      'error model.unknownKey: unknown key "verison"; did you mean "version"?',
      '  at solutions/shop.yaml:9:5',
      '  9 |     verison: 1.4.0 # solutions/shop.yaml 9',
      '    |     ^',
      '  fix Rename it to "version".',
      '',
    ]);
  });

  it('point at the right place behind tabs and escaped characters, which are wider on the screen', () => {
    const text = renderDiagnostics([diagnostic({ column: 4 })], () => '\t\u001b:x', paint);
    const [, , line = '', caret = ''] = text.split('\n');
    expect(line[caret.indexOf('^')]).toBe('x');
  });

  it('cut a long line around the place', () => {
    const text = renderDiagnostics(
      [diagnostic({ column: 5001 })],
      () => `${'a'.repeat(5000)}X${'b'.repeat(5000)}`,
      paint,
    );
    const [, , line = '', caret = ''] = text.split('\n');
    expect(line.length).toBeLessThan(200);
    expect(line[caret.indexOf('^')]).toBe('X');
  });

  it('stand in the order of file and line, whatever order they were found in', () => {
    const text = renderDiagnostics([diagnostic({ line: 9 }), diagnostic({ line: 2 })], noLines, paint);
    expect(text.indexOf(':2:5')).toBeLessThan(text.indexOf(':9:5'));
  });

  it('are cut at a hundred, and say so', () => {
    const many = Array.from({ length: 130 }, (_, line) => diagnostic({ line }));
    expect(renderDiagnostics(many, noLines, paint)).toContain('and 30 more');
    expect(tally(many)).toBe('130 errors');
  });
});

describe('diagnostics for programs', () => {
  it('have the keys of their schema', () => {
    const view = {
      valid: false,
      revision: commitB,
      diagnostics: [diagnostic()],
      uncommitted: null,
      sourceLine: noLines,
    };
    expectDocument('validate', validateJson(view));
  });

  it('hide nothing from a terminal that shows them', () => {
    const view = {
      valid: false,
      revision: 'worktree' as const,
      diagnostics: [diagnostic({ message: '\u009b31m\u202e' })],
      uncommitted: [],
      sourceLine: noLines,
    };
    const json = validateJson(view);
    expect(json).toContain('\\u009b31m\\u202e');
    expect(expectDocument('validate', json)).toMatchObject({ diagnostics: [{ message: '\u009b31m\u202e' }] });
  });
});

describe('annotations of a workflow', () => {
  it('name file, line and column', () => {
    expect(renderAnnotations([diagnostic()])).toBe(
      '::error file=solutions/shop.yaml,line=9,col=5,title=model.unknownKey::unknown key "verison"; did you mean "version"?%0ARename it to "version".\n',
    );
  });

  it('cannot be made to begin a command of their own', () => {
    const evil = diagnostic({
      file: 'a,line=1::warning::x\n::set-output name=y::z%0A',
      message: 'first\n::add-mask::second\r%0A::stop-commands::t',
      line: 0,
    });
    const text = renderAnnotations([evil]);
    expect(text.match(/\n/g)).toHaveLength(1);
    expect(text.split('::')[1]).toBe(
      'error file=a%2Cline=1%3A%3Awarning%3A%3Ax\\n%3A%3Aset-output name=y%3A%3Az%250A,title=model.unknownKey',
    );
  });
});

describe('colours', () => {
  it('are for terminals only, and never where NO_COLOR is set', () => {
    expect(wantsColours(true, {})).toBe(true);
    expect(wantsColours(false, {})).toBe(false);
    expect(wantsColours(true, { NO_COLOR: '1' })).toBe(false);
    expect(wantsColours(true, { NO_COLOR: '' })).toBe(true);
    expect(wantsColours(true, { NO_COLOR: '1', FORCE_COLOR: '1' })).toBe(false);
    expect(wantsColours(false, { FORCE_COLOR: '1' })).toBe(true);
    expect(wantsColours(true, { TERM: 'dumb' })).toBe(false);
  });
});
