/** A pattern of paths: `**` stands for any folders, `*` for anything within one name; all else is literal. */
export interface Glob {
  readonly text: string;
  readonly parts: readonly string[];
  /** The folder that everything matched lies below (`''`: the root). */
  readonly prefix: string;
}

/** Null for what is no such pattern: absolute, empty names, `.`, `..`, or wildcards of other tools (`?`, `[`, `{`, `!`). */
export function parseGlob(text: string): Glob | null {
  if (text.length > 1024 || /[?[\]{}!\\\0]/.test(text)) return null;
  const parts = text.split('/');
  if (parts.some((part) => part === '' || part === '.' || part === '..')) return null;
  if (parts.some((part) => part.includes('**') && part !== '**')) return null;
  const wild = parts.findIndex((part) => part.includes('*'));
  const literal = wild < 0 ? parts.slice(0, -1) : parts.slice(0, wild);
  return { text, parts, prefix: literal.join('/') };
}

export function globMatches(glob: Glob, path: string): boolean {
  return matchList(glob.parts, path.split('/'), '**', matchName);
}

function matchName(pattern: string, name: string): boolean {
  if (!pattern.includes('*')) return pattern === name;
  return matchList([...pattern], [...name], '*', (a, b) => a === b);
}

/** Going back to the last star only is enough, so the cost is a product of the lengths, never exponential. */
function matchList(
  pattern: readonly string[],
  items: readonly string[],
  star: string,
  same: (pattern: string, item: string) => boolean,
): boolean {
  let p = 0;
  let lastStar = -1;
  let resume = 0;
  for (let i = 0; i < items.length;) {
    const wanted = pattern[p];
    if (wanted === star) {
      lastStar = p++;
      resume = i;
    } else if (wanted !== undefined && same(wanted, items[i] as string)) {
      p++;
      i++;
    } else if (lastStar >= 0) {
      p = lastStar + 1;
      i = ++resume;
    } else return false;
  }
  while (pattern[p] === star) p++;
  return p === pattern.length;
}
