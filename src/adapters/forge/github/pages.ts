export const perPage = 100;

/** All pages of a list, up to a bound that GitHub's own limits keep below. */
export async function allPages<T>(
  maximumPages: number,
  ask: (page: number) => Promise<readonly T[]>,
): Promise<readonly T[]> {
  const all: T[] = [];
  for (let page = 1; page <= maximumPages; page++) {
    const items = await ask(page);
    all.push(...items);
    if (items.length < perPage) break;
  }
  return all;
}
