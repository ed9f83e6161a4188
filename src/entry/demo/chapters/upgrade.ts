import { mustHold } from '../promises.js';
import type { Chapter } from '../stage.js';
import { healthyByVersion } from '../status.js';
import { follow } from '../watch.js';

export const upgrade: Chapter = {
  title: 'An upgrade, seen before it is made',
  tell: async (stage) => {
    const { screen, repository, heliostat, memory } = stage;
    screen.say('web 1.1.0 shows totals, and needs an api that has them: its range says >=1.1.');
    repository.setVersions({ api: '1.1.0', web: '1.1.0' });
    screen.command('git diff -U0 solutions/', await changedLines(repository));
    const plan = await heliostat.call('plan');
    mustHold(plan.code === 2, `heliostat plan shows no change:\n${plan.stdout}${plan.stderr}`);
    screen.command('heliostat plan', plan.stdout);
    screen.say('The ranges alone decide the order: api first, then web.');
    await stage.read(4_000);

    memory.upgrade = await repository.commit('Show totals: api and web 1.1.0');
    screen.command('git commit -am "Show totals: api and web 1.1.0"', '');
    screen.say('And now really:');
    // The next chapter takes over in the middle of it.
    await follow(stage, 'that the upgrade is under way', (status) => {
      const healthy = healthyByVersion(status, 'api');
      return (healthy['1.1.0'] ?? 0) >= 1;
    });
  },
};

async function changedLines(repository: { git(...command: string[]): Promise<string> }): Promise<string> {
  const diff = await repository.git('diff', '-U0', '--', 'solutions');
  return diff
    .split('\n')
    .filter((line) => /^[-+] /.test(line))
    .join('\n');
}
