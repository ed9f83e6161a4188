import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** One command and what must come of it. */
export interface Expectation {
  /** Arguments of `heliostat`. */
  readonly command: readonly string[];
  readonly outcome: 'valid' | 'rejected' | 'failed' | 'done';
  /** `CODE`, and where it has one its place, `FILE:LINE:COLUMN` or `FILE`. */
  readonly diagnostic: string | null;
  /** Texts that the answer must hold. */
  readonly says: readonly string[];
}

export interface HostileCase {
  readonly name: string;
  /** The file that makes it. */
  readonly file: string;
  readonly expected: readonly Expectation[];
  /** To be held where git is not installed, too: the script says so in a comment. */
  readonly alsoWithoutGit: boolean;
}

/** The cases of one area: every file of this kind, with `NAME.expected` beside it. */
export function casesOf(area: string, extension: string): HostileCase[] {
  const folder = fileURLToPath(new URL(`../${area}/`, import.meta.url));
  return readdirSync(folder)
    .filter((file) => file.endsWith(extension) && !file.startsWith('_'))
    .sort()
    .map((file) => {
      const name = file.slice(0, -extension.length);
      const beside = `${folder}${name}.expected`;
      if (!existsSync(beside)) throw new Error(`${area}/${file} has no ${name}.expected beside it`);
      return {
        name,
        file: folder + file,
        expected: parseExpected(readFileSync(beside, 'utf8')),
        alsoWithoutGit: readFileSync(folder + file, 'latin1').includes('# also without git\n'),
      };
    });
}

/**
 * `$ validate HEAD` begins a command (that one, if the first line is none); `rejected CODE PLACE` is what follows;
 * every other line is a text that the answer must hold.
 */
export function parseExpected(text: string): Expectation[] {
  const found: { command: string[]; lines: string[] }[] = [];
  for (const line of text.trimEnd().split('\n')) {
    if (line.startsWith('$ ')) found.push({ command: line.slice(2).split(' '), lines: [] });
    else {
      if (found.length === 0) found.push({ command: ['validate', 'HEAD'], lines: [] });
      found.at(-1)?.lines.push(line);
    }
  }
  return found.map(({ command, lines: [first = '', ...says] }) => {
    const [outcome = '', ...rest] = first.split(' ');
    if (!isOutcome(outcome)) throw new Error(`${first}: begin with valid, rejected, failed or done`);
    return { command, outcome, diagnostic: rest.length === 0 ? null : rest.join(' '), says };
  });
}

function isOutcome(word: string): word is Expectation['outcome'] {
  return ['valid', 'rejected', 'failed', 'done'].includes(word);
}
