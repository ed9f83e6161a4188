import { execFile, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  contextFor,
  taskFor,
  trialWith,
  type Trial,
} from '../../../src/adapters/providers/contract/subject.js';
import { createProcessProvider } from '../../../src/adapters/providers/process/provider.js';
import { readStat } from '../../../src/adapters/providers/process/proc.js';
import { placesOf } from '../../../src/adapters/providers/process/records.js';
import { digestOf } from '../../../src/core/base/digest.js';
import type { Json } from '../../../src/core/base/data.js';
import { redactorOf } from '../../../src/core/base/safe-text.js';
import { cancelSource } from '../../../src/ports/clock.js';
import type { InstanceTask } from '../../../src/ports/provider.js';
import { describeContract } from './conformance.js';

const sleeper = { command: ['sleep', '600'] };
const secret = 'hunter2-and-more';

let root: string;
let home: string;
let instancesDir: string;
let graceMs: number;
let trials: Trial[] = [];
let strangers: ChildProcess[] = [];

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'heliostat-process-'));
  home = join(root, 'home.git');
  mkdirSync(home);
  instancesDir = join(root, 'instances');
  graceMs = 20;
});

afterEach(async () => {
  for (const one of strangers) one.kill('SIGKILL');
  for (const one of trials) await one.apply('destroy');
  trials = [];
  strangers = [];
  rmSync(root, { recursive: true, force: true });
});

function open() {
  const redact = redactorOf([secret]);
  return createProcessProvider({
    instancesDir,
    home,
    redact,
    graceMs,
    pollMs: 10,
    logLimitBytes: 20_000,
  });
}

function trial(configuration: Json = sleeper, change: Partial<InstanceTask> = {}, blobs = {}): Trial {
  const task = { ...taskFor({ domain: `d${process.pid}`, home, configuration }), ...change };
  const one = trialWith({ open }, task, contextFor(blobs));
  trials.push(one);
  return one;
}

async function started(configuration: Json = sleeper, change: Partial<InstanceTask> = {}): Promise<Trial> {
  const one = trial(configuration, change);
  await one.must('create', 'configure', 'start');
  return one;
}

async function pidOf(one: Trial): Promise<number> {
  const { resource } = await one.observe();
  return Number(/^pid (\d+)$/.exec(resource ?? '')?.[1]);
}

function folderOf(one: Trial): string {
  return placesOf(instancesDir, one.task.id).folder;
}

/** Waits for something that another process does. */
async function eventually<T>(
  look: () => T | null | undefined | false | Promise<T | null | undefined | false>,
): Promise<T> {
  for (;;) {
    const found = await look();
    if (found !== null && found !== undefined && found !== false) return found;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

async function linesOf(
  one: Trial,
  query: { previous?: boolean; lines?: number; cursor?: string | null } = {},
) {
  const { previous = false, lines = 100, cursor = null } = query;
  const page = await one.provider.logs?.(one.task, { sinceMs: null, lines, previous, cursor }, contextFor());
  if (page === undefined) throw new Error('no logs');
  return { texts: page.lines.map((line) => `${line.stream}: ${line.text}`), cursor: page.cursor };
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(0, () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

describeContract('process', {
  open,
  get home() {
    return home;
  },
  configuration: sleeper,
  freePort,
  vanish: async (task) => {
    const pid = await pidOf(trialWith({ open }, task));
    process.kill(pid, 'SIGKILL');
    await eventually(() => readStat(pid) === null);
  },
});

describe('a process', () => {
  it('gets PATH, HOME, LANG, TMPDIR, its own environment and our marks, and nothing else of ours', async () => {
    const one = await started({
      command: ['sh', '-c', 'env > seen; exec sleep 600'],
      env: { LEVEL: 3, DEBUG: true },
    });
    const seen = await eventually(
      () => existsSync(join(folderOf(one), 'seen')) && readFileSync(join(folderOf(one), 'seen'), 'utf8'),
    );
    const names = seen.split('\n').map((line) => line.split('=')[0]);
    const shells = ['PWD', 'OLDPWD', 'SHLVL', '_', ''];
    const allowed = ['PATH', 'HOME', 'LANG', 'TMPDIR', 'LEVEL', 'DEBUG', ...shells];

    expect(names.filter((name) => !allowed.includes(name ?? '') && !name?.startsWith('HELIOSTAT_'))).toEqual(
      [],
    );
    expect(seen).toContain('LEVEL=3\n');
    expect(seen).toContain('DEBUG=true\n');
    expect(seen).toContain(`HELIOSTAT_OWNER=${one.task.owner}\n`);
    expect(seen).toContain(`HELIOSTAT_HOME=${home}\n`);
  });

  it('cannot be given marks of its own, which would make it somebody else', async () => {
    const one = await started({ ...sleeper, env: { HELIOSTAT_OWNER: 'evil' } });

    expect((await one.observe()).state).toBe('active');
  });

  it('runs in its own folder, among the files of its release', async () => {
    const blobs = {
      o1: Buffer.from('#!/bin/sh\npwd; cat config/a.txt; exec sleep 600\n'),
      o2: Buffer.from('hello\n'),
    };
    const artifacts = [
      { path: 'bin/run.sh', oid: 'o1', executable: true },
      { path: 'config/a.txt', oid: 'o2', executable: false },
    ];
    const one = trial({ command: ['bin/run.sh'] }, { artifacts }, blobs);
    await one.must('create', 'configure', 'start');
    const { texts } = await eventually(async () => {
      const page = await linesOf(one);
      return page.texts.length === 2 && page;
    });

    expect(texts).toEqual([`out: ${folderOf(one)}`, 'out: hello']);
    expect(statSync(join(folderOf(one), 'config/a.txt')).mode & 0o777).toBe(0o644);
    expect(readdirSync(join(instancesDir, '.work'))).toEqual([]);
  });

  it('keeps what it wrote through a crash, and gets a damaged file of the release back', async () => {
    graceMs = 15_000;
    const artifacts = [{ path: 'a.txt', oid: 'o1', executable: false }];
    const one = trial(
      { command: ['sh', '-c', 'echo mine > data; echo broken > a.txt; exit 3'] },
      { artifacts },
      { o1: Buffer.from('ok') },
    );
    await one.must('create', 'configure');
    await one.apply('start');
    await one.must('reset', 'create');

    expect(readFileSync(join(folderOf(one), 'data'), 'utf8')).toBe('mine\n');
    expect(readFileSync(join(folderOf(one), 'a.txt'), 'utf8')).toBe('ok');
  });

  it.each(['../escape', '/etc/escape', 'a/../../escape', 'a//b', ''])(
    'is not made of a release that writes to %j',
    async (path) => {
      const artifacts = [{ path, oid: 'o1', executable: false }];
      const one = trial(sleeper, { artifacts }, { o1: Buffer.from('x') });

      expect(await one.apply('create')).toMatchObject({
        kind: 'failed',
        retryable: false,
        code: 'file.escapes',
      });
      expect((await one.observe()).presence).toBe('absent');
    },
  );

  it('cannot make us write through a link that it laid', async () => {
    const artifacts = [{ path: 'sub/a.txt', oid: 'o1', executable: false }];
    const one = trial(sleeper, { artifacts }, { o1: Buffer.from('x') });
    await one.must('create');
    rmSync(join(folderOf(one), 'sub'), { recursive: true });
    symlinkSync(root, join(folderOf(one), 'sub'));

    expect(await one.apply('create')).toMatchObject({ kind: 'failed', code: 'file.escapes' });
    expect(existsSync(join(root, 'a.txt'))).toBe(false);
  });

  it('waits for a blob that the repository does not have yet', async () => {
    const one = trial(sleeper, { artifacts: [{ path: 'a', oid: 'gone', executable: false }] });

    expect(await one.apply('create')).toMatchObject({
      kind: 'failed',
      retryable: true,
      code: 'artifact.missing',
    });
  });
});

describe('starting', () => {
  it.each([
    ['in PATH', 'no-such-program-at-all'],
    ['in the working folder', './missing.sh'],
  ])('is refused for good, by name, when there is no such program %s', async (_, program) => {
    const one = trial({ command: [program] });
    await one.must('create', 'configure');
    const outcome = await one.apply('start');

    expect(outcome).toMatchObject({ kind: 'failed', retryable: false, code: 'process.notFound' });
    expect(outcome.kind === 'failed' && outcome.message).toContain(program);
  });

  it('has failed if the process ends at once, with its code and last words, secrets masked', async () => {
    graceMs = 15_000;
    const one = trial({ command: ['sh', '-c', `echo "cannot log in with ${secret}" >&2; exit 7`] });
    await one.must('create', 'configure');
    const outcome = await one.apply('start');

    expect(outcome).toMatchObject({ kind: 'failed', retryable: true, code: 'process.exited' });
    expect(outcome.kind === 'failed' && outcome.message).toMatch(
      /exited with code 7 at once.*: cannot log in with \[redacted\]/s,
    );
    expect(await one.observe()).toMatchObject({ presence: 'present', state: 'failure', health: 'bad' });
  });

  it('masks a secret in 10 MB of standard error, and tells only the end of it', async () => {
    const flood = `yes 'key ${secret}' | head -c 10000000 >&2; exit 1`;
    const one = trial({ command: ['sh', '-c', flood] });
    await one.must('create', 'configure');
    await one.apply('start');
    const seen = await eventually(async () => {
      const observation = await one.observe();
      return observation.state === 'failure' && observation;
    });

    expect(seen.detail).not.toContain('hunter2');
    expect(seen.detail).toContain('[redacted]');
    expect((seen.detail ?? '').length).toBeLessThan(5_000);
  });

  it('is refused if its port is taken, so that another is chosen', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    const outcome = await trial(sleeper, { port }).apply('create');
    await new Promise((resolve) => server.close(resolve));

    expect(outcome).toMatchObject({ kind: 'failed', retryable: true, code: 'port.taken' });
  });

  it('is done if it runs with that configuration already, and refused if it runs with another', async () => {
    const one = await started();
    const pid = await pidOf(one);

    expect((await one.apply('start')).kind).toBe('done');
    expect(await one.apply('start', { digest: digestOf('other') })).toMatchObject({
      kind: 'failed',
      code: 'process.running',
    });
    expect(await pidOf(one)).toBe(pid);
  });

  it('is refused before it is created', async () => {
    expect(await trial().apply('start')).toMatchObject({ kind: 'failed', code: 'process.notCreated' });
  });

  it.each<[string, Json]>([
    ['no command', {}],
    ['an empty command', { command: [] }],
    ['a command with a map in it', { command: ['sh', {}] }],
    ['an argument with a zero byte', { command: ['sh', 'a\0b'] }],
    ['an environment that is no map', { command: ['sh'], env: 3 }],
    ['a name that no environment can hold', { command: ['sh'], env: { 'A=B': 'c' } }],
  ])('is refused for good for %s, though the schema should have found it', async (_, configuration) => {
    expect(await trial(configuration).apply('create')).toMatchObject({ kind: 'failed', retryable: false });
  });

  it('may happen in a folder below, and never in one beside', async () => {
    const one = await started({ command: ['sh', '-c', 'pwd > here; exec sleep 600'], directory: 'sub' });
    const here = await eventually(
      () =>
        existsSync(join(folderOf(one), 'sub/here')) && readFileSync(join(folderOf(one), 'sub/here'), 'utf8'),
    );

    expect(here.trim()).toBe(join(folderOf(one), 'sub'));
    const directory = { ...sleeper, directory: '../beside' };
    await one.must('stop');
    expect(await one.apply('start', { configuration: directory })).toMatchObject({
      kind: 'failed',
      code: 'file.escapes',
    });
  });
});

describe('stopping', () => {
  it('ends the whole group politely', async () => {
    const script =
      'trap "echo bye >> said; exit 0" TERM; sleep 600 & echo $! > child; while true; do sleep 0.01; done';
    const one = await started({ command: ['sh', '-c', script] });
    const child = Number(
      await eventually(
        () => existsSync(join(folderOf(one), 'child')) && readFileSync(join(folderOf(one), 'child'), 'utf8'),
      ),
    );
    await one.must('stop');

    expect(readFileSync(join(folderOf(one), 'said'), 'utf8')).toBe('bye\n');
    expect(readStat(child)).toBeNull();
    expect(await one.observe()).toMatchObject({ presence: 'present', state: 'inactive' });
  });

  it('ends by force what does not listen, when its time is over', async () => {
    const one = await started({
      command: ['sh', '-c', 'trap "" TERM; touch deaf; while true; do sleep 0.05; done'],
    });
    await eventually(() => existsSync(join(folderOf(one), 'deaf')));
    const pid = await pidOf(one);

    expect((await one.apply('stop', { timeoutMs: 50 })).kind).toBe('done');
    expect(readStat(pid)).toBeNull();
  });

  it('also ends what went into a session of its own but inherited the key', async () => {
    const one = await started({
      command: ['sh', '-c', "setsid sh -c 'echo $$ > child; exec sleep 600' & sleep 600"],
    });
    const child = Number(
      await eventually(
        () =>
          existsSync(join(folderOf(one), 'child')) &&
          readFileSync(join(folderOf(one), 'child'), 'utf8').trim(),
      ),
    );

    // It leads a session and carries the key, and is no second instance for all that.
    expect((await one.observe()).state).toBe('active');
    await one.must('stop');
    expect(readStat(child)).toBeNull();
  });

  it('tells that it does not know when it is interrupted', async () => {
    const one = await started({
      command: ['sh', '-c', 'trap "" TERM; touch deaf; while true; do sleep 0.05; done'],
    });
    await eventually(() => existsSync(join(folderOf(one), 'deaf')));
    const { cancel, abort } = cancelSource();
    const stopping = one.provider.apply('stop', one.task, { ...contextFor(), cancel });
    setTimeout(abort, 20);

    expect((await stopping).kind).toBe('unknown');
    expect((await one.observe()).state).toBe('active');
    await one.must('reset');
  });
});

describe('a crash', () => {
  it('is seen, with the way it ended', async () => {
    const one = await started();
    process.kill(await pidOf(one), 'SIGKILL');
    const seen = await eventually(async () => {
      const observation = await one.observe();
      return observation.detail?.includes('ended by') && observation;
    });

    expect(seen).toMatchObject({ presence: 'present', state: 'failure', health: 'bad' });
    expect(seen.detail).toContain('was ended by SIGKILL');
  });

  it('leaves children behind that reset ends, and that are no instance', async () => {
    const one = await started({
      command: ['sh', '-c', "sleep 600 & setsid sh -c 'echo $$ > child; exec sleep 600' & wait"],
    });
    const child = Number(
      await eventually(
        () =>
          existsSync(join(folderOf(one), 'child')) &&
          readFileSync(join(folderOf(one), 'child'), 'utf8').trim(),
      ),
    );
    process.kill(await pidOf(one), 'SIGKILL');
    await eventually(async () => (await one.observe()).state === 'failure');

    expect(readStat(child)).not.toBeNull();
    await one.must('reset');
    expect(readStat(child)).toBeNull();
    expect((await one.observe()).presence).toBe('absent');
  });

  it.each([
    ['a child', false],
    ['an adopted process', true],
  ])('of %s is told by watch', async (_, adopted) => {
    const one = await started();
    const pid = await pidOf(one);
    const watching = adopted ? one.reopened() : one;
    const { cancel, abort } = cancelSource();
    let tell: (ids: readonly string[]) => void = () => undefined;
    const told = new Promise<readonly string[]>((resolve) => (tell = resolve));
    const settled = watching.provider.watch?.(`d${process.pid}:`, (ids) => tell(ids), cancel);
    await watching.observe();
    process.kill(pid, 'SIGKILL');

    expect(await told).toEqual([one.task.id]);
    abort();
    await settled;
  });
});

describe('a restarted controller', () => {
  async function startedWithoutRecord(one: Trial): Promise<void> {
    await one.must('create', 'configure');
    const marks = {
      HELIOSTAT_OWNER: one.task.owner,
      HELIOSTAT_HOME: home,
      HELIOSTAT_DIGEST: one.task.digest,
      HELIOSTAT_RUN: 'r1',
    };
    // What a controller leaves that was killed between the start and the record of it.
    spawnSync('sh', ['-c', 'setsid sleep 600 >/dev/null 2>&1 &'], {
      env: { ...process.env, ...marks },
      cwd: folderOf(one),
    });
    await eventually(async () => (await one.observe()).state === 'active');
  }

  it('finds a process by its owner key though no record tells of it, and adopts it', async () => {
    const one = trial();
    await startedWithoutRecord(one);
    const pid = await pidOf(one);
    await one.must('create', 'start');

    expect(await pidOf(one)).toBe(pid);
    await one.must('stop');
    expect(readStat(pid)).toBeNull();
  });

  it('finds everything though the whole folder of instances is lost', async () => {
    const one = await started();
    const pid = await pidOf(one);
    rmSync(instancesDir, { recursive: true });
    const after = one.reopened();
    const page = await after.provider.list(`d${process.pid}:`, null, contextFor());

    expect(page.resources).toMatchObject([
      { id: one.task.id, owner: one.task.owner, state: 'active', digest: one.task.digest },
    ]);
    await after.must('create', 'start');
    expect(await pidOf(after)).toBe(pid);
    expect(existsSync(folderOf(one))).toBe(true);
  });

  it('finds by pid and start time a program that wrote over its environment', async () => {
    const script = 'exec env -i /bin/sleep 600';
    const one = await started({ command: ['sh', '-c', script] });

    expect(await one.reopened().observe()).toMatchObject({ state: 'active', digest: one.task.digest });
  });

  it('does not take a stranger with the recorded pid for the instance', async () => {
    const one = await started();
    const { record } = placesOf(instancesDir, one.task.id);
    const written = JSON.parse(readFileSync(record, 'utf8')) as { process: { startTime: number } };
    process.kill(await pidOf(one), 'SIGKILL');
    const stranger = spawn('sleep', ['600'], { detached: true, stdio: 'ignore' });
    strangers.push(stranger);
    const claimed = { ...written, process: { ...written.process, pid: stranger.pid } };
    writeFileSync(record, JSON.stringify(claimed));
    const after = one.reopened();
    await eventually(async () => (await after.observe()).state === 'failure');
    await after.must('reset');

    expect(readStat(stranger.pid as number)).not.toBeNull();
  });
});

describe('what is not ours', () => {
  function imposter(one: Trial, marks: { home: string; run: string }): number {
    const env = {
      ...process.env,
      HELIOSTAT_OWNER: one.task.owner,
      HELIOSTAT_HOME: marks.home,
      HELIOSTAT_DIGEST: one.task.digest,
      HELIOSTAT_RUN: marks.run,
    };
    const child = spawn('sleep', ['600'], { detached: true, stdio: 'ignore', env });
    strangers.push(child);
    return child.pid as number;
  }

  it('holds two processes with one key, and touches neither', async () => {
    const one = await started();
    const first = await pidOf(one);
    const second = imposter(one, { home, run: 'another' });
    const seen = await one.observe();

    expect(seen).toMatchObject({ state: 'failure', health: 'bad' });
    expect(seen.detail).toContain(`pid ${first}`);
    expect(seen.detail).toContain(`pid ${second}`);
    for (const transition of ['start', 'stop', 'reset', 'destroy'] as const) {
      expect(await one.apply(transition)).toMatchObject({
        kind: 'failed',
        retryable: false,
        code: 'process.duplicate',
      });
    }
    expect([readStat(first), readStat(second)]).not.toContain(null);
    process.kill(second, 'SIGKILL');
    await eventually(() => readStat(second) === null);
  });

  it('holds a process with our key and the home of a living other, and does not touch it', async () => {
    const other = join(root, 'other.git');
    mkdirSync(other);
    const one = trial();
    await one.must('create');
    const pid = imposter(one, { home: other, run: 'x' });

    expect((await one.observe()).foreignHome).toBe(other);
    for (const transition of ['start', 'stop', 'reset', 'destroy'] as const) {
      expect(await one.apply(transition)).toMatchObject({
        kind: 'failed',
        retryable: false,
        code: 'process.foreign',
      });
    }
    expect(readStat(pid)).not.toBeNull();
    process.kill(pid, 'SIGKILL');
    await eventually(() => readStat(pid) === null);
  });

  it('adopts a process whose home is no more, since the repository was moved', async () => {
    const one = trial();
    await one.must('create', 'configure');
    const pid = imposter(one, { home: join(root, 'moved-away.git'), run: 'x' });

    expect(await one.observe()).toMatchObject({ state: 'active', foreignHome: null });
    await one.must('start');
    expect(await pidOf(one)).toBe(pid);
  });

  it('is a zombie: it counts as dead', async () => {
    // The shell's child ends under a parent that never asks for it: not before the shell, which would, has become that.
    const child = 'until grep -q sleep /proc/$me/comm; do :; done';
    const parent = spawn('sh', ['-c', `me=$$; (${child}) & echo $!; exec sleep 600`], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    strangers.push(parent);
    const pid = await new Promise<number>((resolve) =>
      parent.stdout.once('data', (text: Buffer) => resolve(Number(text.toString()))),
    );
    await eventually(() => /\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'latin1')));

    expect(readStat(pid)).toBeNull();
  });
});

describe('logs', () => {
  it('tell both streams, follow what comes, and mask secrets', async () => {
    const one = await started({
      command: [
        'sh',
        '-c',
        `echo first ${secret}; echo bad >&2; while [ ! -e go ]; do sleep 0.01; done; echo later; exec sleep 600`,
      ],
    });
    const before = await eventually(async () => {
      const page = await linesOf(one);
      return page.texts.length === 2 && page;
    });
    expect(before.texts).toEqual(['out: first [redacted]', 'err: bad']);
    writeFileSync(join(folderOf(one), 'go'), '');
    const after = await eventually(async () => {
      const page = await linesOf(one, { cursor: before.cursor });
      return page.texts.length > 0 && page;
    });

    expect(after.texts).toEqual(['out: later']);
    expect((await linesOf(one, { cursor: after.cursor })).texts).toEqual([]);
  });

  it('keep those of the run before the last start', async () => {
    const one = await started({ command: ['sh', '-c', 'echo run $(ls | wc -l); touch one; exec sleep 600'] });
    await eventually(async () => (await linesOf(one)).texts.length === 1);
    await one.must('stop', 'start');
    await eventually(async () => (await linesOf(one)).texts.length === 1);

    expect((await linesOf(one, { previous: true })).texts).toEqual(['out: run 0']);
    expect((await linesOf(one)).texts).toEqual(['out: run 1']);
  });

  it('stay within their limit while somebody watches, and lose nothing that fits', async () => {
    const one = await started({
      command: [
        'sh',
        '-c',
        'i=0; while [ $i -lt 2000 ]; do echo "line $i of the log"; i=$((i+1)); done; touch done; exec sleep 600',
      ],
    });
    const { cancel, abort } = cancelSource();
    const settled = one.provider.watch?.(one.task.owner, () => undefined, cancel);
    const { out } = placesOf(instancesDir, one.task.id);
    await eventually(
      () => existsSync(join(folderOf(one), 'done')) && existsSync(`${out}.1`) && statSync(out).size <= 20_000,
    );
    abort();
    await settled;

    expect((await linesOf(one, { lines: 3 })).texts).toEqual([
      'out: line 1997 of the log',
      'out: line 1998 of the log',
      'out: line 1999 of the log',
    ]);
  });

  it('stay after the instance is destroyed, for evidence', async () => {
    const one = await started({ command: ['sh', '-c', 'echo last words; exec sleep 600'] });
    await eventually(async () => (await linesOf(one)).texts.length === 1);
    await one.must('stop', 'destroy');

    expect(existsSync(folderOf(one))).toBe(false);
    expect((await linesOf(one)).texts).toEqual(['out: last words']);
  });
});

describe('secrets', () => {
  it('stand in no file of ours and in no argument', async () => {
    const one = await started({ ...sleeper, env: { TOKEN: secret } });
    const found = await new Promise<string>((resolve) => {
      execFile('grep', ['-rl', secret, root], (_, stdout) => resolve(stdout));
    });

    expect(found).toBe('');
    expect(readFileSync(`/proc/${await pidOf(one)}/cmdline`, 'latin1')).not.toContain(secret);
  });
});
