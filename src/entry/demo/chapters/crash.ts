import { mustHold } from '../promises.js';
import type { Chapter, Stage } from '../stage.js';
import { instancesOf, isSettled, label, pidOf, type Status } from '../status.js';
import { withCommas } from '../tally.js';
import { follow, followTo, nothingFailed, showVerdict } from '../watch.js';
import { pause } from '../waiting.js';

const deadMs = 2_500;

export const crash: Chapter = {
  title: 'Heliostat itself is killed in the middle of it',
  tell: async (stage) => {
    const { screen, heliostat, memory, signal } = stage;
    const before = await requireStatus(stage);
    mustHold(
      !isSettled(before, memory.upgrade),
      'The upgrade was over before Heliostat could be killed in it',
    );
    screen.command(`kill -9 ${heliostat.pid()}`, 'that is heliostat run');
    await heliostat.end('SIGKILL');
    memory.kills += 1;

    const { requests } = memory.load?.tally() ?? { requests: 0 };
    await pause(deadMs, signal);
    const served = (memory.load?.tally().requests ?? 0) - requests;
    screen.say(`\nNobody is in charge, and the shop stays open: ${withCommas(served)} requests meanwhile.`);
    screen.command('heliostat run', '');
    heliostat.start();
    await follow(stage, 'that Heliostat comes back', () => true);
    screen.say(adopted(before, await requireStatus(stage)));
    await followTo(stage, memory.upgrade);
    await showVerdict(stage, memory.upgrade, 'applied');
    memory.rollouts += 1;
    if (memory.load !== null) nothingFailed(memory.load.tally());
    await stage.read(2_000);
  },
};

/** @throws {BrokenPromise} if a process was started a second time. */
function adopted(before: Status, after: Status): string {
  const now = new Map(instancesOf(after).map((instance) => [instance.id, instance]));
  let same = 0;
  for (const instance of instancesOf(before)) {
    const pid = pidOf(instance);
    const found = now.get(instance.id);
    const pidNow = found === undefined ? null : pidOf(found);
    if (pid === null || !instance.healthy || pidNow === null) continue;
    mustHold(pid === pidNow, `${label(instance)} was pid ${pid} and is pid ${pidNow}: started a second time`);
    same += 1;
  }
  mustHold(same > 0, 'Heliostat found none of the processes that it had started');
  return `It finds its ${same} processes, starts none of them twice, and goes on where it was:`;
}

async function requireStatus({ heliostat }: Stage): Promise<Status> {
  const status = await heliostat.status();
  mustHold(status !== null, 'heliostat status has nothing to tell');
  return status as Status;
}
