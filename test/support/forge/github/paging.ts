import type { Incoming } from '../server.js';

/** One page, by `per_page` (30, at most 100) and `page`. */
export function pageOf<T>(items: readonly T[], { query }: Incoming): readonly T[] {
  const size = Math.min(Number(query.get('per_page') ?? 30), 100);
  const page = Number(query.get('page') ?? 1);
  return items.slice((page - 1) * size, page * size);
}
