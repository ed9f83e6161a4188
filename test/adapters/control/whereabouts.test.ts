import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { serveControl } from '../../../src/adapters/control/server.js';
import { knownWhereabouts, type Whereabouts } from '../../../src/adapters/control/whereabouts.js';
import { makeFolder } from '../../support/git.js';

/** As a daemon has it, with sockets in a folder of the test's own. */
async function serving(): Promise<{
  readonly of: Whereabouts;
  readonly socket: string;
  end(): Promise<void>;
}> {
  const folder = makeFolder();
  vi.stubEnv('TMPDIR', folder);
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
  const stateDir = join(folder, 'state');
  mkdirSync(stateDir);
  const of = { repository: join(folder, 'repo'), domain: 'prod', stateDir };
  const server = await serveControl(stateDir, (_, respond) => respond.end(), of);
  return { of, socket: server.path, end: () => server.close() };
}

async function ofTheTest(folder: string): Promise<readonly Whereabouts[]> {
  return (await knownWhereabouts()).filter(({ stateDir }) => stateDir.startsWith(folder));
}

it('says of which repository a daemon is as long as it runs', async () => {
  const { of, end } = await serving();
  const folder = dirname(of.stateDir);
  expect(await ofTheTest(folder)).toEqual([of]);
  await end();
  expect(await ofTheTest(folder)).toEqual([]);
});

it('passes over what no daemon has left, and folders into which others can reach', async () => {
  const { of, socket, end } = await serving();
  onTestFinished(end);
  const folder = dirname(of.stateDir);
  const beside = dirname(socket);
  for (const [name, text] of Object.entries({
    'a.where.json': 'null',
    'b.where.json': '{"repository":1}',
    'c.where.json': JSON.stringify({ ...of, stateDir: 'relative' }),
    'd.where.json': 'x'.repeat(100_000),
  }))
    writeFileSync(join(beside, name), text);
  expect(await ofTheTest(folder)).toEqual([of]);

  chmodSync(beside, 0o755);
  expect(existsSync(socket)).toBe(true);
  expect(await ofTheTest(folder)).toEqual([]);
  chmodSync(beside, 0o700);
});
