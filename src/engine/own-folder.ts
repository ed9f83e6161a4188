import type { DomainName, Revision } from '../core/base/names.js';
import { requestFolder } from '../core/status/request.js';
import type { Oid, Source } from '../ports/repository.js';

/**
 * What a domain's folder on the status branch says, comparable; null: there is none, or it is not to be had. Without
 * requests, which are other people's, and without the files that are named.
 */
export async function saidBy(
  source: Source,
  commit: Oid,
  domain: DomainName,
  without: readonly string[] = [],
): Promise<string | null> {
  const root = (await source.commit(commit as Revision))?.tree;
  const folders = root === undefined ? null : await source.tree(root);
  const folder = folders?.find((entry) => entry.name === domain)?.oid;
  const entries = folder === undefined ? null : await source.tree(folder);
  if (!entries) return null;
  return entries
    .filter(({ name }) => name !== requestFolder && !without.includes(name))
    .map(({ oid, name }) => `${oid} ${name}`)
    .join('\n');
}
