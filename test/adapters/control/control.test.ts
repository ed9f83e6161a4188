import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { callControl } from '../../../src/adapters/control/client.js';
import { socketPath } from '../../../src/adapters/control/place.js';
import {
  serveControl,
  type ControlHandler,
  type ControlServer,
} from '../../../src/adapters/control/server.js';

let work: string;
let state: string;
const servers: ControlServer[] = [];

beforeEach(() => {
  work = realpathSync(mkdtempSync(join(tmpdir(), 'heliostat-control-')));
  vi.stubEnv('TMPDIR', work);
  state = join(work, 'state');
  mkdirSync(state);
});

afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
  rmSync(work, { recursive: true, force: true });
});

async function serve(handler: ControlHandler): Promise<ControlServer> {
  const server = await serveControl(state, handler);
  servers.push(server);
  return server;
}

async function ask(request: unknown): Promise<unknown[]> {
  const replies = await callControl(state, request);
  if (replies === null) throw new Error('nobody listens');
  const all: unknown[] = [];
  for await (const reply of replies) all.push(reply);
  return all;
}

const echo: ControlHandler = (request, respond) => {
  respond.send(request);
  respond.end();
};

describe('the control socket', () => {
  it('carries a request and any number of replies', async () => {
    await serve((request, respond) => {
      for (let i = 0; i < 3; i++) respond.send({ request, i, text: 'ü\n"' });
      respond.end();
      respond.send('after the end');
    });
    const replies = await ask({ verb: 'status' });
    expect(replies).toEqual([0, 1, 2].map((i) => ({ request: { verb: 'status' }, i, text: 'ü\n"' })));
  });

  it('answers null where there is no daemon, whether there never was one or it was killed', async () => {
    expect(await callControl(state, {})).toBeNull();
    await leaveStaleSocket();
    expect(await callControl(state, {})).toBeNull();
  });

  it('is found by whatever name the state folder is called', async () => {
    await serve(echo);
    symlinkSync(state, join(work, 'link'));
    expect(socketPath(join(work, 'link'))).toBe(socketPath(state));
    expect(socketPath(work)).not.toBe(socketPath(state));
  });

  it('has a path that the system takes whole, however long the names of folders are', async () => {
    vi.stubEnv('TMPDIR', join(work, 'x'.repeat(100)));
    expect(socketPath(state)).toMatch(/^\/tmp\/heliostat-\d+\/[0-9a-f]{16}\.sock$/);
  });

  it('takes the place of what a killed daemon left', async () => {
    await leaveStaleSocket();
    await serve(echo);
    expect(await ask(1)).toEqual([1]);
  });

  it('does not push a daemon aside that listens', async () => {
    await serve(echo);
    await expect(serveControl(state, echo)).rejects.toThrow('another process listens');
    expect(await ask(1)).toEqual([1]);
  });

  it('can be reached by its owner only', async () => {
    const { path } = await serve(echo);
    expect(statSync(dirname(path)).mode & 0o777).toBe(0o700);
    expect(lstatSync(path).mode & 0o777).toBe(0o600);
  });

  it.each(['wide', 'link'])(
    'refuses, on both sides, a folder that others can enter or lead elsewhere (%s)',
    async (how) => {
      const folder = dirname(socketPath(state));
      if (how === 'wide') {
        mkdirSync(folder);
        chmodSync(folder, 0o755);
      } else {
        mkdirSync(join(work, 'trap'), { mode: 0o700 });
        symlinkSync(join(work, 'trap'), folder);
      }
      await expect(serveControl(state, echo)).rejects.toThrow('must be a folder of yours');
      await expect(callControl(state, {})).rejects.toThrow('must be a folder of yours');
    },
  );

  it('refuses a request that is too long, and one that is no JSON, and lives on', async () => {
    const { path } = await serve(echo);
    await expect(callControl(state, 'x'.repeat(1 << 20))).rejects.toThrow('longer than 1048576 bytes');
    expect(await raw(path, `${'x'.repeat((1 << 20) + 1)}`)).toContain('longer than');
    expect(await raw(path, '{nonsense\n')).toContain('no JSON');
    expect(await ask('fine')).toEqual(['fine']);
  });

  it('passes a long reply whole', async () => {
    await serve(echo);
    const [reply] = await ask('y'.repeat(1_000_000));
    expect(reply).toHaveLength(1_000_000);
  });

  it('tells the handler when the caller hangs up, so that nothing goes on for nobody', async () => {
    let gone: Promise<void> = Promise.resolve();
    await serve((_, respond) => {
      gone = new Promise((resolve) => void respond.cancel.onCancel(resolve));
      respond.send('first');
    });
    const replies = (await callControl(state, { verb: 'follow' })) as AsyncIterable<unknown>;
    const reading = replies[Symbol.asyncIterator]();
    expect((await reading.next()).value).toBe('first');
    await reading.return?.();
    await gone;
  });

  it('tells the caller when the daemon goes away in the middle', async () => {
    const server = await serve((_, respond) => respond.send('first'));
    const replies = (await callControl(state, {})) as AsyncIterable<unknown>;
    const reading = async () => {
      for await (const reply of replies) {
        expect(reply).toBe('first');
        await server.close();
        servers.length = 0;
      }
    };
    await expect(reading()).rejects.toThrow(/daemon/);
  });

  it('tells the caller no more than that where the handler fails', async () => {
    await serve(() => {
      throw new Error('inner matter');
    });
    await expect(ask(1)).rejects.toThrow('the daemon could not answer');
  });
});

/** As `kill -9` does: the socket stays and nobody listens. */
async function leaveStaleSocket(): Promise<void> {
  const path = socketPath(state);
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const script = `require('net').createServer().listen(process.argv[1], () => process.kill(process.pid, 'SIGKILL'))`;
  spawnSync(process.execPath, ['-e', script, path]);
  expect(lstatSync(path).isSocket()).toBe(true);
}

function raw(path: string, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(path, () => void socket.write(text));
    socket.on('data', (data) => (answer += data.toString()));
    socket.on('error', reject);
    socket.on('close', () => resolve(answer));
  });
}
