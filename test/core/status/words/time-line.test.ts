import { describe, expect, it } from 'vitest';
import type { PreviewSpan } from '../../../../src/core/plan/types.js';
import { timeLine } from '../../../../src/core/status/words/time-line.js';

const serving = (fromMs: number, toMs: number): PreviewSpan => ({ fromMs, toMs, instances: { serving: 1 } });
const starting = (fromMs: number, toMs: number): PreviewSpan => ({
  fromMs,
  toMs,
  instances: { starting: 1 },
});

function drawn(durationMs: number, spans: readonly PreviewSpan[]): string {
  const lines = timeLine(durationMs, [{ label: 'api', spans }], { track: 20, label: 10 });
  return lines[1]?.text ?? '';
}

describe('a line of time', () => {
  it('shows what is short as well, as long as that moves nothing far', () => {
    expect(drawn(1_000, [starting(0, 1), serving(1, 1_000)])).toBe('s━━━━━━━━━━━━━━━━━━━');
  });

  it('stays true to its times where much happens at the end of a long wait, and has no holes', () => {
    const hectic = Array.from({ length: 8 }, (_, i) =>
      i % 2 === 0 ? starting(60_000 + i, 60_001 + i) : serving(60_000 + i, 60_001 + i),
    );
    const text = drawn(60_010, [serving(0, 60_000), ...hectic]);
    expect(text).toBe('━━━━━━━━━━━━━━━━━━━s');
  });

  it('is empty where nothing is there', () => {
    expect(drawn(1_000, [serving(500, 1_000)])).toBe('          ━━━━━━━━━━');
  });

  it('explains the signs that it uses, and no others', () => {
    const lines = timeLine(1_000, [{ label: 'api', spans: [starting(0, 500)] }], { track: 20, label: 10 });
    expect(lines.filter(({ isNote }) => isNote).map(({ text }) => text.trim())).toContain('s starting');
    expect(lines.some(({ text }) => text.includes('draining'))).toBe(false);
  });
});
