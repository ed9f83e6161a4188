import { createPoll, createWatcher, type Watcher } from '../../adapters/watch/index.js';
import type { Location } from './place.js';

/** Tells when the tracked branch moves: by the files of a local repository, and by asking a remote. */
export function watchTip(
  { repository, remote, config }: Location,
  ref: string,
  onTip: () => void,
): Promise<Watcher> {
  return remote === null
    ? createWatcher({ repository, ref, onTip })
    : createPoll({ remote, ref, onTip, pollMs: config.remote.pollMs });
}
