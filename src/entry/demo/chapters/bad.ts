import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { mustHold } from '../promises.js';
import type { Chapter, Stage } from '../stage.js';
import { healthyByVersion } from '../status.js';
import { until } from '../waiting.js';
import { follow, followTo, showVerdict } from '../watch.js';

export const bad: Chapter = {
  title: 'A bad version goes back by itself, and ends as a commit',
  tell: async (stage) => {
    const { screen, repository, heliostat, steps } = stage;
    screen.say('api 1.2.0 asks a service for its prices. There is none, and nobody has noticed.');
    release(repository.folder);
    await repository.git('add', '-A');
    repository.setVersions({ api: '1.2.0' });
    const failing = await repository.commit('Prices from the new service: api 1.2.0');
    screen.command('git commit -am "Prices from the new service: api 1.2.0"', '');
    steps.startClock();
    await follow(stage, 'that the bad version is tried', (status) =>
      status.solutions.some(({ phase }) => phase === 'reverting'),
    );
    screen.step(steps.elapsedMs, 'api 1.2.0 does not get well: the way back begins');
    const revert = await madeAfter(stage, failing);
    const status = await followTo(stage, revert);
    mustHold(healthyByVersion(status, 'api')['1.1.0'] === 3, 'api 1.1.0 is not back');
    await showVerdict(stage, failing, 'reverted');

    const graph = await repository.git('log', '--oneline', '--graph', '-n', '2', '--');
    screen.command('git log --oneline --graph -n 2', graph);
    const message = await repository.git('log', '-1', '--format=%b', revert, '--');
    mustHold(message.includes('no price service'), `The commit has no evidence:\n${message}`);
    screen.command('git log -1 --format=%b', excerpt(message));
    const blame = await heliostat.call('blame', 'shop/api');
    mustHold(blame.stdout.includes('1.1.0'), `heliostat blame does not know what runs:\n${blame.stdout}`);
    screen.command('heliostat blame shop/api', short(blame.stdout));
    await stage.read(5_000);
  },
};

/** A release that starts and is never well. Its work tree moves along with the commit that takes it back. */
function release(folder: string): void {
  const of = (version: string): string => join(folder, `catalog/api/${version}.yaml`);
  const text = readFileSync(of('1.1.0'), 'utf8').replace('New in 1.1.0: totals.', 'New in 1.2.0: prices.');
  const quick = text.replace(/^dependencies:/m, 'retries: { limit: 2 }\ndependencies:');
  writeFileSync(of('1.2.0'), quick.replaceAll('1.1.0', '1.2.0'));
  mkdirSync(join(folder, 'services/api/1.2.0'), { recursive: true });
  writeFileSync(join(folder, 'services/api/1.2.0/server.mjs'), server);
  const solution = join(folder, 'solutions/shop.yaml');
  const impatient = '    size: 3\n    rollout: { healthyDeadline: 4s }\n';
  writeFileSync(solution, readFileSync(solution, 'utf8').replace('    size: 3\n', impatient));
}

const server = `import { createServer } from 'node:http';

console.log('no price service answers at http://127.0.0.1:9');
const server = createServer((request, response) => response.writeHead(503).end('no prices'));
server.listen(Number(process.env.PORT), '127.0.0.1');
process.on('SIGTERM', () => server.close(() => process.exit(0)));
`;

/** The commit that Heliostat puts on the branch. */
async function madeAfter({ repository, signal }: Stage, failing: string): Promise<string> {
  const look = async (): Promise<string | null> => {
    const head = await repository.git('rev-parse', 'HEAD');
    return head === failing ? null : head;
  };
  return until('the commit that takes it back', look, { signal, everyMs: 100, timeoutMs: 60_000 });
}

/** What happened, without what only a machine reads. */
function excerpt(message: string): string {
  const lines = message.split('\n').filter((line) => !line.startsWith('Heliostat-') && line !== '');
  return short(lines.join('\n'));
}

/** Commits as people write them. */
function short(text: string): string {
  return text.replaceAll(/\b([0-9a-f]{7})[0-9a-f]{5}\b/g, '$1');
}
