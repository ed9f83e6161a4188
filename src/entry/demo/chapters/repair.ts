import { mustHold } from '../promises.js';
import type { Chapter } from '../stage.js';
import { instancesOf, label, pidOf, type Instance } from '../status.js';
import { follow, nothingFailed } from '../watch.js';

export const repair: Chapter = {
  title: 'A process is killed, and comes back',
  tell: async (stage) => {
    const { screen, heliostat, steps, memory } = stage;
    const status = await heliostat.status();
    const victim = status === null ? undefined : instancesOf(status).find(({ element }) => element === 'api');
    const pid = victim === undefined ? null : pidOf(victim);
    mustHold(pid !== null, 'heliostat status shows no process of api');
    screen.command(`kill -9 ${pid}`, `(that is ${label(victim as Instance)})`);
    steps.forget((victim as Instance).id);
    process.kill(pid as number, 'SIGKILL');
    memory.kills += 1;

    await follow(stage, 'that the killed process is replaced', (now) => {
      const found = instancesOf(now).find(({ id }) => id === victim?.id);
      return now.healthy && found?.healthy === true && pidOf(found) !== pid;
    });
    if (memory.load !== null) nothingFailed(memory.load.tally());
    screen.say('Same name, same port, same place in the traffic. No commit, no person.');
    await stage.read(2_500);
  },
};
