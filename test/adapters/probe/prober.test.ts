import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createProber } from '../../../src/adapters/probe/prober.js';
import type { Probe } from '../../../src/core/base/desired.js';
import { redactorOf } from '../../../src/core/base/safe-text.js';
import { cancelSource } from '../../../src/ports/clock.js';

const servers: Server[] = [];
const folders: string[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

async function listening(server: Server): Promise<number> {
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return (server.address() as AddressInfo).port;
}

function http(listener: RequestListener): Promise<number> {
  return listening(createHttpServer(listener));
}

const prober = createProber({ redact: redactorOf(['hunter2-and-more']) });

function ask(probe: Probe, port: number | null, timeoutMs = 15_000) {
  return prober.probe({ probe, address: '127.0.0.1', port, timeoutMs }, cancelSource().cancel);
}

const get = (status: readonly number[] = [], path = '/health'): Probe => ({
  kind: 'http',
  path,
  port: null,
  status,
});

describe('an http probe', () => {
  it.each([
    [200, [], true],
    [302, [], true],
    [404, [], false],
    [503, [], false],
    [503, [503], true],
    [200, [204], false],
  ])('takes %d for an answer that is good or not, as %j asks', async (status, wanted, good) => {
    const port = await http((_, response) => response.writeHead(status).end('x'.repeat(10)));
    const answer = await ask(get(wanted), port);

    expect(answer.good).toBe(good);
    expect(answer.detail).toMatch(new RegExp(`^${status} in \\d+ ms$`));
  });

  it('asks for the path on a connection of its own, which it closes', async () => {
    const seen: string[] = [];
    const port = await http((request, response) => {
      seen.push(`${request.method} ${request.url} ${request.headers.connection}`);
      response.end();
    });
    await ask(get([], '/a?b=c'), port);

    expect(seen).toEqual(['GET /a?b=c close']);
  });

  it('does not follow a redirection to another host, which could be anybody', async () => {
    let asked = 0;
    const other = await http((_, response) => (asked++, response.end()));
    const port = await http((_, response) =>
      response.writeHead(302, { location: `http://127.0.0.1:${other}/` }).end(),
    );
    await ask(get(), port);

    expect(asked).toBe(0);
  });

  it('does not wait for the body', async () => {
    const port = await http((_, response) => void response.writeHead(200).write('begin'));

    expect((await ask(get(), port)).good).toBe(true);
  });

  it('gives up when its time is over', async () => {
    const port = await http(() => undefined);

    expect(await ask(get(), port, 30)).toEqual({ good: false, detail: 'no answer in 30 ms' });
  });

  it('gives up when it is cancelled', async () => {
    const { cancel, abort } = cancelSource();
    const port = await http(() => abort());
    const task = { probe: get(), address: '127.0.0.1', port, timeoutMs: 15_000 };

    expect(await prober.probe(task, cancel)).toEqual({ good: false, detail: 'interrupted' });
    expect(await prober.probe(task, cancel)).toEqual({ good: false, detail: 'interrupted' });
  });

  it.each<[string, Buffer]>([
    ['nothing', Buffer.alloc(0)],
    ['what is no http', Buffer.from('SSH-2.0-OpenSSH\r\n')],
    ['endless headers', Buffer.from(`HTTP/1.1 200 OK\r\na: ${'x'.repeat(100_000)}`)],
  ])('takes %s for an answer that is not good', async (_, bytes) => {
    const port = await listening(createServer((socket) => socket.on('error', () => undefined).end(bytes)));

    expect((await ask(get(), port)).good).toBe(false);
  });

  it('takes a path that no request can carry for an answer that is not good', async () => {
    const port = await http((_, response) => response.end());

    expect((await ask(get([], '/a b\r\nx: y'), port)).good).toBe(false);
  });

  it('has no port to ask', async () => {
    expect((await ask(get(), null)).good).toBe(false);
  });
});

describe('a tcp probe', () => {
  it('is good if a connection is accepted, on its own port rather than that of the instance', async () => {
    const port = await listening(createServer((socket) => socket.destroy()));

    expect((await ask({ kind: 'tcp', port: null }, port)).good).toBe(true);
    expect((await ask({ kind: 'tcp', port }, 1)).good).toBe(true);
    expect(await ask({ kind: 'tcp', port: null }, 1)).toEqual({ good: false, detail: 'connection refused' });
  });
});

describe('a command probe', () => {
  const run = (...command: string[]): Probe => ({ kind: 'command', command });

  it('is good if the command ends with 0, and shows its last line, secrets masked', async () => {
    expect((await ask(run('true'), null)).good).toBe(true);
    const answer = await ask(run('sh', '-c', 'echo ignored; echo bad hunter2-and-more >&2; exit 3'), null);

    expect(answer.good).toBe(false);
    expect(answer.detail).toMatch(/^exit 3 in \d+ ms: bad \[redacted\]$/);
  });

  it.each([
    [
      'whose colours stand in the middle of a secret',
      'printf "hunter2-\\033[1mand-more"; exit 3',
      ': [redacted]',
    ],
    [
      'cut in the middle, which could be a half of a secret',
      'printf "hunter2-and-more"; head -c 4090 /dev/zero | tr "\\0" x; exit 3',
      '',
    ],
  ])('shows nothing of a line %s', async (_, script, shown) => {
    const { detail } = await ask(run('sh', '-c', script), null);

    expect(detail.replace(/in \d+ ms/, 'in 1 ms')).toBe(`exit 3 in 1 ms${shown}`);
  });

  it('hands its arguments over as they are, without a shell', async () => {
    expect((await ask(run('test', '$(echo a)', '=', '$(echo a)'), null)).good).toBe(true);
  });

  it('tells the command where the instance is, and nothing else of our environment', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'heliostat-probe-'));
    folders.push(folder);
    await ask(run('sh', '-c', `env > ${folder}/seen`), 4711);
    const names = readFileSync(join(folder, 'seen'), 'utf8')
      .split('\n')
      .map((line) => line.split('=')[0] ?? '');
    const allowed = [
      'PATH',
      'HOME',
      'LANG',
      'TMPDIR',
      'HELIOSTAT_ADDRESS',
      'HELIOSTAT_PORT',
      'PWD',
      'OLDPWD',
      'SHLVL',
      '_',
      '',
    ];

    expect(names.filter((name) => !allowed.includes(name))).toEqual([]);
    expect(names).toContain('HELIOSTAT_PORT');
  });

  it('ends with all that it started when its time is over', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'heliostat-probe-'));
    folders.push(folder);
    const answer = await ask(run('sh', '-c', `(echo $$ > ${folder}/pid; exec sleep 600) & wait`), null, 300);
    expect(answer).toEqual({ good: false, detail: 'no answer in 300 ms' });
    if (!existsSync(join(folder, 'pid'))) return;
    const pid = Number(readFileSync(join(folder, 'pid'), 'utf8'));
    while (isRunning(pid)) await new Promise((resolve) => setTimeout(resolve, 5));
  });

  it('survives a flood', async () => {
    const answer = await ask(run('sh', '-c', 'yes | head -c 10000000; exit 1'), null);

    expect(answer.good).toBe(false);
    expect(answer.detail.length).toBeLessThan(400);
  });

  it('is not good if there is no such program, or no command at all', async () => {
    expect(await ask(run('no-such-program-at-all'), null)).toEqual({
      good: false,
      detail: 'no-such-program-at-all: ENOENT',
    });
    expect((await ask(run(), null)).good).toBe(false);
    expect((await ask(run('true', 'a\0b'), null)).good).toBe(false);
  });
});

function isRunning(pid: number): boolean {
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'latin1'));
  } catch {
    return false;
  }
}
