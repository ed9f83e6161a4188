import { contractPromises, type ContractPromise } from './promises.js';
import { trialOf, type Subject } from './subject.js';

export interface ContractResult {
  readonly promise: string;
  /** Null where it was kept. */
  readonly broken: string | null;
}

/** The promises that can be asked of this provider. */
export function promisesFor(subject: Subject): readonly ContractPromise[] {
  return contractPromises.filter(
    (promise) =>
      promise.changing === (subject.observeOnly !== true) &&
      (promise.needs !== 'vanish' || subject.vanish !== undefined),
  );
}

/** Each promise is tried on an instance of its own, which is removed in any case. Throws what breaks the promise. */
export async function tryPromise(promise: ContractPromise, subject: Subject): Promise<void> {
  const number = promisesFor(subject).indexOf(promise);
  const trial = await trialOf(subject, `contract-${process.pid}`, number);
  try {
    await promise.check(trial, subject);
  } finally {
    await trial.apply('reset');
    await trial.apply('destroy');
  }
}

/** For `heliostat provider test`. */
export async function checkContract(subject: Subject): Promise<readonly ContractResult[]> {
  const results: ContractResult[] = [];
  for (const promise of promisesFor(subject)) {
    const broken = await tryPromise(promise, subject).then(
      () => null,
      (error: unknown) => String(error),
    );
    results.push({ promise: promise.name, broken });
  }
  return results;
}
