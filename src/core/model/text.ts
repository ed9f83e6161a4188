import { InvariantError } from '../base/assert.js';
import { unreadable, type LocatedDocument } from './document.js';
import { fatalMistake } from './fatal.js';
import { plainOf, type Plain } from './plain.js';
import { Problems } from './problems.js';
import { scan, textLimits, type TextLimits } from './scan.js';
import { compose } from './yaml.js';

/**
 * Hostile bytes to plain data with places, or to all that is wrong with them. Never throws for what is in the text;
 * what it may still cost (time, memory) is bounded by its limits and, in the daemon, by the process that it runs in.
 */
export function readText(bytes: Uint8Array, limits: TextLimits = textLimits): LocatedDocument {
  const scanned = scan(bytes, limits);
  const { lineStarts } = scanned;
  if ('problems' in scanned) return unreadable(scanned.problems, lineStarts);
  const problems = new Problems(lineStarts);
  const plain = parse(scanned.text, limits, problems);
  return plain === null ? unreadable(problems.list(), lineStarts) : { ...plain, lineStarts, problems: [] };
}

function parse(text: string, limits: TextLimits, problems: Problems): Plain | null {
  try {
    const root = compose(text, limits, problems);
    const plain = problems.any ? null : plainOf(root, limits, problems);
    return problems.any ? null : plain;
  } catch (error) {
    // A broken invariant of ours stays one; what the parser throws is about the text.
    if (error instanceof InvariantError) throw error;
    problems.add(0, fatalMistake('the YAML parser gave up on this file'));
    return null;
  }
}
