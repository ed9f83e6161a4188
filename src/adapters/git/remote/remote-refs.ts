import type { Redactor } from '../../../core/base/safe-text.js';
import type { Revision } from '../../../core/base/names.js';
import type { History } from '../../../ports/history.js';
import type { Away, Occupied, Oid, Refs, SwapResult } from '../../../ports/repository.js';
import { isRefName } from '../ref-names.js';
import type { RefsTools } from '../repository.js';
import type { Follower } from './follower.js';
import { RemoteError, type Pushed, type Remote } from './remote.js';

export interface RemoteRefsTools {
  readonly remote: Remote;
  readonly follower: Follower;
  readonly local: Refs;
  readonly redact: Redactor;
  readonly noter: RefsTools['noter'];
  readonly history: Pick<History, 'isAncestor'>;
  away(): Away | null;
  /** What the remote's HEAD stands for becomes what that of the copy does. */
  askHead(): Promise<unknown>;
  /** Before whoever lost a race tries again; so many in a row were lost. */
  pause(lost: number): Promise<void>;
}

/** References of a remote repository: read in the bare copy that follows it, and moved on its side first. */
export function remoteRefs(tools: RemoteRefsTools): Refs {
  const { follower, local, away } = tools;
  const lost = new Map<string, number>();
  const read: Refs['read'] = async (ref) => {
    if (ref === 'HEAD') return (await head()).oid;
    return isRefName(ref) ? follower.read(ref) : null;
  };
  const headNow: Refs['head'] = async () => {
    const { branch } = await local.head();
    return { branch, oid: branch === null ? null : await follower.read(branch) };
  };
  const head: Refs['head'] = async () => {
    const known = await headNow();
    if (known.oid !== null || away() !== null) return known;
    // It may stand for another branch since.
    await tools.askHead();
    return headNow();
  };
  const moved = async (ref: string, from: Oid | null, to: Oid): Promise<SwapResult | Occupied> => {
    if (!isRefName(ref)) return local.compareAndSwap(ref, from, to);
    const result = await swap(tools, ref, { from, to });
    const count = result.kind === 'lost' ? (lost.get(ref) ?? 0) + 1 : 0;
    lost.set(ref, count);
    if (result.kind !== 'lost') return result;
    // Who builds on what was there before would lose again.
    follower.doubt();
    // The engine waits by itself before it tries a branch again.
    if (!ref.startsWith('refs/heads/')) await tools.pause(count);
    return result;
  };
  const compareAndSwap: Refs['compareAndSwap'] = async (ref, from, to) => {
    const result = await moved(ref, from, to);
    return result.kind === 'occupied' ? { kind: 'unavailable', message: result.message } : result;
  };
  return {
    read,
    head,
    list: async (prefix) => {
      if (prefix.startsWith('refs/remotes/')) return [];
      return prefix.startsWith('refs/heads/') ? follower.list(prefix) : local.list(prefix);
    },
    compareAndSwap,
    advance: moved,
    commit: (request) => local.commit(request),
    note: tools.noter({ read, compareAndSwap }),
    away: () => Promise.resolve(away()),
  };
}

interface Swap {
  readonly from: Oid | null;
  readonly to: Oid;
}

/** `occupied`: the remote does not let us move it, though it is what it was. */
async function swap(tools: RemoteRefsTools, ref: string, wanted: Swap): Promise<SwapResult | Occupied> {
  const { remote, follower, redact, history } = tools;
  const { from, to } = wanted;
  if (from !== null && !(await history.isAncestor(from as Revision, to as Revision)))
    return { kind: 'unavailable', message: redact(`${to} does not go on from ${from}: it is not pushed`) };
  let pushed: Pushed | RemoteError;
  try {
    pushed = await remote.push(ref, from, to);
  } catch (error) {
    if (!(error instanceof RemoteError)) throw error;
    pushed = error;
  }
  if (!(pushed instanceof RemoteError) && pushed.kind === 'pushed') {
    await follower.moved(ref, to);
    return { kind: 'swapped' };
  }
  let current: Oid | null;
  try {
    current = await follower.bring(ref);
  } catch (error) {
    if (!(error instanceof RemoteError)) throw error;
    return { kind: 'unavailable', message: redact(reasonOf(pushed) ?? error.message) };
  }
  return judged(tools, current, wanted, pushed);
}

/** What the remote has after a push that was refused, or of which nobody heard the end. */
async function judged(
  { history, redact }: RemoteRefsTools,
  current: Oid | null,
  { from, to }: Swap,
  pushed: Pushed | RemoteError,
): Promise<SwapResult | Occupied> {
  if (current === to) return { kind: 'swapped' };
  if (current !== from) {
    // Others have gone on from ours: it was there.
    const isPart = current !== null && (await history.isAncestor(to as Revision, current as Revision));
    return isPart ? { kind: 'swapped' } : { kind: 'lost', current };
  }
  if (!(pushed instanceof RemoteError) && pushed.kind === 'rejected')
    return { kind: 'occupied', message: redact(`the remote refuses it: ${pushed.reason}`) };
  // The server was at it for another, who has not come to his end yet: that is a race as well.
  if (!(pushed instanceof RemoteError)) return { kind: 'lost', current };
  return { kind: 'unavailable', message: redact(pushed.message) };
}

function reasonOf(pushed: Pushed | RemoteError): string | null {
  if (pushed instanceof RemoteError) return pushed.message;
  return pushed.kind === 'rejected' ? pushed.reason : null;
}
