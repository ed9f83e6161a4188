// Installs GitHub's description of its own API, against which the fake GitHub of the tests is held. It is large, and
// only these tests need it: so it is no package of the project, and lies in a folder of its own.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { withLock } from './lib/lock.mjs';
import { root } from './lib/root.mjs';

const folder = join(root, 'test/support/forge/openapi');
const generated = join(folder, 'node_modules/@octokit/openapi/generated');

const { version } = JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8')).packages[
  'node_modules/@octokit/openapi'
];

/** The description, as JSON (OpenAPI 3.0), without what only people read. */
export const description = join(folder, `node_modules/github-${version}.json`);

/** Does nothing where it is there already. */
export async function installDescription() {
  if (existsSync(description)) return;
  await withLock(join(root, '.openapi.lock'), async () => {
    if (existsSync(description)) return;
    await npm(['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']);
    const whole = JSON.parse(readFileSync(join(generated, 'api.github.com.json'), 'utf8'), withoutProse);
    writeFileSync(`${description}.new`, JSON.stringify(whole));
    renameSync(`${description}.new`, description);
    // A third of a gigabyte, of other products too.
    rmSync(generated, { recursive: true });
  });
}

/** A property may be called `description` as well; then it is no text. */
function withoutProse(key, value) {
  if (key === 'description' && typeof value === 'string') return undefined;
  return ['examples', 'example', 'x-github', 'x-webhooks', 'externalDocs'].includes(key) ? undefined : value;
}

function npm(args) {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('npm_')));
  const child = spawn('npm', args, { cwd: folder, env, stdio: ['ignore', 'ignore', 'inherit'] });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => (code === 0 ? resolve() : reject(new Error(`npm ended with ${code}`))));
  });
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) await installDescription();
