import { describe, expect, it } from 'vitest';
import { heardRequest, requestTextLimit } from '../../src/engine/heard-request.js';

describe('a request on the control socket', () => {
  it('is taken as it is where all is there', () => {
    const request = { verb: 'retry', target: 'shop/web', reason: 'because', who: 'ada' };
    expect(heardRequest(request)).toEqual(request);
    expect(heardRequest({ verb: 'shutdown' })).toEqual({ verb: 'shutdown' });
  });

  it.each([
    null,
    undefined,
    7,
    'status',
    [],
    {},
    { verb: 7 },
    { verb: '__proto__' },
    { verb: 'constructor' },
  ])('%j is none', (message) => {
    expect(heardRequest(message)).toBeNull();
  });

  it.each([
    [{ verb: 'resume' }, 'resume needs target'],
    [{ verb: 'retry', target: ['a'], reason: 'b', who: 'c' }, 'retry needs target'],
    [{ verb: 'release', hold: 'x', reason: {}, who: 'c' }, 'release needs reason'],
    [{ verb: 'down', reason: 'x' }, 'down needs who'],
    [{ verb: 'abort', target: 'a', reason: 'b', who: 'c' }, 'abort needs revert, true or false'],
    [{ verb: 'pause', target: 'a', reason: 'b', who: 'c' }, 'pause needs forMs, milliseconds or null'],
    [
      { verb: 'pause', target: 'a', reason: 'b', who: 'c', forMs: 0 },
      'pause needs forMs, milliseconds or null',
    ],
    [
      { verb: 'pause', target: 'a', reason: 'b', who: 'c', forMs: 1e300 },
      'pause needs forMs, milliseconds or null',
    ],
    [
      { verb: 'down', reason: 'x'.repeat(requestTextLimit + 1), who: 'y' },
      `reason is longer than ${requestTextLimit} characters`,
    ],
  ])('%j lacks something, and it is said what: it never gets as far as the loop', (message, wrong) => {
    expect(heardRequest(message)).toEqual({ wrong });
  });
});
