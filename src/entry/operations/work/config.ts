import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Json, JsonMap } from '../../../core/base/data.js';
import { isMap } from '../../../core/base/data.js';
import type { Revision } from '../../../core/base/names.js';
import { readText } from '../../../core/model/text.js';
import type { RemoteRepository } from '../../../adapters/git/remote/index.js';
import { lookUp } from '../../../engine/at-commit.js';
import type { WorkRequest } from '../../action/operations.js';
import { configBytes } from '../config.js';
import { wrongConfig } from '../config-map.js';

type Wanted = Pick<WorkRequest, 'folder' | 'config' | 'controller' | 'isFork' | 'forge' | 'acts'>;

/** What is needed to ask for the repository at all. */
export async function firstConfig({ folder }: Pick<Wanted, 'folder'>): Promise<string> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  return write(join(folder, 'first.yaml'), { stateFolder: stateFolder(folder) });
}

/**
 * The operator's configuration as the base has it, with what a run of a workflow says on top. As a file, so that it is
 * read by the same code as any other.
 * @throws {Failure} where the one of the base cannot be read.
 */
export async function workConfig(
  repository: RemoteRepository,
  base: Revision | null,
  wanted: Wanted,
): Promise<string> {
  const { folder, controller, isFork, forge, acts, config } = wanted;
  const given = base === null ? {} : await givenConfig(repository, base, config);
  return write(join(folder, 'heliostat.config.yaml'), {
    ...given,
    // Whoever else is named there runs somewhere else; a fork's run may not pass for any.
    controller: isFork ? `a fork beside ${controller}` : controller,
    remote: isMap(given['remote']) ? { ...given['remote'], token: null } : null,
    stateFolder: stateFolder(folder),
    durable: false,
    ...(acts ? {} : { secretsElsewhere: true }),
    ...(forge === null ? { forge: null } : { forge: forgeConfig(given['forge'], forge) }),
    webhook: null,
  });
}

function forgeConfig(given: Json | undefined, wanted: NonNullable<Wanted['forge']>): JsonMap {
  const { app, repository, api, comments } = wanted;
  const said = isMap(given) ? given : {};
  const trusts = said['trusts'] ?? [];
  const reverts = wanted.reverts ?? said['reverts'] ?? null;
  const otherPlan = wanted.otherPlan ?? said['otherPlan'] ?? null;
  return {
    kind: said['kind'] ?? 'github',
    repository,
    api,
    reverts,
    otherPlan,
    comments,
    // What is no list is named as such by whoever reads the file.
    trusts: Array.isArray(trusts) ? [...(trusts as readonly Json[]), ...wanted.trusts] : trusts,
    ...(app === null
      ? { token: 'env:HELIOSTAT_FORGE_TOKEN' }
      : { app: { id: app.id, privateKey: `file:${app.privateKeyFile}` } }),
  };
}

function stateFolder(folder: string): string {
  return join(folder, 'work');
}

/** Empty where the base has none. What is there and cannot be read is never taken for nothing said. */
async function givenConfig({ source }: RemoteRepository, base: Revision, path: string): Promise<JsonMap> {
  const found = await lookUp(source, base, path);
  if (found.kind === 'absent') return {};
  const where = (place: string): string => `${path}${place} of ${base.slice(0, 7)}`;
  const [bytes] = found.kind === 'found' ? await source.blobs([found.oid], configBytes) : [];
  if (!bytes) throw wrongConfig(where(''), 'it cannot be read, or is too large', 'Look with git show.');
  const { data, problems } = readText(bytes);
  const [problem] = problems;
  if (problem !== undefined)
    throw wrongConfig(where(`:${problem.line}:${problem.column}`), problem.message, problem.fix);
  if (isMap(data) || data === null) return data ?? {};
  throw wrongConfig(where(''), 'it is not a map of settings', 'Write keys and values, such as branch: main.');
}

async function write(file: string, data: JsonMap): Promise<string> {
  await writeFile(file, `${JSON.stringify(data, null, 2)}\n`, { mode: 0o600 });
  return file;
}
