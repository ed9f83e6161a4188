import { writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { DomainName } from '../../core/base/names.js';
import type { Repository } from '../../adapters/git/index.js';
import { openRepository } from '../../adapters/git/index.js';
import type { Place } from '../cli/operations.js';
import { isRemote, type RemoteRepository } from '../../adapters/git/remote/index.js';
import { redactorOf, type Redactor } from '../../core/base/safe-text.js';
import { Failure } from '../cli/operations.js';
import type { OperatorConfig } from './config.js';
import { readConfig } from './config.js';
import { chooseDomain, type FoundDomain } from './domain-files.js';
import { ownFolder } from './own-folder.js';
import { openRemotePlace, tellAway } from './remote-place.js';

/** A repository, one domain of it, and where the controller of that domain keeps its things. */
export interface Location {
  readonly repository: Repository;
  /** The same, where it is on another machine; null: it is on this one. */
  readonly remote: RemoteRepository | null;
  /** The real path of the common Git directory, or the URL: whose the resources are. */
  readonly home: string;
  /** Masks the token that a remote is asked with. */
  readonly redact: Redactor;
  readonly domain: DomainName;
  /** False: its file says no usable name, and nothing may be run under the one that was guessed. */
  readonly isNamed: boolean;
  /** Folder of the domain's `heliostat.yaml`, `''` for the root. */
  readonly folder: string;
  readonly config: OperatorConfig;
  /** `.heliostat` of the repository; of a remote, a folder of this user. */
  readonly root: string;
  /** Journal, lock and control socket of this domain's controller. */
  readonly stateDir: string;
  /** Shared by the domains of the repository: the gateway and the parse cache. */
  readonly sharedDir: string;
  readonly instancesDir: string;
}

/** @throws {Failure} where there is no repository, no domain, or several and none was named. */
export async function locate(place: Place): Promise<Location> {
  return place.repo !== null && isRemote(place.repo) ? locateRemote(place, place.repo) : locateHere(place);
}

async function locateHere(place: Place): Promise<Location> {
  const start = resolve(place.repo ?? '.');
  const opened = await openRepository(start);
  if ('failure' in opened) throw new Failure(opened.failure.code, opened.failure.message, opened.failure.fix);
  const repository = opened.ok;
  const { commonDir } = repository;
  const isBare = basename(commonDir) !== '.git';
  const config = await readConfig(place.config, repository.workTree?.root ?? commonDir);
  const root = config.stateFolder ?? join(isBare ? commonDir : dirname(commonDir), '.heliostat');
  const found = await chooseDomain(repository, start, { named: place.domain, branch: null });
  return locationOf(found, {
    repository,
    remote: null,
    home: commonDir,
    config,
    root,
    redact: redactorOf([]),
  });
}

async function locateRemote(place: Place, url: string): Promise<Location> {
  // None is looked for: the folder that we are in may be a checkout of anybody's commit.
  const config = await readConfig(place.config, null);
  const { repository, root, redact } = await openRemotePlace(url, config);
  try {
    await tellAway(repository, place.tell);
    const home = repository.url.name;
    const found = await chooseDomain(repository, '/', {
      named: place.domain,
      branch: config.branch,
      ...(place.domainsOf === undefined ? {} : { at: place.domainsOf }),
    });
    return locationOf(found, { repository, remote: repository, home, config, root, redact });
  } catch (error) {
    await repository.close();
    throw error;
  }
}

function locationOf(
  { name, folder, isValid }: FoundDomain,
  rest: Pick<Location, 'repository' | 'remote' | 'home' | 'config' | 'root' | 'redact'>,
): Location {
  const { root } = rest;
  const sharedDir = join(root, 'state');
  return {
    ...rest,
    domain: name,
    isNamed: isValid,
    folder,
    stateDir: join(sharedDir, name),
    sharedDir,
    instancesDir: join(root, 'instances'),
  };
}

/** Made at the first write; nothing of it ever shows in `git status`. */
export async function makeStateFolder(location: Location): Promise<void> {
  for (const folder of [location.root, location.sharedDir, location.stateDir, location.instancesDir])
    await ownFolder(folder, folder === location.root && location.config.stateFolder !== null);
  await writeFile(join(location.root, '.gitignore'), '*\n', { flag: 'wx' }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    },
  );
}
