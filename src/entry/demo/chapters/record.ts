import { mustHold } from '../promises.js';
import type { Chapter } from '../stage.js';

export const record: Chapter = {
  title: 'All of it is in Git',
  tell: async (stage) => {
    const { screen, repository, heliostat } = stage;
    const log = ['log', '--oneline', '--notes=heliostat', 'main', '--'];
    screen.command('git log --oneline --notes=heliostat', await repository.git(...log));
    const status = ['log', '--oneline', '-n', '8', 'heliostat/status', '--'];
    screen.command('git log --oneline -n 8 heliostat/status', await repository.git(...status));
    const history = await heliostat.call('history');
    mustHold(history.code === 0, `heliostat history failed:\n${history.stderr}`);
    screen.command('heliostat history', history.stdout);
    await stage.read(3_000);
  },
};
