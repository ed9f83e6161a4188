import { Environment } from '@marcbachmann/cel-js';

/** Larger than any condition that a person still understands; parsing one takes below 10 ms. */
const limits = {
  maxAstNodes: 500,
  maxDepth: 32,
  maxListElements: 100,
  maxMapEntries: 100,
  maxCallArguments: 8,
};

export interface Condition {
  /**
   * The outcome over this answer: true, false, or whatever else a value of the body was. Throws where the answer lacks
   * what is asked for. A hostile pair of condition and body can take for ever: whoever evaluates, ends it in time.
   */
  evaluate(answer: { readonly body: unknown; readonly status: number }): unknown;
}

/** A condition in CEL over `body` (any JSON) and `status` (an int), or what is wrong with it. */
export function readCondition(text: string): Condition | { readonly mistake: string } {
  const environment = new Environment({ unlistedVariablesAreDyn: false, limits })
    .registerVariable('body', 'dyn')
    .registerVariable('status', 'int');
  const checked = environment.check(text);
  if (!checked.valid) return { mistake: summaryOf(checked.error) };
  if (checked.type !== 'bool' && checked.type !== 'dyn')
    return { mistake: `it gives ${String(checked.type)}, not true or false` };
  const run = environment.parse(text);
  return { evaluate: ({ body, status }) => run({ body, status: BigInt(status) }) as unknown };
}

/** The first line: the others show the place, for a terminal. */
export function summaryOf(error: unknown): string {
  const [line = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
  return line.length > 160 ? `${line.slice(0, 159)}…` : line;
}
