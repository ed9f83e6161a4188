import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { commitFiles, git, initRepository, makeFolder } from '../support/git.js';
import {
  exposedPort,
  gatewayPid,
  pidsById,
  stage,
  until,
  verdict,
  type Daemon,
  type Stage,
} from '../support/heliostat.js';
import { isAlive } from '../support/scenario/census.js';
import { startLoad } from '../support/scenario/load.js';
import { noteOf } from '../support/scenario/memory.js';
import { smallModel, web } from '../support/scenario/model.js';
import { showed } from '../support/promises.js';
import { casesOf } from './support/cases.js';
import { makeHostile } from './support/git-case.js';
import { usageFromNow, usageOf } from './support/kernel.js';
import { promised, tellCost } from './support/program.js';
import { dangle, say } from './support/raw.js';

const model = { ...smallModel(), ...web('1.0.0', 2) };

async function running(): Promise<{ s: Stage; daemon: Daemon }> {
  const s = await stage(model);
  const daemon = await s.run();
  await verdict(s, s.tip(), 'applied');
  return { s, daemon };
}

/** The tree of another repository as the next commit of the branch that the daemon follows. Git would not fetch some of them. */
function bring(s: Stage, from: string): string {
  cpSync(join(from, '.git/objects'), join(s.repository, '.git/objects'), { recursive: true, force: false });
  const tree = git(from, 'log', '-1', '--format=%T', 'refs/heads/main');
  const commit = git(s.repository, 'commit-tree', '-p', 'refs/heads/main', '-m', 'A hostile commit', tree);
  git(s.repository, 'update-ref', 'refs/heads/main', commit);
  return commit;
}

const rejected = casesOf('git', '.sh').filter(({ expected }) =>
  expected.some(({ command, outcome }) => outcome === 'rejected' && command.join(' ') === 'validate HEAD'),
);

it(
  'a daemon rejects one hostile commit after another, touches nothing, answers every request, and applies the next good one',
  { timeout: 240_000 },
  async (context) => {
    const { s, daemon } = await running();
    const sound = makeFolder('hostile-');
    initRepository(sound);
    commitFiles(sound, model, 'A sound model');
    const before = pidsById(s.instances());
    const load = startLoad(exposedPort(s), { clients: 2, pauseMs: 50 });
    const start = usageOf(daemon.pid);
    for (const hostile of rejected) {
      const made = makeHostile(makeFolder('hostile-'), hostile, sound);
      const from = usageFromNow(daemon.pid);
      const commit = bring(s, made.repository);
      await verdict(s, commit, 'rejected').catch((error: Error) => {
        throw new Error(`${hostile.name}: ${error.message}\n${daemon.said()}`);
      });
      const after = usageOf(daemon.pid);
      const cost = { cpuMs: after.cpuMs - from.cpuMs, peakKb: after.peakKb - from.peakKb };
      tellCost(`daemon: ${hostile.name}`, cost);
      expect(cost.cpuMs, `${hostile.name}: processor time in ms`).toBeLessThan(promised.cpuMs);
      expect(cost.peakKb, `${hostile.name}: more memory in kB`).toBeLessThan(promised.peakKb);
    }
    const kept = usageFromNow(daemon.pid).peakKb - start.peakKb;
    expect(kept, 'what is kept of all of them together, in kB').toBeLessThan(promised.peakKb);
    expect(pidsById(s.instances()), 'no provider was called').toEqual(before);
    expect(isAlive(daemon.pid)).toBe(true);

    await verdict(s, bring(s, sound), 'applied');
    expect(pidsById(s.instances())).toEqual(before);
    await load.stop();
    expect(load.failures).toEqual([]);
    showed(context, { hostileInputs: rejected.length });
  },
);

const deep = `${'['.repeat(100_000)}`;
const lines: readonly string[] = [
  '\n',
  'null\n',
  '[]\n',
  '0\n',
  '"status"\n',
  '{}\n',
  '{"verb":null}\n',
  '{"verb":"__proto__"}\n',
  '{"verb":"constructor"}\n',
  '{"verb":["status"]}\n',
  '{"__proto__":{"verb":"shutdown"}}\n',
  'not json\n',
  '\0\0\0\n',
  `${deep}\n`,
  `${'x'.repeat(2_000_000)}\n`,
  'GET / HTTP/1.1\r\nhost: x\r\n\r\n',
  '{"verb":"resume"}\n',
  '{"verb":"resume","target":7}\n',
  '{"verb":"resume","target":{"kind":"element"},"reason":{},"who":[]}\n',
  '{"verb":"retry"}\n',
  '{"verb":"retry","target":{"solution":"__proto__","element":"constructor"}}\n',
  '{"verb":"release"}\n',
  '{"verb":"release","hold":{},"reason":7,"who":null}\n',
  '{"verb":"release","hold":"__proto__","reason":"x","who":"y"}\n',
  '{"verb":"detach"}\n',
  '{"verb":"detach","solution":{"a":1},"reason":"x","who":"y"}\n',
  '{"verb":"detach","solution":"nobody"}\n',
  '{"verb":"follow","revision":{},"timeoutMs":"soon"}\n',
  '{"verb":"follow","timeoutMs":-1}\n',
  '{"verb":"follow","timeoutMs":1e999}\n',
  '{"verb":"events","more":"x"}\n',
  '{"verb":"watch"}\n{"verb":"watch"}\n',
  '{"verb":"down"}\n',
  '{"verb":"down","reason":7,"who":{}}\n',
];

it(
  'a daemon lives through whatever is said on its control socket, and answers those who ask well',
  { timeout: 120_000 },
  async (context) => {
    const { s, daemon } = await running();
    const before = pidsById(s.instances());
    const start = usageOf(daemon.pid);
    const path = readFileSync(join(s.repository, '.heliostat/state/test/control.path'), 'utf8').trim();
    for (const line of lines) {
      await say({ path }, line, 150);
      expect(isAlive(daemon.pid), `alive after ${line.slice(0, 100)}\n${daemon.said().slice(-2_000)}`).toBe(
        true,
      );
    }
    const held = dangle({ path }, 1_000, '{"verb":"sta');
    await say({ path }, '{"verb":"status"}\n', 300);
    held.letGo();
    await until('it answers again', async () => (await s.call('status')).code === 0);
    expect(pidsById(s.instances()), 'nothing was done').toEqual(before);
    const peakKb = usageOf(daemon.pid).peakKb - start.peakKb;
    tellCost('daemon, whatever is said to it', { cpuMs: 0, peakKb });
    expect(peakKb, 'more memory in kB').toBeLessThan(promised.peakKb);

    const second = await s.call('run');
    expect(second.code, 'a second daemon leaves').toBe(1);
    expect(second.stderr, 'and names the first').toContain(`pid ${daemon.pid}`);
    const good = s.commit(web('1.1.0', 2));
    await verdict(s, good, 'applied');
    expect(noteOf(s.repository, 'test', good)).toBe('applied');
    showed(context, { hostileInputs: lines.length + 2 });
  },
);

const many = (count: number, make: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => make(i)).join('');
const requests: readonly string[] = [
  '\r\n\r\n',
  '\0\0\0\0',
  '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03',
  'GET\r\n\r\n',
  'GET / HTTP/9.9\r\n\r\n',
  'GET / HTTP/1.1\r\n\r\n',
  `GET /${'a'.repeat(100_000)} HTTP/1.1\r\nhost: a\r\n\r\n`,
  `GET / HTTP/1.1\r\nhost: a\r\nx: ${'b'.repeat(200_000)}\r\n\r\n`,
  `GET / HTTP/1.1\r\nhost: a\r\n${many(20_000, (i) => `x${i}: 1\r\n`)}\r\n`,
  'POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\nhost: a\r\n\r\n',
  'POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\nhello!',
  'POST / HTTP/1.1\r\nhost: a\r\ncontent-length: -1\r\n\r\n',
  'POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 99999999999999999999\r\n\r\nx',
  'POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: xchunked\r\n\r\n0\r\n\r\n',
  'POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding : chunked\r\n\r\n0\r\n\r\n',
  'POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\nffffffffffffffffff\r\nx',
  'GET / HTTP/1.1\r\nhost: a\r\nx: a\rb\r\n\r\n',
  'GET / HTTP/1.1\nhost: a\n\n',
  'GET http://127.0.0.1:1/ HTTP/1.1\r\nhost: b\r\n\r\n',
  'CONNECT 127.0.0.1:1 HTTP/1.1\r\nhost: a\r\n\r\n',
  'OPTIONS * HTTP/1.1\r\nhost: a\r\n\r\n',
  'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  'GET / HTTP/1.1\r\nhost: a\r\nconnection: host, x-forwarded-for, content-length\r\n\r\n',
  'GET / HTTP/1.1\r\nhost: a\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n',
  'GET / HTTP/1.1\r\nhost: a\r\nexpect: 100-continue\r\n\r\n',
  'GET / HTTP/1.1\r\nhost: a\r\nexpect: nonsense\r\n\r\n',
  'GET / HTTP/1.1\r\nhost: a\r\nhost: b\r\n\r\n',
  `GET / HTTP/1.1\r\nhost: a\r\n\r\n`.repeat(2_000),
];

it(
  'the gateway lives through whatever is said to it, smuggles nothing, and fails no one else’s request',
  { timeout: 120_000 },
  async (context) => {
    const { s } = await running();
    const port = exposedPort(s);
    const gateway = gatewayPid(s) ?? 0;
    const start = usageOf(gateway);
    const load = startLoad(port, { clients: 2, pauseMs: 20 });
    const to = { host: '127.0.0.1', port };
    for (const request of requests) {
      const heard = await say(to, Buffer.from(request, 'latin1'), 250);
      if (/content-length: 5\r\ntransfer-encoding/.test(request))
        expect(heard, 'one answer to one request').toMatch(/^HTTP\/1\.1 400/);
      expect(isAlive(gateway), `alive after ${request.slice(0, 100)}`).toBe(true);
    }
    const slow = dangle(to, 500, 'GET / HTTP/1.1\r\nhost: a\r\nx: ');
    const answered = load.answered();
    await until('others are answered meanwhile', () => load.answered() > answered + 20);
    slow.letGo();
    await load.stop();
    expect(load.failures).toEqual([]);
    expect(gatewayPid(s), 'the same process').toBe(gateway);
    const peakKb = usageOf(gateway).peakKb - start.peakKb;
    tellCost('gateway, whatever is said to it', { cpuMs: 0, peakKb });
    expect(peakKb, 'more memory in kB').toBeLessThan(promised.peakKb);
    showed(context, { hostileInputs: requests.length + 1 });
  },
);
