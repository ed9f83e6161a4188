import { startLoad } from '../load.js';
import type { Chapter, Stage } from '../stage.js';
import { endpointOf, instancesOf, type Status } from '../status.js';
import { follow, followTo, showVerdict } from '../watch.js';
import { until } from '../waiting.js';

const requestsPerSecond = 200;

export const start: Chapter = {
  title: 'A commit becomes a running shop',
  tell: async (stage) => {
    const { screen, repository, heliostat, steps, memory } = stage;
    screen.say('2 web → 3 api → 1 store → a folder. Each starts when what it needs is there.');
    screen.command('git log --oneline', await repository.git('log', '--oneline'));
    screen.command('heliostat run', '');
    steps.startClock();
    heliostat.start();
    const commit = await repository.git('rev-parse', 'HEAD');
    const up = await follow(stage, 'that the shop opens', (status) => servingUrl(status) !== null);
    memory.url = servingUrl(up) ?? '';
    await untilItAnswers(stage);
    memory.load = startLoad(memory.url, requestsPerSecond);
    await followTo(stage, commit);
    screen.say('\nHow it ended is noted beside the commit:');
    await showVerdict(stage, commit, 'applied');
    screen.say(`\nThe shop is open, look at it:  ${memory.url}`);
    screen.say(`From now on ${requestsPerSecond} requests a second ask it, and none may fail.`);
    memory.rollouts += 1;
    await stage.read(2_500);
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
