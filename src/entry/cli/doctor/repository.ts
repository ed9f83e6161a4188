import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { git, workTreeAbove } from '../init/repository.js';
import { Failure } from '../operations.js';
import { missing, ok, warn, type Check } from './check.js';

/** The repository that a folder lies in, where its state goes, and what of both will not do. */
export async function checkRepository(folder: string): Promise<Check[]> {
  const facts = await factsOf(folder);
  if (facts === null) return [missing('repository', `${folder} lies in no Git repository`, 'heliostat init')];
  return [checkKind(facts), ...(facts.shallow ? [shallowCheck] : []), checkState(facts), checkDomain(folder)];
}

interface Facts {
  readonly commonDir: string;
  readonly bare: boolean;
  readonly shallow: boolean;
  readonly objectFormat: string;
  readonly refFormat: string;
}

async function factsOf(folder: string): Promise<Facts | null> {
  const ask = async (...question: string[]) => {
    try {
      return await git(folder, ...question);
    } catch (error) {
      if (error instanceof Failure) return null;
      throw error;
    }
  };
  const commonDir = await ask('rev-parse', '--git-common-dir');
  if (commonDir === null) return null;
  return {
    commonDir: resolve(folder, commonDir),
    bare: (await ask('rev-parse', '--is-bare-repository')) === 'true',
    shallow: (await ask('rev-parse', '--is-shallow-repository')) === 'true',
    objectFormat: (await ask('rev-parse', '--show-object-format')) ?? 'sha1',
    refFormat: (await ask('config', '--get', 'extensions.refStorage')) ?? 'files',
  };
}

function checkKind({ bare, commonDir, objectFormat, refFormat }: Facts): Check {
  if (objectFormat !== 'sha1') {
    return missing(
      'repository',
      `its objects are named by ${objectFormat}, which is not read yet`,
      'git init --object-format=sha1',
    );
  }
  if (refFormat !== 'files') {
    return missing(
      'repository',
      `its refs are kept as ${refFormat}, which is not read yet`,
      'git refs migrate --ref-format=files',
    );
  }
  return ok('repository', `${bare ? 'bare, ' : ''}${commonDir}`);
}

const shallowCheck = warn(
  'history',
  'a shallow clone: older releases and revisions may be out of reach',
  'git fetch --unshallow',
);

/** In the repository if it is bare, else beside its common folder. */
function checkState({ bare, commonDir }: Facts): Check {
  const parent = bare || basename(commonDir) !== '.git' ? commonDir : dirname(commonDir);
  const folder = join(parent, '.heliostat');
  const there = existsSync(folder);
  if (there && !statSync(folder).isDirectory()) {
    return missing('state folder', `${folder} is no folder`, `mv ${folder} ${folder}.old`);
  }
  const place = there ? folder : parent;
  try {
    accessSync(place, constants.W_OK | constants.X_OK);
    return ok('state folder', there ? folder : `${folder} (made by the first apply)`);
  } catch {
    return missing('state folder', `${place} cannot be written`, `chown -R "$(id -un)" ${place}`);
  }
}

function checkDomain(folder: string): Check {
  const root = workTreeAbove(folder);
  for (let at = resolve(folder); ; at = dirname(at)) {
    if (existsSync(join(at, 'heliostat.yaml'))) return ok('domain', join(at, 'heliostat.yaml'));
    if (at === root || dirname(at) === at) break;
  }
  return warn('domain', 'no heliostat.yaml at or above this folder', 'heliostat init, or give --domain NAME');
}

export function checkConfig(given: string | null, folder: string): Check {
  const path = resolve(folder, given ?? 'heliostat.config.yaml');
  if (!existsSync(path)) {
    return given === null
      ? ok('configuration', 'none, so everything is as by default')
      : missing('configuration', `${path} does not exist`, 'Leave out --config, or write the file');
  }
  const open = (statSync(path).mode & 0o002) !== 0;
  return open
    ? warn('configuration', `${path} can be written by everyone`, `chmod o-w ${path}`)
    : ok('configuration', path);
}
