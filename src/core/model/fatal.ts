import type { Mistake } from './problems.js';

/** For a text that broke its reader. */
export function fatalMistake(message: string): Mistake {
  return {
    code: 'yaml.fatal',
    message,
    fix: 'Simplify the file; please report it, since it should be refused sooner.',
  };
}
