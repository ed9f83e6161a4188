import type { Revision } from '../../../core/base/names.js';
import type { CommitStatus } from '../../../ports/forge.js';
import { makeOnce } from '../parts/once.js';
import { allPages, listOf, type Call } from './call.js';

interface ApiStatus {
  readonly status: string;
  readonly context: string;
  readonly description: string;
  readonly target_url: string;
}

const maximumPages = 20;

/** What is the newest of its context already is not written again. */
export async function writeOurStatus(call: Call, revision: Revision, status: CommitStatus): Promise<null> {
  const { context, state, description, url } = status;
  const find = async (): Promise<true | null> =>
    isSame(await newest(call, revision, context), status) ? true : null;
  const post = async (): Promise<true> => {
    const body = { context, state, description, target_url: url ?? '' };
    await call.ask('POST', `${call.repository}/statuses/${revision}`, { body });
    return true;
  };
  if ((await find()) === null) await makeOnce(post, find, call.patience);
  return null;
}

async function newest(call: Call, revision: Revision, context: string): Promise<ApiStatus | null> {
  const latest = await allPages(maximumPages, async (query) => {
    // Of a commit without any there is nothing, not even an object, or one without a list.
    const combined = await call.ask('GET', `${call.repository}/commits/${revision}/status`, { query });
    return listOf<ApiStatus>((combined as { statuses?: unknown } | null)?.statuses);
  });
  return latest.find((one) => one.context === context) ?? null;
}

function isSame(found: ApiStatus | null, { state, description, url }: CommitStatus): boolean {
  return (
    found !== null &&
    found.status === state &&
    found.description === description &&
    found.target_url === (url ?? '')
  );
}
