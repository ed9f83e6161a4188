/** `1 instance`, `3 instances`. */
export function count(number: number, noun: string, plural = `${noun}s`): string {
  return `${number} ${number === 1 ? noun : plural}`;
}

/** For people: `250 ms`, `3.5 s`, `2 min 5 s`, `1 h 20 min`. */
export function durationText(ms: number): string {
  if (ms > 0 && ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 9_950) return `${Math.round(ms / 100) / 10} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return join(`${minutes} min`, seconds % 60, 's');
  return join(`${Math.floor(minutes / 60)} h`, minutes % 60, 'min');
}

function join(head: string, rest: number, unit: string): string {
  return rest === 0 ? head : `${head} ${rest} ${unit}`;
}

/** A commit as people write it. */
export function shortRevision(revision: string): string {
  return revision === 'worktree'
    ? 'work tree'
    : /^[0-9a-f]{40}$/.test(revision)
      ? revision.slice(0, 7)
      : revision;
}

/** Pads with blanks on the right, by code units: close enough for names, which are ASCII. */
export function padded(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - text.length));
}

export function widest(texts: Iterable<string>): number {
  let width = 0;
  for (const text of texts) width = Math.max(width, text.length);
  return width;
}

/** Items in the order of their first appearance, by key. */
export function groupBy<T, K>(items: Iterable<T>, key: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const at = key(item);
    const group = groups.get(at);
    if (group === undefined) groups.set(at, [item]);
    else group.push(item);
  }
  return groups;
}
