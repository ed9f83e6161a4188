import { describe, expect, it } from 'vitest';
import { heardRequest, requestTextLimit } from '../../../src/entry/operations/heard-request.js';

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
    [
      { verb: 'down', reason: 'x'.repeat(requestTextLimit + 1), who: 'y' },
      `reason is longer than ${requestTextLimit} characters`,
    ],
  ])('%j lacks something, and it is said what: it never gets as far as the loop', (message, wrong) => {
    expect(heardRequest(message)).toEqual({ wrong });
  });
});
