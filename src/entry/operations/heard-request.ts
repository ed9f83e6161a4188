import { isMap, type Json } from '../../core/base/data.js';
import type { OperatorRequest } from '../../ports/operator.js';

/** Of a name or a reason, in characters. */
export const requestTextLimit = 4_000;

/**
 * What stands in each request beside its verb: `text` must be there. Whoever may reach the socket may say anything, by
 * mistake or another version of Heliostat, and the loop takes its requests as they are.
 */
const texts: Readonly<Record<OperatorRequest['verb'], readonly string[]>> = {
  status: [],
  follow: [],
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
  return request as OperatorRequest;
}
