import type { Redactor } from '../../../core/base/safe-text.js';
import type { Revision } from '../../../core/base/names.js';
import type { Oid, Refs, SwapResult } from '../../../ports/repository.js';
import type { RefsTools } from '../repository.js';
import type { Follower } from './follower.js';
import { RemoteError, type Pushed, type Remote } from './remote.js';

export interface RemoteRefsTools {
  readonly remote: Remote;
  readonly follower: Follower;
  readonly local: Refs;
  readonly redact: Redactor;
  readonly copy: RefsTools;
}

/** References of a remote repository: read in the bare copy that follows it, and moved on its side first. */
export function remoteRefs(tools: RemoteRefsTools): Refs {
  const { follower, local } = tools;
  const read: Refs['read'] = (ref) => follower.read(ref);
  const compareAndSwap: Refs['compareAndSwap'] = (ref, from, to) => swap(tools, ref, { from, to });
  return {
    read,
    async head() {
      const { branch } = await local.head();
      return { branch, oid: branch === null ? null : await read(branch) };
    },
    // What isomorphic-git notes for itself while it fetches is nobody's matter.
    list: async (prefix) => (prefix.startsWith('refs/remotes/') ? [] : local.list(prefix)),
    compareAndSwap,
    advance: compareAndSwap,
    commit: (request) => local.commit(request),
    note: tools.copy.noter({ read, compareAndSwap }),
  };
}

interface Swap {
  readonly from: Oid | null;
  readonly to: Oid;
}

async function swap(tools: RemoteRefsTools, ref: string, wanted: Swap): Promise<SwapResult> {
  const { remote, follower, redact } = tools;
  let pushed: Pushed | RemoteError;
  try {
    pushed = await remote.push(ref, wanted.from, wanted.to);
  } catch (error) {
    if (!(error instanceof RemoteError)) throw error;
    pushed = error;
  }
  if (!(pushed instanceof RemoteError) && (pushed.kind === 'pushed' || isThere(pushed, wanted))) {
    await follower.moved(ref, wanted.to);
    return { kind: 'swapped' };
  }
  const why =
    pushed instanceof RemoteError ? pushed.message : pushed.kind === 'rejected' ? pushed.reason : '';
  try {
    await follower.look(ref);
  } catch (error) {
    if (!(error instanceof RemoteError)) throw error;
    return { kind: 'unavailable', message: redact(why === '' ? error.message : why) };
  }
  return judged(tools, await follower.read(ref), wanted, why);
}

/** A swap of which nobody heard the answer has arrived all the same. */
function isThere(pushed: Pushed, { to }: Swap): boolean {
  return pushed.kind === 'moved' && pushed.current === to;
}

/** What the remote has after a push that was refused, or of which nobody heard the end. */
async function judged(
  { copy, redact }: RemoteRefsTools,
  current: Oid | null,
  { from, to }: Swap,
  why: string,
): Promise<SwapResult> {
  if (current === to) return { kind: 'swapped' };
  // Others have gone on from ours: it was there.
  if (
    current !== null &&
    current !== from &&
    (await copy.history.isAncestor(to as Revision, current as Revision))
  )
    return { kind: 'swapped' };
  return current === from
    ? { kind: 'unavailable', message: redact(why === '' ? 'the remote refused it' : why) }
    : { kind: 'lost', current };
}
