import { Failure } from '../cli/operations.js';

/** A mistake in the operator's configuration. */
export function wrongConfig(where: string, message: string, fix: string): Failure {
  return new Failure('config.invalid', `${where}: ${message}`, fix);
}
