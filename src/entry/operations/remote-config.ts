import { parseDuration } from '../../core/model/duration.js';
import type { ConfigMap } from './config-map.js';

/** `remote` of the operator's configuration: of a repository that is named by its URL. */
export interface RemoteSettings {
  /** `file:/absolute/path` or `env:NAME`; null: the usual variables of the environment. */
  readonly token: string | null;
  /** How often a daemon asks the remote whether the branch has moved. */
  readonly pollMs: number;
  /** Commits of a branch that are fetched at first. */
  readonly depth: number;
}

export const usualRemote: RemoteSettings = { token: null, pollMs: 15_000, depth: 1_000 };

const shortestPollMs = 1_000;
const most = 1_000_000_000;

/** @throws {Failure} naming the key that is wrong. */
export function remoteSettings(config: ConfigMap): RemoteSettings {
  const remote = config.map(
    'remote',
    ['token', 'pollInterval', 'depth'],
    'Write remote: { token: "file:/path", pollInterval: 15s }.',
  );
  if (remote === null) return usualRemote;
  return { token: remote.source('token'), pollMs: pollMs(remote), depth: depthOf(remote) };
}

function pollMs(remote: ConfigMap): number {
  const text = remote.value('pollInterval');
  if (text === undefined) return usualRemote.pollMs;
  const ms = typeof text === 'string' ? parseDuration(text) : null;
  if (ms === null || ms < shortestPollMs)
    throw remote.wrong('pollInterval', 'is no time of a second or more', 'Write pollInterval: 15s.');
  return ms;
}

function depthOf(remote: ConfigMap): number {
  const value = remote.number('depth') ?? usualRemote.depth;
  if (!Number.isInteger(value) || value < 1 || value > most)
    throw remote.wrong('depth', 'is no number of commits', 'Write depth: 1000.');
  return value;
}
