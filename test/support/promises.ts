import type { TestContext } from 'vitest';

/** What a test has shown, summed over all tests and told at the end of `npm test`. */
export interface Promises {
  /** Scenarios in which no consumer lost its provider. */
  readonly scenariosUnbroken?: number;
  readonly crashesSurvived?: number;
  readonly plantedBugsCaught?: number;
  /** Cases of the corpus and generated inputs, each refused or survived. */
  readonly hostileInputs?: number;
}

declare module 'vitest' {
  interface TaskMeta {
    promises?: Promises;
  }
}

/** Records what this test has shown. It counts only if the test passes. */
export function showed(context: TestContext, promises: Promises): void {
  context.task.meta.promises = promises;
}
