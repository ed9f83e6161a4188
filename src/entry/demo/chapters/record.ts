import { mustHold } from '../promises.js';
import type { Chapter } from '../stage.js';

export const record: Chapter = {
  title: 'All of it is in Git',
  tell: async (stage) => {
    const { screen, repository } = stage;
    screen.say('What was asked for, and how it ended:');
    const asked = ['log', '--notes=heliostat', '--format=%h  %<(40,trunc)%s %N', 'main', '--'];
    screen.command(
      'git log --notes=heliostat --format="%h  %s  %N"',
      squeezed(await repository.git(...asked)),
    );
    screen.say('\nAnd what happened, commit by commit, on a branch of its own:');
    const happened = await repository.git('log', '--oneline', '-n', '12', 'heliostat/status', '--');
    mustHold(happened.split('\n').length > 4, 'the status branch tells almost nothing');
    screen.command('git log --oneline -n 12 heliostat/status', happened);
    await stage.read(4_000);
  },
};

/** A note ends with an empty line. */
function squeezed(text: string): string {
  return text.replaceAll(/\n{2,}/g, '\n');
}
