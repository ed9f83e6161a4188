import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createGauge } from '../../../src/adapters/gate/gauge.js';
import { redactorOf } from '../../../src/core/base/safe-text.js';
import { cancelSource } from '../../../src/ports/clock.js';
import { gateOf, instances } from './servers.js';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'heliostat-gate-'));
  folders.push(made);
  return made;
}

const gauge = createGauge({
  redact: redactorOf(['hunter2-and-more']),
  environment: { PATH: process.env['PATH'], HOME: '/home/nobody', TOKEN: 'not to be seen' },
});

function run(command: readonly string[], timeoutMs?: number, target = instances(8080, null)) {
  return gauge.measure(gateOf({ kind: 'command', command }, timeoutMs), target, cancelSource().cancel);
}

const sh = (script: string, timeoutMs?: number) => run(['sh', '-c', script], timeoutMs);

/** Whether a process is there and no zombie. */
function isAlive(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5));
}

describe('a gate by a command', () => {
  it.each([
    ['exit 0', 'passed', 'exit 0'],
    ['exit 1', 'failed', 'exit 1'],
    ['exit 255', 'failed', 'exit 255'],
    ['exit 75', 'unmeasured', 'exit 75'],
    ['no-such-program-at-all 2>/dev/null', 'unmeasured', 'exit 127'],
    ['kill -9 $$', 'unmeasured', 'ended by SIGKILL'],
    ['echo first; echo "last word"; exit 3', 'failed', 'exit 3: last word'],
    ['echo complaint >&2; exit 1', 'failed', 'exit 1: complaint'],
    ['printf "\\033[31mred\\033[0m\\n"', 'passed', 'exit 0: red'],
    ['echo "password is hunter2-and-more"; exit 1', 'failed', 'exit 1: password is [redacted]'],
    ['printf "hunter2-\\033[1mand-more"; exit 1', 'failed', 'exit 1: [redacted]'],
  ])('that does `%s` has %s', async (script, outcome, detail) => {
    expect(await sh(script)).toEqual({ outcome, detail });
  });

  it('that is no program has not measured', async () => {
    expect(await run(['/no/such/program', 'x'])).toEqual({
      outcome: 'unmeasured',
      detail: '/no/such/program cannot be run (ENOENT)',
    });
    expect((await run(['/'])).outcome).toBe('unmeasured');
    expect((await run(['sh', '-c', 'nul\0byte'])).outcome).toBe('unmeasured');
    expect((await run([])).outcome).toBe('unmeasured');
  });

  it('that hangs has not measured, and is ended with all that it started', async () => {
    const file = join(folder(), 'pids');
    const answer = await sh(`sleep 600 & echo $! $$ > ${file}.new; mv ${file}.new ${file}; wait`, 2_000);
    const pids = readFileSync(file, 'utf8').trim().split(' ').map(Number);

    expect(answer).toEqual({ outcome: 'unmeasured', detail: 'no answer in 2000 ms' });
    expect(pids).toHaveLength(2);
    await until(() => pids.every((pid) => !isAlive(pid)));
  });

  it('that leaves something behind has measured all the same, and leaves nothing behind', async () => {
    const file = join(folder(), 'pid');
    const answer = await sh(`sleep 600 & echo $! > ${file}; echo done; exit 0`);

    expect(answer).toEqual({ outcome: 'passed', detail: 'exit 0: done' });
    await until(() => !isAlive(Number(readFileSync(file, 'utf8'))));
  });

  it('that is cancelled has not measured', async () => {
    const { cancel, abort } = cancelSource();
    const file = join(folder(), 'began');
    const gate = gateOf({ kind: 'command', command: ['sh', '-c', `: > ${file}; sleep 600`] });
    const asked = gauge.measure(gate, instances(), cancel);
    await until(() => existsSync(file));
    abort();

    expect(await asked).toEqual({ outcome: 'unmeasured', detail: 'interrupted' });
  });

  it('is run without a shell, in no folder of ours, with little around it', async () => {
    const script = join(folder(), 'script.mjs');
    writeFileSync(
      script,
      `const { PATH, ...rest } = process.env; console.log(JSON.stringify([process.argv.slice(2), process.cwd(), rest]));`,
    );
    const { detail } = await run([process.execPath, script, '$HOME; `id`', '']);

    expect(JSON.parse(detail.replace('exit 0: ', ''))).toEqual([
      ['$HOME; `id`', ''],
      '/',
      {
        HELIOSTAT_GATE: 'ok',
        HELIOSTAT_INSTANCES: '127.0.0.1:8080 127.0.0.1',
        HELIOSTAT_ENDPOINT: 'http://127.0.0.1:25000',
        HOME: '/home/nobody',
      },
    ]);
  });

  it('that prints without an end is read to its last line, and kept in little room', async () => {
    const answer = await sh('head -c 20000000 /dev/zero | tr "\\0" x; echo; echo end; exit 1');

    expect(answer).toEqual({ outcome: 'failed', detail: 'exit 1: end' });
  });

  it('whose last line was cut shows nothing of it, since half of a secret is not recognised', async () => {
    const answer = await sh('printf "hunter2-and-more"; head -c 4090 /dev/zero | tr "\\0" x; exit 1');

    expect(answer).toEqual({ outcome: 'failed', detail: 'exit 1' });
  });
});
