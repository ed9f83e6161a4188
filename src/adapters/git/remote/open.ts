import { mkdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { redactorOf, type Redactor } from '../../../core/base/safe-text.js';
import { isAbsent } from '../failure.js';
import { isRefName } from '../ref-names.js';
import { openRepository, type Opened } from '../repository.js';
import { Follower, type Away } from './follower.js';
import { httpRemote, type Credentials } from './http.js';
import type { HttpLimits } from './http-client.js';
import { RemoteError, type Remote } from './remote.js';
import { remoteRefs } from './remote-refs.js';
import type { RemoteUrl } from './url.js';

export interface RemoteOptions extends Partial<HttpLimits> {
  readonly url: RemoteUrl;
  /** The bare copy; it is made where there is none, and may be deleted at any time. */
  readonly folder: string;
  readonly credentials: Credentials | null;
  readonly git?: string | null;
  readonly redact?: Redactor;
  /** Monotonic, in milliseconds. */
  now(): number;
  /** How old a look at the remote may be that counts as one; 1,000 if not given. */
  readonly freshMs?: number;
  /** Commits that are fetched of a branch at first; 1,000 if not given. */
  readonly depth?: number;
}

export type OpenedRemote = Opened & {
  /** Null while the remote answers. */
  away(): Away | null;
};

const usual = { timeoutMs: 60_000, answerBytes: 1024 * 1024 * 1024, freshMs: 1_000, depth: 1_000 };

/** A repository on another machine, by way of a bare copy on this one. */
export async function openRemote(options: RemoteOptions): Promise<OpenedRemote> {
  const { url, folder, credentials, now } = options;
  const { timeoutMs, answerBytes, freshMs, depth } = { ...usual, ...options };
  const remote = httpRemote({ url, gitDir: folder, credentials, timeoutMs, answerBytes });
  const redact = options.redact ?? redactorOf([]);
  await makeCopy(folder, remote);
  let follower: Follower | null = null;
  const opened = await openRepository(folder, {
    ...(options.git === undefined ? {} : { git: options.git }),
    redact,
    refs: (local, copy) => {
      follower = new Follower({ remote, local, now, freshMs, depth });
      return remoteRefs({ remote, follower, local, redact, copy });
    },
  });
  const away = (): Away | null => follower?.away ?? null;
  if (!('ok' in opened)) return { ...opened, away };
  const repository = opened.ok;
  const close = async (): Promise<void> => {
    remote.close();
    await repository.close();
  };
  return { ok: { ...repository, close }, away };
}

/** An empty one; whose HEAD is that of the remote, where it says so. */
async function makeCopy(folder: string, remote: Remote): Promise<void> {
  for (const part of ['objects/info', 'objects/pack', 'refs/heads'])
    await mkdir(join(folder, part), { recursive: true, mode: 0o700 });
  if (!(await isThere(join(folder, 'config')))) await writeFile(join(folder, 'config'), configuration);
  const head = await remote.head().catch((error: unknown) => {
    if (error instanceof RemoteError) return null;
    throw error;
  });
  const isKnown = await isThere(join(folder, 'HEAD'));
  if (head !== null && isRefName(head)) await writeFile(join(folder, 'HEAD'), `ref: ${head}\n`);
  else if (!isKnown) await writeFile(join(folder, 'HEAD'), 'ref: refs/heads/main\n');
}

/** isomorphic-git wants to be told where it may note what it has fetched. */
const configuration = `[core]
	repositoryformatversion = 0
	bare = true
[remote "origin"]
	fetch = +refs/heads/*:refs/remotes/origin/*
`;

async function isThere(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (isAbsent(error)) return false;
    throw error;
  }
}
