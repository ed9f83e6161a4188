import type { Revision } from '../../../core/base/names.js';
import type { CommitStatus } from '../../../ports/forge.js';
import { makeOnce } from '../parts/once.js';
import { allPages, perPage } from './pages.js';
import type { Call } from './call.js';

/** Each of 100 contexts. */
const maximumPages = 10;

/**
 * GitHub takes 1,000 statuses a commit and context, and shows the newest. What is the newest already is not written
 * again, so that a controller which says the same for ever stays far below.
 */
export async function writeOurStatus(call: Call, revision: Revision, status: CommitStatus): Promise<null> {
  const find = async (): Promise<true | null> =>
    isSame(await newest(call, revision, status.context), status) ? true : null;
  if ((await find()) === null)
    await makeOnce(async () => (await post(call, revision, status), true), find, call.patience);
  return null;
}

interface ApiStatus {
  readonly state: string;
  readonly context: string;
  readonly description?: string | null;
  readonly target_url?: string | null;
}

async function newest(call: Call, ref: Revision, context: string): Promise<ApiStatus | null> {
  const ofAllContexts = await allPages<ApiStatus>(maximumPages, async (page) => {
    const { data } = await call.ask((request) =>
      request('GET /repos/{owner}/{repo}/commits/{ref}/status', { ...call.at, ref, per_page: perPage, page }),
    );
    return data.statuses;
  });
  // GitHub does not tell upper case from lower case in contexts.
  return ofAllContexts.find((one) => one.context.toLowerCase() === context.toLowerCase()) ?? null;
}

function isSame(found: ApiStatus | null, { state, description, url }: CommitStatus): boolean {
  return (
    found !== null &&
    found.state === state &&
    (found.description ?? '') === description &&
    (found.target_url ?? '') === (url ?? '')
  );
}

async function post(
  call: Call,
  sha: Revision,
  { state, context, description, url }: CommitStatus,
): Promise<void> {
  await call.ask((request) =>
    request('POST /repos/{owner}/{repo}/statuses/{sha}', {
      ...call.at,
      sha,
      state,
      context,
      description,
      target_url: url,
    }),
  );
}
