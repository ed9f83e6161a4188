import { mustHold } from '../promises.js';
import type { Chapter } from '../stage.js';
import { instancesOf, label, pidOf, type Instance, type Status } from '../status.js';
import { follow, nothingFailed } from '../watch.js';

export const repair: Chapter = {
  title: 'A process is killed, and comes back',
  tell: async (stage) => {
    const { screen, heliostat, steps, memory } = stage;
    const status = await heliostat.status();
    const victim = status === null ? undefined : instancesOf(status).find(({ element }) => element === 'api');
    const pid = victim === undefined ? null : pidOf(victim);
    mustHold(pid !== null, 'heliostat status shows no process of api');
    const { id } = victim as Instance;
    const isBack = (now: Status): boolean => {
      const found = instancesOf(now).find((instance) => instance.id === id);
      return found?.healthy === true && pidOf(found) !== pid;
    };
    const isSame = (now: Status): boolean =>
      instancesOf(now).some((instance) => instance.id === id && instance.healthy && pidOf(instance) === pid);

    screen.command(`kill -9 ${pid}`, `that is ${label(victim as Instance)}`);
    steps.startClock();
    process.kill(pid as number, 'SIGKILL');
    memory.kills += 1;
    await follow(stage, 'that Heliostat notices the loss', (now) => !isSame(now));
    screen.step(steps.elapsedMs, 'Heliostat has noticed');
    steps.forget(id);
    await follow(stage, 'that the killed process is replaced', (now) => now.healthy && isBack(now));
    if (memory.load !== null) nothingFailed(memory.load.tally());
    screen.say('\nThe same name, port and place in the traffic. No commit, no person.');
    await stage.read(2_500);
  },
};
