import { resolve } from 'node:path';
import { openRepository } from '../../adapters/git/index.js';
import { isRemote, parseRemote, reachRemote, type RemoteUrl } from '../../adapters/git/remote/index.js';
import type { Interruptible, Place, ReachView } from '../cli/operations.js';
import { Failure } from '../cli/operations.js';
import { readConfig, type OperatorConfig } from './config.js';
import { openForge } from './forge.js';
import { tokenOf } from './remote-place.js';

/** Whether those on whom a domain depends elsewhere can be asked, and what they would let us do. Only reads. */
export async function reach({ repo, config: given }: Place & Interruptible): Promise<ReachView> {
  const url = repo !== null && isRemote(repo) ? urlOf(repo) : null;
  const config = await readConfig(given, url === null ? await folderOf(repo) : null);
  return {
    remote: url === null ? null : await reachedRemote(url, config),
    forge: await reachedForge(url, config),
  };
}

function urlOf(text: string): RemoteUrl {
  const url = parseRemote(text);
  if ('code' in url) throw new Failure(url.code, url.message, url.fix);
  return url;
}

/** Where the configuration lies beside a repository; null: there is none. */
async function folderOf(repo: string | null): Promise<string | null> {
  const opened = await openRepository(resolve(repo ?? '.'));
  if ('failure' in opened) return null;
  const { workTree, commonDir } = opened.ok;
  await opened.ok.close();
  return workTree?.root ?? commonDir;
}

async function reachedRemote(url: RemoteUrl, config: OperatorConfig): Promise<ReachView['remote']> {
  const { credentials, redact } = tokenOf(url, config);
  const reached = await reachRemote({ url, credentials, redact });
  // One that cannot be had has failed above.
  const hasToken = reached.kind === 'reached' && url.kind === 'http' ? (await credentials()) !== null : null;
  return { url: url.url, hasToken, reached };
}

async function reachedForge(url: RemoteUrl | null, config: OperatorConfig): Promise<ReachView['forge']> {
  if (config.forge === null) return null;
  const { forge } = openForge(config.forge, url);
  const { kind, hasDeployments } = forge.traits;
  return { kind, webUrl: forge.webUrl, hasDeployments, abilities: await forge.abilities() };
}
