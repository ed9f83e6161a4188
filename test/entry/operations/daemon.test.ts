import { describe, expect, it, onTestFinished } from 'vitest';
import { ControlError } from '../../../src/adapters/control/place.js';
import type { ControlHandler } from '../../../src/adapters/control/server.js';
import { serveControl } from '../../../src/adapters/control/server.js';
import { GitError } from '../../../src/adapters/git/index.js';
import { Failure } from '../../../src/entry/cli/operations.js';
import { askDaemon, followDaemon, pause } from '../../../src/entry/operations/daemon.js';
import { asFailure, told } from '../../../src/entry/operations/failures.js';
import type { Location } from '../../../src/entry/operations/place.js';
import { DiskError } from '../../../src/ports/disk.js';
import { makeFolder } from '../../support/git.js';

/** A place whose daemon answers so. */
async function daemon(handler: ControlHandler | null): Promise<Location> {
  const stateDir = makeFolder();
  if (handler !== null) {
    const server = await serveControl(stateDir, handler);
    onTestFinished(() => server.close());
  }
  return { stateDir, domain: 'prod' } as unknown as Location;
}

const never = new AbortController().signal;

describe('asking a daemon', () => {
  it('gives its first answer and hangs up', async () => {
    const asked: unknown[] = [];
    const location = await daemon((request, respond) => {
      asked.push(request);
      respond.send({ done: true });
    });
    expect(await askDaemon(location, { verb: 'status' })).toEqual({ done: true });
    expect(asked).toEqual([{ verb: 'status' }]);
  });

  it('is nothing where there is none', async () => {
    const location = await daemon(null);
    expect(await askDaemon(location, { verb: 'status' })).toBeNull();
    expect(await followDaemon(location, { verb: 'watch' }, never)).toBeNull();
  });

  it('passes on what the daemon itself refuses, with what to do', async () => {
    const error = {
      code: 'control.unknown',
      message: 'this daemon does not know dance',
      fix: 'Use one version.',
    };
    const location = await daemon((_, respond) => {
      respond.send({ error });
      respond.end();
    });
    await expect(askDaemon(location, { verb: 'dance' })).rejects.toMatchObject(error);
  });

  it('tells a daemon that ends without a word from one that was never there', async () => {
    const location = await daemon((_, respond) => respond.end());
    await expect(askDaemon(location, { verb: 'status' })).rejects.toMatchObject({ code: 'control.lost' });
  });

  it('follows until the signal is given', async () => {
    const stop = new AbortController();
    const location = await daemon((_, respond) => {
      respond.send(1);
      respond.send(2);
    });
    const heard: unknown[] = [];
    for await (const reply of (await followDaemon<number>(location, { verb: 'watch' }, stop.signal)) ?? []) {
      heard.push(reply);
      if (reply === 2) stop.abort();
    }
    expect(heard).toEqual([1, 2]);
    await pause(60_000, stop.signal);
  });
});

describe('what the world does to us', () => {
  it.each([
    [
      new GitError({ code: 'git.missingObject', message: 'no object', fix: 'Fetch it.' }),
      'git.missingObject',
    ],
    [new DiskError('noSpace', 'append journal: ENOSPC'), 'disk.failed'],
    [new ControlError('the daemon went away before it had answered'), 'control.lost'],
    [new ControlError('/tmp/heliostat-0 must be a folder of yours'), 'control.refused'],
    [Object.assign(new Error('EACCES: permission denied'), { code: 'EACCES' }), 'disk.failed'],
  ])('is told as a failure with a fix: %s', async (error, code) => {
    const failure = asFailure(error);
    expect(failure).toBeInstanceOf(Failure);
    expect(failure).toMatchObject({ code, exitCode: 1 });
    expect((failure as Failure).fix).not.toBe('');
    await expect(told(Promise.reject(error))).rejects.toMatchObject({ code });
  });

  it('leaves a bug a bug', () => {
    const bug = new TypeError('undefined is not a function');
    expect(asFailure(bug)).toBe(bug);
  });
});
