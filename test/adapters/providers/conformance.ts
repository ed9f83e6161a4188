import { describe, it } from 'vitest';
import { promisesFor, tryPromise } from '../../../src/adapters/providers/contract/check.js';
import type { Subject } from '../../../src/adapters/providers/contract/subject.js';

/** The promises of `heliostat provider test`, each as a test. */
export function describeContract(name: string, subject: Subject): void {
  describe(`the contract of providers, kept by ${name}: it`, () => {
    it.each(promisesFor(subject))('$name', (promise) => tryPromise(promise, subject));
  });
}
