import type { Revision } from '../../../core/base/names.js';
import type { State } from '../../../core/journal/fold.js';
import type { Surroundings } from '../../../core/status/outcome.js';
import type { Bench } from './bench.js';

/** What the forge knows of a commit and the state does not. */
export async function surroundingsOf(
  { forge, request }: Bench,
  state: State,
  revision: Revision,
): Promise<Surroundings> {
  const number = state.domain.revisions.get(revision)?.revert?.pullRequest?.number;
  const answer = forge === null || number === undefined ? null : await forge.pullRequest(number);
  return {
    nowMs: Date.now(),
    commitUrl: (commit) => forge?.commitUrl(commit) ?? null,
    lineUrl: () => null,
    proposal: answer?.kind === 'ok' ? (answer.value?.state ?? 'open') : 'open',
    differing: null,
    wholeUrl: request.wholeUrl,
  };
}
