import type { Patience } from '../parts/patience.js';
import type { Ask } from './client.js';

/** What one call of the port works with. */
export interface Call {
  readonly ask: Ask;
  readonly patience: Patience;
  /** Logins whose comments count as ours. */
  readonly trusted: readonly string[];
  /** `/repos/acme/shop` */
  readonly repository: string;
  /** Login of whose the token is; null: the forge does not tell before the first comment. */
  author(): Promise<string | null>;
  learn(author: string): void;
}

const perPage = 50;

/**
 * All pages of a list, up to a bound. How many a page has is a setting of the server (50 at most, unless it says
 * otherwise), so only an empty one is surely the last.
 */
export async function allPages<T>(
  maximumPages: number,
  ask: (query: { readonly limit: number; readonly page: number }) => Promise<readonly T[]>,
): Promise<readonly T[]> {
  const all: T[] = [];
  for (let page = 1; page <= maximumPages; page++) {
    const items = await ask({ limit: perPage, page });
    if (items.length === 0) break;
    all.push(...items);
  }
  return all;
}

/** Go writes an empty list as null in places. */
export function listOf<T>(value: unknown): readonly T[] {
  return Array.isArray(value) ? (value as readonly T[]) : [];
}
