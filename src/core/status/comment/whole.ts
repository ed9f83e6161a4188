/** A run of backticks that opens or closes a fence (CommonMark 0.31, 4.5), outside of lists and quotes. */
export function fenceOf(line: string): { readonly ticks: number; readonly isBare: boolean } | null {
  const [, ticks, rest = ''] = /^ {0,3}(`{3,})([^`]*)$/.exec(line) ?? [];
  return ticks === undefined ? null : { ticks: ticks.length, isBare: rest.trim() === '' };
}

/** The lines with what is in fences told apart; the fences themselves count as outside. Null: one is left open. */
export function fencedLines(text: string): { readonly line: string; readonly isInside: boolean }[] | null {
  let open = 0;
  const lines = text.split('\n').map((line) => {
    const found = fenceOf(line);
    if (open === 0) {
      if (found !== null) open = found.ticks;
      return { line, isInside: false };
    }
    if (found === null || !found.isBare || found.ticks < open) return { line, isInside: true };
    open = 0;
    return { line, isInside: false };
  });
  return open === 0 ? lines : null;
}

/** Whether every fence and every fold of it is closed, and no comment of HTML is in it. */
export function isWhole(text: string): boolean {
  const lines = fencedLines(text);
  if (lines === null) return false;
  let depth = 0;
  for (const { line, isInside } of lines) {
    if (isInside) continue;
    // Of ours is neither.
    if (line.includes('<!--') || /^ {0,3}~{3}/.test(line)) return false;
    for (const [tag] of line.matchAll(/<\/?details\b/g)) {
      depth += tag.startsWith('</') ? -1 : 1;
      if (depth < 0) return false;
    }
  }
  return depth === 0;
}
