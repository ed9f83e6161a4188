import type { Revision } from '../../core/base/names.js';
import type { State } from '../../core/journal/fold.js';
import { shortBranch } from '../../ports/repository.js';
import type { Location } from './place.js';

/** The branch that is followed, and its tip: configured, else as recorded with the claim, else HEAD's. */
export async function trackedTip(
  { repository, config }: Location,
  state: State,
): Promise<{ readonly branch: string; readonly tip: Revision | null }> {
  const head = await repository.refs.head();
  const branch =
    config.branch ?? state.domain.branch ?? (head.branch === null ? null : shortBranch(head.branch));
  if (branch === null) return { branch: 'HEAD', tip: head.oid as Revision | null };
  return { branch, tip: (await repository.refs.read(`refs/heads/${branch}`)) as Revision | null };
}
