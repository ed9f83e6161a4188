import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { tmpdir } from 'node:os';
import packageFile from '../../../package.json' with { type: 'json' };
import { runnerOf } from '../../adapters/runner/runner.js';
import { fromUtf8 } from '../../core/base/bytes.js';
import type { Json } from '../../core/base/data.js';
import { composeAction } from '../compose.js';
import { runAction } from './run.js';

/** The GitHub Action. */
async function main(env: NodeJS.ProcessEnv): Promise<number> {
  const runner = runnerOf(env, (text) => void process.stdout.write(text));
  const interrupt = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => interrupt.abort(name));
  const folder = env['RUNNER_TEMP'] ?? tmpdir();
  const token = env['INPUT_TOKEN']?.trim() ?? '';
  if (token !== '') {
    env['HELIOSTAT_FORGE_TOKEN'] = token;
    // Another host is shown what its own step names in the environment, and nothing of this one.
    if (isAtHome(env)) env['HELIOSTAT_TOKEN'] = token;
  }
  const secrets: string[] = [];
  const code = await runAction({
    env,
    runner,
    payload: await payloadOf(env['GITHUB_EVENT_PATH']),
    signal: interrupt.signal,
    loadOperations: () => composeAction({ version: packageFile.version }),
    async keepSecret(name, text) {
      const file = join(folder, 'heliostat', name);
      await mkdir(dirname(file), { recursive: true, mode: 0o700 });
      secrets.push(file);
      await writeFile(file, text, { mode: 0o600 });
      return file;
    },
    async writeReport(path, text) {
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, text);
    },
  });
  // The machine may be somebody's own, and stay.
  for (const file of secrets) await rm(file, { force: true });
  return code;
}

/** The repository is on the server of the workflow. */
function isAtHome(env: NodeJS.ProcessEnv): boolean {
  const repository = env['INPUT_REPOSITORY']?.trim() ?? '';
  const server = env['GITHUB_SERVER_URL'] ?? 'https://github.com';
  return (
    repository === '' || (URL.canParse(repository) && new URL(repository).origin === new URL(server).origin)
  );
}

async function payloadOf(path: string | undefined): Promise<Json> {
  if (path === undefined || path === '') return null;
  const text = fromUtf8(await readFile(path));
  return text === null ? null : (JSON.parse(text) as Json);
}

process.exit(await main(process.env));
