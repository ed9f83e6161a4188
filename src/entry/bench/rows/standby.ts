import type { Bench, Row } from '../bench.js';
import { heliostat, newFolder } from '../bench.js';
import { Daemon } from '../daemon.js';
import type { Finding } from '../finding.js';
import { median, run } from '../measure.js';
import type { Files } from '../sandbox.js';
import { cleanEnvironment, makeRepository } from '../sandbox.js';

export const standbyRow: Row = {
  name: 'standby',
  about: 'back to the version before, which is kept on standby, beside the same without: 3 real processes',
  measure: async (bench) => [await standby(bench)],
};

const versions = ['1.0.0', '2.0.0'] as const;

async function standby(bench: Bench): Promise<Finding> {
  const kept = await waysBack(bench, '1h');
  const made = await waysBack(bench, '0s');
  return {
    work: 'back to a standby, 3 processes, p50',
    ours: { value: median(kept), unit: 'ms' },
    peer: { name: 'the same without a standby', value: median(made), unit: 'ms', inThisRun: true },
    goal: { faster: 5, text: '≥ 5×' },
    note: `${kept.length} commits each, from the commit to applied; minHealthyTime 2s, which a version that was stable need not wait for, drainDelay 0s`,
  };
}

/** How long each return to the version before took, in milliseconds. */
async function waysBack(bench: Bench, keptFor: string): Promise<number[]> {
  const folder = newFolder(bench, `standby-${keptFor}`);
  const commits: Files[] = [filesFor('1.0.0', keptFor)];
  for (let i = 0; i < (bench.quick ? 3 : 10); i++)
    commits.push(solutionAt('2.0.0', keptFor), solutionAt('1.0.0', keptFor));
  const [first, ...revisions] = await makeRepository(folder, commits);
  const daemon = await Daemon.start(bench, folder);
  const times: number[] = [];
  try {
    if (first !== undefined) await daemon.applied(first);
    for (const [i, revision] of revisions.entries()) {
      const ms = await daemon.commit(revision);
      if (i % 2 === 1) times.push(ms);
    }
  } finally {
    await daemon.end();
    // What runs does not end with its controller.
    await run(...heliostat(bench, 'down', '--yes'), { cwd: folder, env: cleanEnvironment });
  }
  return times;
}

function filesFor(version: string, keptFor: string): Files {
  const files = new Map<string, string | null>([
    ['heliostat.yaml', domainFile],
    ['app/server.mjs', server],
  ]);
  for (const one of versions) files.set(`catalog/web/${one}.yaml`, componentFile(one));
  return new Map([...files, ...solutionAt(version, keptFor)]);
}

function solutionAt(version: string, keptFor: string): Files {
  const text = `apiVersion: heliostat/v1
kind: Solution
name: shop
elements:
  web:
    component: web
    version: ${version}
    size: 3
    expose: { port: auto }
    rollout: { standby: ${keptFor} }
`;
  return new Map([['solutions/shop.yaml', text]]);
}

const domainFile = `apiVersion: heliostat/v1
kind: Domain
name: bench
defaults:
  rollout: { minHealthyTime: 2s, drainDelay: 0s }
`;

function componentFile(version: string): string {
  return `apiVersion: heliostat/v1
kind: Component
name: web
version: ${version}
provider: process
artifacts: [app/server.mjs]
configuration:
  command: [node, app/server.mjs]
  env: { PORT: "\${instance.port}" }
endpoint: { url: "http://\${instance.address}:\${instance.port}" }
health: { http: { path: / }, interval: 50ms, timeout: 2s, healthyAfter: 1, unhealthyAfter: 3 }
`;
}

const server = `import { createServer } from 'node:http';
const server = createServer((request, response) => response.end('ok'));
server.listen(Number(process.env.PORT), '127.0.0.1');
process.on('SIGTERM', () => process.exit(0));
`;
