/** Seeds from the first to the last, both included. */
export type Range = readonly [first: number, last: number];

/** Ranges in order, of which none touches another, with this one in them. */
export function withRange(ranges: readonly Range[], [first, last]: Range): Range[] {
  const apart = ranges.filter(([from, to]) => to < first - 1 || from > last + 1);
  const joined = ranges.filter((range) => !apart.includes(range));
  const all: Range = [
    Math.min(first, ...joined.map(([from]) => from)),
    Math.max(last, ...joined.map(([, to]) => to)),
  ];
  return [...apart, all].sort(([a], [b]) => a - b);
}

export function countOf(ranges: readonly Range[]): number {
  return ranges.reduce((sum, [first, last]) => sum + last - first + 1, 0);
}

/** The first `count` seeds from `first` on that are in none of the ranges. */
export function freshSeeds(ranges: readonly Range[], first: number, count: number): number[] {
  const seeds: number[] = [];
  for (let at = first; seeds.length < count;) {
    const known = ranges.find(([from, to]) => from <= at && at <= to);
    if (known === undefined) seeds.push(at++);
    else at = known[1] + 1;
  }
  return seeds;
}

export function rangesText(ranges: readonly Range[]): string {
  return ranges.map(([first, last]) => (first === last ? `${first}` : `${first}–${last}`)).join(', ');
}
