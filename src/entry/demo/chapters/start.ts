import { startLoad } from '../load.js';
import type { Chapter, Stage } from '../stage.js';
import { endpointOf, instancesOf, type Status } from '../status.js';
import { follow, followTo, verdictNote } from '../watch.js';
import { until } from '../waiting.js';

const requestsPerSecond = 200;

export const start: Chapter = {
  title: 'A commit becomes a running shop',
  tell: async (stage) => {
    const { screen, repository, heliostat, memory } = stage;
    screen.say('web ×2 uses api ×3 uses store, which runs on a folder. Each waits for what it needs.');
    screen.command('git log --oneline', await repository.git('log', '--oneline'));
    screen.command('heliostat run', '');
    heliostat.start();
    const commit = await repository.git('rev-parse', 'HEAD');
    const up = await follow(stage, 'that the shop opens', (status) => servingUrl(status) !== null);
    memory.url = servingUrl(up) ?? '';
    await untilItAnswers(stage);
    screen.say(`The shop is open: ${memory.url}   (look at it meanwhile)`);
    memory.load = startLoad(memory.url, requestsPerSecond);
    screen.say(`From now on ${requestsPerSecond} requests a second ask it. None may fail.`);
    await followTo(stage, commit);
    await verdictNote(stage, commit, 'applied');
    memory.rollouts += 1;
    await stage.read(2_000);
  },
};

/** The address for the outside, once somebody is behind it. */
function servingUrl(status: Status): string | null {
  const serves = instancesOf(status).some(({ element, healthy }) => element === 'web' && healthy);
  return serves ? endpointOf(status, 'web') : null;
}

async function untilItAnswers({ memory, signal }: Stage): Promise<void> {
  const look = async (): Promise<true | null> => {
    const answer = await fetch(new URL('/orders', memory.url), { signal }).catch(() => null);
    await answer?.arrayBuffer();
    return answer?.ok ? true : null;
  };
  await until('that the shop answers', look, { signal, everyMs: 100, timeoutMs: 15_000 });
}
