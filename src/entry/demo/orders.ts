import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { instancesOf, type Status } from './status.js';

/** Ids of the orders that lie in the folder which the store runs on, each as often as it lies there. */
export function keptOrders(status: Status): string[] {
  const folder = instancesOf(status).find(({ element }) => element === 'orders')?.resource;
  if (!folder) return [];
  return readFileSync(join(folder, 'orders.jsonl'), 'utf8')
    .split('\n')
    .slice(0, -1) // what follows the last line end is still being written
    .map((line) => (JSON.parse(line) as { id: string }).id);
}
