import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { digestOf, shortHex } from '../../core/base/digest.js';
import type { Revision } from '../../core/base/names.js';
import type { Redactor } from '../../core/base/safe-text.js';
import type { RemoteRepository, RemoteUrl } from '../../adapters/git/remote/index.js';
import { openRemote, parseRemote } from '../../adapters/git/remote/index.js';
import type { Place } from '../cli/operations.js';
import { Failure } from '../cli/operations.js';
import type { OperatorConfig } from './config.js';
import { openForge } from './forge.js';
import { ownFolder } from './own-folder.js';
import { remoteToken, renewedToken, type RemoteToken } from './remote-token.js';

/** A repository on another machine, and where everything of it lies on this one. */
export interface RemotePlace {
  readonly repository: RemoteRepository;
  readonly root: string;
  readonly redact: Redactor;
}

/** @throws {Failure} where the URL is not asked, its token cannot be read, or the copy cannot be made. */
export async function openRemotePlace(text: string, config: OperatorConfig): Promise<RemotePlace> {
  const url = parseRemote(text);
  if ('code' in url) throw new Failure(url.code, url.message, url.fix);
  const { credentials, redact } = tokenOf(url, config);
  const root = config.stateFolder ?? stateFolderOf(url, process.env);
  await ownFolder(root, true);
  const opened = await openRemote({
    url,
    folder: join(root, `${digestText(url)}.git`),
    credentials,
    redact,
    now: () => performance.now(),
    depth: config.remote.depth,
  });
  if ('failure' in opened) throw new Failure(opened.failure.code, opened.failure.message, opened.failure.fix);
  return { repository: opened.ok, root, redact };
}

/** @throws {Failure} where it cannot be read. */
export function tokenOf(url: RemoteUrl, config: OperatorConfig): RemoteToken {
  const app = appToken(url, config);
  return app === null ? remoteToken(url, config.remote, process.env) : renewedToken(app);
}

/** An App's token opens the repository as well, and is renewed for it. */
function appToken(url: RemoteUrl, { forge, remote }: OperatorConfig): (() => Promise<string>) | null {
  if (forge?.auth?.kind !== 'app' || remote.token !== null) return null;
  return openForge(forge, url).gitToken;
}

/** Says once that what is read is what the remote was, where it cannot be asked. */
export async function tellAway(
  { refs, ...repository }: RemoteRepository,
  tell: Place['tell'],
): Promise<void> {
  if (tell === undefined) return;
  const { oid } = await refs.head();
  const away = (await refs.away?.()) ?? null;
  if (away === null) return;
  const seenMs = await repository.lastSeenMs();
  const ageMs = seenMs === null ? null : Math.max(0, Date.now() - seenMs);
  tell({ message: away.message, revision: oid as Revision | null, ageMs });
}

function stateFolderOf(url: RemoteUrl, environment: NodeJS.ProcessEnv): string {
  const named = environment['XDG_STATE_HOME'] ?? '';
  const base = isAbsolute(named) ? named : join(homedir(), '.local', 'state');
  return join(base, 'heliostat', url.host.replaceAll(/[^a-z0-9.-]/g, '_'), digestText(url));
}

function digestText({ name }: RemoteUrl): string {
  return shortHex(digestOf(name), 16);
}
