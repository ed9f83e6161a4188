import type { Command } from 'commander';
import { verb, type Act } from './verb.js';

/** Verbs that ask the history on the status branch. */
export function declareMemoryVerbs(program: Command, act: Act): void {
  verb(program, {
    usage: 'blame <TARGET>',
    summary: 'Say which commit made what runs be what it is',
    description:
      'Say for version, size and configuration of each element which commit changed it last, by which rollout, whether that was a revert, and what came after it and did not last.',
    examples: [
      ['heliostat blame api', 'one element; any unique tail of a name will do'],
      ['heliostat blame shop --json', 'all elements of a solution'],
    ],
  }).action((target: string) =>
    act(async (context) => (await import('../verbs/memory.js')).blame(context, target)),
  );
  verb(program, {
    usage: 'bisect <SOLUTION>',
    summary: 'Find the first commit after which a solution was unhealthy',
    description:
      'Find the first commit after which a solution was unhealthy: now, or when it last was. The status branch is searched by halves, as git bisect does, and nothing is started for it.',
    examples: [['heliostat bisect shop', 'commit, author, what it changed, and what was seen']],
  }).action((target: string) =>
    act(async (context) => (await import('../verbs/memory.js')).bisect(context, target)),
  );
}
