/** What lasts is as old as its first entry, whatever is told of it later. Milliseconds since 1970. */
export function sinceOf(before: number | null | undefined, wallMs: number): number {
  return before ?? wallMs;
}
