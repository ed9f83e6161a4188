import { mustHold } from '../promises.js';
import type { Chapter } from '../stage.js';
import { followTo, showVerdict } from '../watch.js';

export const refuse: Chapter = {
  title: 'A commit that would break a consumer is refused',
  tell: async (stage) => {
    const { screen, repository, heliostat, memory } = stage;
    screen.say('Somebody lowers api alone, and mistypes the version of the store.');
    repository.setVersions({ api: '1.0.0', store: '1.0.1' });
    const broken = await repository.commit('Lower api');
    screen.command('git commit -am "Lower api"', '');
    await showVerdict(stage, broken, 'rejected');
    const validation = await heliostat.call('validate', broken);
    mustHold(validation.code === 3, `heliostat validate lets the broken commit pass:\n${validation.stdout}`);
    screen.command('heliostat validate HEAD', validation.stdout);

    const status = await heliostat.status();
    mustHold(status?.revision === memory.upgrade, 'A rejected commit changed the accepted revision');
    screen.say(`\nNothing was touched: ${memory.upgrade.slice(0, 7)} goes on running.`);
    memory.refused += 1;
    await stage.read(5_000);
    const mended = await repository.revert(broken);
    screen.command('git revert HEAD', '');
    await followTo(stage, mended);
    await stage.read(1_000);
  },
};
