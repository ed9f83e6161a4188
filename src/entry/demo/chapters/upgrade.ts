import { mustHold } from '../promises.js';
import type { Chapter } from '../stage.js';
import { healthyByVersion } from '../status.js';
import { follow } from '../watch.js';

export const upgrade: Chapter = {
  title: 'An upgrade, seen before it is made',
  tell: async (stage) => {
    const { screen, repository, heliostat, steps, memory } = stage;
    screen.say('web 1.1.0 shows totals. It says that it needs an api that has them: >=1.1 <2');
    repository.setVersions({ api: '1.1.0', web: '1.1.0' });
    screen.command('git diff -U0 solutions/', await changedLines(repository));
    const plan = await heliostat.call('plan');
    mustHold(plan.code === 2, `heliostat plan shows no change:\n${plan.stdout}${plan.stderr}`);
    screen.command('heliostat plan', planExcerpt(plan.stdout));
    screen.say('\nNobody wrote that order down: it follows from the ranges of versions.');
    await stage.read(5_000);

    memory.upgrade = await repository.commit('Show totals: api and web 1.1.0');
    screen.command('git commit -am "Show totals: api and web 1.1.0"', '');
    screen.say('And now really, in seconds from the commit:');
    steps.startClock();
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

/** What changes and how it will go; not where it is written, nor which values follow from it. */
export function planExcerpt(plan: string): string {
  const plain = (line: string): string => line.replaceAll(/\u001b\[[0-9;]*m/g, ''); // eslint-disable-line no-control-regex
  const isDetail = (line: string): boolean => /^ {6}(?! )\S/.test(line) && !/^ {6}~ uses /.test(line);
  return plan
    .split('\n')
    .filter(
      (line) =>
        !isDetail(plain(line)) &&
        !/^(Digest|Plan:|Plan for|Solution|Commit it| {2}work tree)/.test(plain(line)),
    )
    .join('\n')
    .replaceAll(/\n{2,}/g, '\n')
    .replace(/^\n+/, '');
}
