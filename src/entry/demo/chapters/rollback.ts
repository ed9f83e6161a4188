import { mustHold } from '../promises.js';
import { keptOrders } from '../orders.js';
import type { Chapter, Stage } from '../stage.js';
import { healthyByVersion, type Status } from '../status.js';
import { withCommas } from '../tally.js';
import { followTo, nothingFailed, showVerdict } from '../watch.js';

export const rollback: Chapter = {
  title: 'Rolling back is git revert',
  tell: async (stage) => {
    const { screen, repository, steps, memory } = stage;
    screen.say('The same rules backwards: an api 1.1 stays until no web needs its totals.');
    screen.command(`git revert ${memory.upgrade.slice(0, 7)}`, '');
    const commit = await repository.revert(memory.upgrade);
    steps.startClock();
    const status = await followTo(stage, commit);
    for (const [element, size] of [
      ['api', 3],
      ['web', 2],
    ] as const) {
      const healthy = healthyByVersion(status, element);
      mustHold(
        healthy['1.0.0'] === size && Object.keys(healthy).length === 1,
        `${element} did not roll back`,
      );
    }
    await showVerdict(stage, commit, 'applied');
    memory.rollouts += 1;
    if (memory.load !== null) nothingFailed(memory.load.tally());
    screen.say(`\n${noOrderLost(stage, status)}`);
    await stage.read(2_500);
  },
};

/** @throws {BrokenPromise} if the shop said of an order that it took it, and it is not there, or there twice. */
function noOrderLost({ memory }: Stage, status: Status): string {
  const taken = memory.load?.tally().orders ?? 0;
  const kept = keptOrders(status);
  mustHold(kept.length >= taken, `The shop took ${taken} orders, and only ${kept.length} are in its folder`);
  mustHold(new Set(kept).size === kept.length, 'An order lies in the folder twice');
  return `The shop took ${withCommas(taken)} orders through all of this. Each is there, and there once.`;
}
