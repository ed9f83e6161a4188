import { runInNewContext } from 'node:vm';
import { readCondition, summaryOf } from '../../core/model/condition.js';

/** The controller does nothing else meanwhile; what people write takes a thousandth of it. */
const limitMs = 250;

/**
 * What a condition says of an answer; a text: why it says nothing. In a context of its own for the sake of the time
 * limit alone, which ends it in the midst of a regular expression, too.
 */
export function evaluate(text: string, answer: { body: unknown; status: number }): boolean | string {
  const condition = readCondition(text);
  if ('mistake' in condition) return `the condition cannot be read: ${condition.mistake}`;
  try {
    const run = (): unknown => condition.evaluate(answer);
    const outcome: unknown = runInNewContext('run()', { run }, { timeout: limitMs });
    return typeof outcome === 'boolean' ? outcome : 'the condition gives neither true nor false';
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ERR_SCRIPT_EXECUTION_TIMEOUT'
      ? `the condition took longer than ${limitMs} ms`
      : `the condition cannot be evaluated: ${summaryOf(error)}`;
  }
}
