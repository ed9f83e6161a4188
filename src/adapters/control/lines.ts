import { ControlError } from './place.js';

/** Of one request, in bytes. */
export const requestLimit = 1 << 20;
/** Of one reply, in bytes: the status of a large domain is long. */
export const replyLimit = 16 << 20;

/**
 * Cuts what arrives into lines and reads each as JSON. The function that it gives takes the next bytes
 * and answers with the data of the lines that they complete. It throws a `ControlError` for a line that
 * is longer than `limit` or is no JSON.
 */
export function lineReader(limit: number): (bytes: Buffer) => unknown[] {
  let parts: Buffer[] = [];
  let size = 0;
  return (bytes) => {
    const found: unknown[] = [];
    let from = 0;
    for (let end = bytes.indexOf(10); end !== -1; end = bytes.indexOf(10, from)) {
      if (size + end - from > limit) throw tooLong(limit);
      found.push(parse(Buffer.concat([...parts, bytes.subarray(from, end)]).toString('utf8')));
      parts = [];
      size = 0;
      from = end + 1;
    }
    parts.push(bytes.subarray(from));
    size += bytes.length - from;
    if (size > limit) throw tooLong(limit);
    return found;
  };
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw new ControlError('a line is no JSON');
  }
}

function tooLong(limit: number): ControlError {
  return new ControlError(`a line is longer than ${limit} bytes`);
}
