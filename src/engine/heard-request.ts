import { isMap, type Json } from '../core/base/data.js';
import type { OperatorRequest } from '../ports/operator.js';

/** Of a name or a reason, in characters. */
export const requestTextLimit = 4_000;

/**
 * What stands in each request beside its verb: `text` must be there. Whoever may reach the socket may say anything, by
 * mistake or another version of Heliostat, and the loop takes its requests as they are.
 */
const texts: Readonly<Record<OperatorRequest['verb'], readonly string[]>> = {
  status: [],
  follow: [],
  pause: ['target', 'reason', 'who'],
  abort: ['target', 'reason', 'who'],
  promote: ['target', 'reason', 'who'],
  restart: ['target', 'reason', 'who'],
  resume: ['target', 'reason', 'who'],
  retry: ['target', 'reason', 'who'],
  release: ['hold', 'reason', 'who'],
  detach: ['target', 'reason', 'who'],
  down: ['reason', 'who'],
  shutdown: [],
};

/** Null for a verb that is none; `wrong` says what is missing. */
export function heardRequest(message: unknown): OperatorRequest | { readonly wrong: string } | null {
  if (!isMap(message as Json)) return null;
  const request = message as { readonly verb?: unknown; readonly [key: string]: unknown };
  if (typeof request.verb !== 'string' || !Object.hasOwn(texts, request.verb)) return null;
  for (const key of texts[request.verb as OperatorRequest['verb']]) {
    const text = request[key];
    if (typeof text !== 'string') return { wrong: `${request.verb} needs ${key}` };
    if (text.length > requestTextLimit)
      return { wrong: `${key} is longer than ${requestTextLimit} characters` };
  }
  const wrong = wrongValue(request);
  return wrong === null ? (request as OperatorRequest) : { wrong };
}

/** Past this a date is none that a clock could show. */
const longestPauseMs = 10 * 366 * 86_400_000;

function wrongValue({ verb, forMs, revert }: { readonly [key: string]: unknown }): string | null {
  if (verb === 'abort' && typeof revert !== 'boolean') return 'abort needs revert, true or false';
  if (verb !== 'pause' || forMs === null) return null;
  return Number.isSafeInteger(forMs) && (forMs as number) > 0 && (forMs as number) <= longestPauseMs
    ? null
    : 'pause needs forMs, milliseconds or null';
}
