import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import type { ProviderManifest } from '../../../core/base/manifest.js';
import { Failure } from '../operations.js';
import { missing, ok, warn, type Check } from './check.js';

const oldestNode = [20, 19] as const;
/** Tried of each range: enough to tell a range in use from one bad port. */
const triedPorts = 20;

export function checkNode(version: string): Check {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const fits = major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1]);
  const least = oldestNode.join('.');
  return fits
    ? ok('Node', version)
    : missing(
        'Node',
        `${version}, and ${least} is the oldest that works`,
        'Install a newer Node: https://nodejs.org',
      );
}

export function checkGit(answer: string | Failure): Check {
  if (answer instanceof Failure) {
    return missing('Git', answer.message, 'apt install git');
  }
  return ok('Git', answer.replace(/^git version /, ''));
}

/** Processes are told apart by their start time, which only /proc tells. */
export function checkProc(path = '/proc/self/stat'): Check {
  return existsSync(path)
    ? ok('/proc', 'readable, so that processes are recognised after a restart')
    : missing(
        '/proc',
        'not there: the provider `process` cannot recognise its processes',
        'mount -t proc proc /proc',
      );
}

export async function checkPorts(manifests: readonly ProviderManifest[]): Promise<Check[]> {
  const ranges = manifests.flatMap(({ name, portRange }) =>
    portRange === null ? [] : [{ name, portRange }],
  );
  return Promise.all(
    ranges.map(async ({ name, portRange: [first, last] }) => {
      const what = `ports of ${name}`;
      const free = await firstFree(first, Math.min(last, first + triedPorts - 1));
      return free === null
        ? warn(what, `none of ${first}–${first + triedPorts - 1} is free`, `ss -ltnp 'sport >= :${first}'`)
        : ok(what, `${first}–${last}`);
    }),
  );
}

async function firstFree(first: number, last: number): Promise<number | null> {
  for (let port = first; port <= last; port++) if (await isFree(port)) return port;
  return null;
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1' }, () => server.close(() => resolve(true)));
  });
}

export function checkProviders(answer: readonly ProviderManifest[] | Failure): Check {
  if (answer instanceof Failure) return warn('providers', answer.message, answer.fix);
  return answer.length === 0
    ? missing('providers', 'none is allowed here', 'Allow one in heliostat.config.yaml')
    : ok('providers', answer.map((manifest) => manifest.name).join(', '));
}
