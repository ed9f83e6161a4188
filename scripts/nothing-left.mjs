// A run of the tests that leaves a process behind has failed, whatever its tests say.
import { readFileSync, readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const MARK = 'HELIOSTAT_TEST_RUN';
/** Workers end together with the run: what they started may need a moment to follow. */
const WITHIN_MS = 10_000;
const OURS = /\/heliostat-tests\/|\/dist\/[a-z]+\.js/;

export function setup() {
  // Everything that a test starts inherits it.
  process.env[MARK] = `${process.pid}-${Date.now()}`;
}

export async function teardown() {
  const giveUpAt = Date.now() + WITHIN_MS;
  while (leftBehind().length > 0 && Date.now() < giveUpAt) await sleep(100);
  const left = leftBehind();
  for (const { pid } of left) process.kill(pid, 'SIGKILL');
  if (left.length === 0) return;
  const list = left.map(({ pid, command, folder }) => `  ${pid} ${command} (TMPDIR ${folder})`).join('\n');
  console.error(`The tests have left ${left.length} processes running, which were killed now:\n${list}`);
  // An error that is thrown here is told, and leaves the exit code as it was.
  process.exitCode = 1;
}

function leftBehind() {
  return readdirSync('/proc')
    .filter((name) => /^[0-9]+$/.test(name))
    .flatMap((pid) => {
      const environment = fields(pid, 'environ');
      const command = fields(pid, 'cmdline').join(' ');
      if (!environment.includes(`${MARK}=${process.env[MARK]}`) || !OURS.test(command)) return [];
      const folder = environment.find((each) => each.startsWith('TMPDIR='))?.slice('TMPDIR='.length);
      return [{ pid: Number(pid), command, folder: folder ?? 'unknown' }];
    });
}

function fields(pid, file) {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'latin1').split('\0');
  } catch {
    return [];
  }
}
