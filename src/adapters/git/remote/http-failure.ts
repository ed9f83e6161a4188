import { GitError, systemCode } from '../failure.js';
import { away } from './http-client.js';
import { RemoteError, tokenFix } from './remote.js';
import type { RemoteUrl } from './url.js';

/** What a failure of isomorphic-git, or of the network below it, means; a disk's and our own stay what they are. */
export function failureOf(error: unknown, { url, host }: RemoteUrl): unknown {
  if (error instanceof GitError || !(error instanceof Error)) return error;
  const status = statusOf(error);
  if (status === 401 || status === 403)
    return new RemoteError('remote.denied', `${host} does not let us at ${url} (${status})`, tokenFix);
  if (status === 404)
    return new RemoteError(
      'remote.missing',
      `${host} knows no repository ${url}, or does not show it to us`,
      'Look at the URL, and whether the token may read it.',
    );
  if (status !== null || strange.has(error.name))
    return new RemoteError(
      'remote.broken',
      `${host} does not answer as a Git repository does${status === null ? '' : ` (${status})`}`,
      'Look at the URL in a browser; it is asked again.',
    );
  if (systemCode(error) === 'NotFoundError')
    return new RemoteError(
      'remote.missing',
      `${host} has not got what was asked for in ${url}`,
      'Look whether it is there, and whether the token may read it.',
    );
  // An answer that ends too early meets isomorphic-git in the middle of something.
  if (torn.test(error.message)) return away(url, new Error('its answer was cut off'));
  return error;
}

const strange = new Set(['SmartHttpError', 'ParseError', 'RemoteCapabilityError']);
const torn = /unexpected end|terminated|premature|Cannot read properties of (undefined|null)/i;

function statusOf(error: Error): number | null {
  if (!('data' in error) || typeof error.data !== 'object' || error.data === null) return null;
  return 'statusCode' in error.data && typeof error.data.statusCode === 'number'
    ? error.data.statusCode
    : null;
}
