import { mustHold } from '../promises.js';
import type { Chapter } from '../stage.js';
import { healthyByVersion } from '../status.js';
import { followTo, nothingFailed, verdictNote } from '../watch.js';

export const rollback: Chapter = {
  title: 'Rolling back is git revert',
  tell: async (stage) => {
    const { screen, repository, memory } = stage;
    screen.command(`git revert ${memory.upgrade.slice(0, 7)}`, '');
    const commit = await repository.revert(memory.upgrade);
    screen.say('The same rules backwards: web first this time, since it needs the newer api.');
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
    screen.say(await verdictNote(stage, commit, 'applied'));
    memory.rollouts += 1;
    if (memory.load !== null) nothingFailed(memory.load.tally());
    await stage.read(2_000);
  },
};
