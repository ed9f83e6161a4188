import type { Json } from '../../core/base/data.js';
import { isMap } from '../../core/base/data.js';
import { parseDuration } from '../../core/model/duration.js';
import { wrongConfig } from './config-failure.js';

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

export function remoteSettings(file: string, value: Json | undefined): RemoteSettings {
  if (value === undefined || value === null) return usualRemote;
  if (!isMap(value))
    throw wrongConfig(
      file,
      'remote is not a map',
      'Write remote: { token: "file:/path", pollInterval: 15s }.',
    );
  const known = ['token', 'pollInterval', 'depth'];
  const strange = Object.keys(value).find((key) => !known.includes(key));
  if (strange !== undefined)
    throw wrongConfig(file, `there is no setting remote.${strange}`, `Use one of ${known.join(', ')}.`);
  return {
    token: tokenSource(file, value['token']),
    pollMs: pollMs(file, value['pollInterval']),
    depth: depthOf(file, value['depth']),
  };
}

function tokenSource(file: string, value: Json | undefined): string | null {
  if (value === undefined || value === null) return null;
  // What stands there may be the token itself, so it is not repeated.
  if (typeof value !== 'string' || !/^(?:env|file):./.test(value))
    throw wrongConfig(
      file,
      'remote.token does not say where the token is',
      'Write token: "file:/absolute/path" or token: "env:NAME"; never the token itself.',
    );
  return value;
}

function pollMs(file: string, value: Json | undefined): number {
  if (value === undefined || value === null) return usualRemote.pollMs;
  const ms = typeof value === 'string' ? parseDuration(value) : null;
  if (ms === null || ms < shortestPollMs)
    throw wrongConfig(file, 'remote.pollInterval is no time of a second or more', 'Write pollInterval: 15s.');
  return ms;
}

function depthOf(file: string, value: Json | undefined): number {
  if (value === undefined || value === null) return usualRemote.depth;
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 1 || value > most)
    throw wrongConfig(file, 'remote.depth is no number of commits', 'Write depth: 1000.');
  return value;
}
