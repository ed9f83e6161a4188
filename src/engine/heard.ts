import { isMap, type Json } from '../core/base/data.js';
import type { InstanceId } from '../core/base/names.js';
import type { Redactor, SafeText } from '../core/base/safe-text.js';
import type { InstanceRef, Observation, Outcome } from '../ports/provider.js';

/** Of one text that a provider says, in characters: a status shows it, and the journal keeps it. */
export const heardTextLimit = 4_000;

/**
 * What a provider says is foreign: nothing of it is believed that does not have the shape of an answer to what it was
 * asked. A wrong answer is a failure of the provider, and says nothing about its instances.
 * @throws what is wrong with the answer, for people.
 */
export function heardObservations(heard: unknown, asked: readonly InstanceRef[]): readonly Observation[] {
  if (!Array.isArray(heard)) throw new Error('it answered with no list of observations');
  if (heard.length !== asked.length)
    throw new Error(`it answered with ${heard.length} observations to ${asked.length} questions`);
  return asked.map(({ id }, i) => heardObservation(heard[i], id));
}

function heardObservation(heard: unknown, id: InstanceId): Observation {
  if (!isMap(heard as Json)) throw new Error(`of ${id} it answered with no observation`);
  const { presence, state, health, digest, resource, detail, foreignHome, ...rest } = heard as Observation;
  if (rest.id !== id) throw new Error(`of ${id} it answered with an observation of something else`);
  if (!['present', 'absent', 'unknown'].includes(presence))
    throw new Error(`of ${id} it answered with no presence`);
  if (!['inactive', 'active', 'failure'].includes(state))
    throw new Error(`of ${id} it answered with no state`);
  if (!['good', 'bad', 'unknown'].includes(health)) throw new Error(`of ${id} it answered with no health`);
  return {
    id,
    presence,
    state,
    health,
    digest: typeof digest === 'string' ? digest : null,
    resource: shortened(resource),
    detail: shortened(detail),
    foreignHome: shortened(foreignHome as SafeText | null),
  };
}

/** An answer that is none leaves the outcome unknown: it is looked at before anything else is done. */
export function heardOutcome(heard: unknown, id: InstanceId | null, redact: Redactor): Outcome {
  const unknown = (why: string): Outcome => ({
    kind: 'unknown',
    message: redact(`the provider answered ${why}`),
  });
  if (!isMap(heard as Json)) return unknown('with no outcome');
  const outcome = heard as Outcome;
  switch (outcome.kind) {
    case 'done': {
      if (outcome.observation === null || outcome.observation === undefined || id === null)
        return { kind: 'done', observation: null };
      try {
        return { kind: 'done', observation: heardObservation(outcome.observation, id) };
      } catch (error) {
        return unknown(`wrongly: ${(error as Error).message}`);
      }
    }
    case 'failed':
      return {
        kind: 'failed',
        retryable: outcome.retryable !== false,
        code: String(outcome.code).slice(0, 100),
        message: shortened(outcome.message) ?? redact('it gave no reason'),
      };
    case 'unknown':
      return { kind: 'unknown', message: shortened(outcome.message) ?? redact('it gave no reason') };
    default:
      return unknown('with an outcome of no known kind');
  }
}

/** Null for what is no text. */
function shortened(text: SafeText | null | undefined): SafeText | null {
  if (typeof text !== 'string') return null;
  return text.length <= heardTextLimit ? text : (`${text.slice(0, heardTextLimit)}…` as SafeText);
}
