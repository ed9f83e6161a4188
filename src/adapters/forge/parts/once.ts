import { Silence } from './answers.js';
import type { Patience } from './patience.js';

const waits = [1, 4];

/**
 * Makes something that must not be there twice. Where the answer was lost it is looked for before it is made again:
 * the effect may be there.
 */
export async function makeOnce<T>(
  make: () => Promise<T>,
  find: () => Promise<T | null>,
  patience: Patience,
): Promise<T> {
  for (const seconds of waits) {
    try {
      return await make();
    } catch (error) {
      if (!(error instanceof Silence) || !error.mayBeDone || !(await patience.wait(seconds))) throw error;
    }
    const found = await find();
    if (found !== null) return found;
  }
  return await make();
}
