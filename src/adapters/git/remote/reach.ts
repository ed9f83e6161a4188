import { redactorOf, type SafeText } from '../../../core/base/safe-text.js';
import { findGit } from '../tool.js';
import { remoteOf, usual, type RemoteOptions } from './open.js';
import { RemoteError } from './remote.js';

/** What a remote lets us do, found out by reads alone. */
export type Reached =
  /** `pushes` null: it tells only at a push. */
  | { readonly kind: 'reached'; readonly pushes: boolean | null }
  | { readonly kind: 'failed'; readonly message: SafeText; readonly fix: string };

/** Makes no copy, writes nothing anywhere. */
export async function reachRemote(
  given: Pick<RemoteOptions, 'url' | 'credentials' | 'redact' | 'git' | 'silenceMs'>,
): Promise<Reached> {
  const redact = given.redact ?? redactorOf([]);
  const git = given.git === undefined ? findGit() : given.git;
  const remote = remoteOf({ ...usual, ...given, folder: '', now: () => performance.now() }, git);
  if ('code' in remote) return { kind: 'failed', message: redact(remote.message), fix: remote.fix };
  try {
    await remote.head();
    return { kind: 'reached', pushes: await remote.offersPush() };
  } catch (error) {
    if (!(error instanceof RemoteError)) throw error;
    return { kind: 'failed', message: redact(error.message), fix: error.fix };
  } finally {
    remote.close();
  }
}
