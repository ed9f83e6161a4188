// A lock between processes of one machine: a file that names its holder. A holder that died is found out by
// its process id *and* start time, because process ids are used again.
import { linkSync, readFileSync, rmSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';

const FOREIGN_HOST_STALE_MS = 15 * 60_000;
const TAKEOVER_STALE_MS = 5_000;
const POLL_MS = 50;

/**
 * Runs `work` while holding the lock at `path`; waits as long as a living process holds it.
 * @param {string} path
 * @param {() => T | Promise<T>} work
 * @param {(holder: { pid: number }) => void} [onWait] called once, if there is anything to wait for
 * @returns {Promise<T>}
 * @template T
 */
export async function withLock(path, work, onWait = () => {}) {
  const mine = JSON.stringify({ pid: process.pid, started: startOf(process.pid), host: hostname() });
  let told = false;
  while (!claim(path, mine)) {
    const text = readIfThere(path);
    if (text === undefined) continue;
    if (isStale(path, text)) {
      takeOver(path, text);
      continue;
    }
    if (!told) onWait(JSON.parse(text));
    told = true;
    await sleep(POLL_MS);
  }
  try {
    return await work();
  } finally {
    if (readIfThere(path) === mine) rmSync(path, { force: true });
  }
}

/** A link appears with its whole content or not at all: no reader ever sees an empty lock. */
function claim(path, content) {
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, content);
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  } finally {
    unlinkSync(draft);
  }
}

function isStale(path, text) {
  const holder = parse(text);
  if (holder === undefined) return true;
  if (holder.host !== hostname()) return ageMs(path) > FOREIGN_HOST_STALE_MS;
  return !isAlive(holder.pid, holder.started);
}

/**
 * Removes a dead holder's lock. Two waiters may both see it dead, and the slower one must not remove the lock
 * that the faster one has taken since: so removal is itself exclusive, and looks again.
 */
function takeOver(path, staleText) {
  const removal = `${path}.takeover`;
  try {
    writeFileSync(removal, String(process.pid), { flag: 'wx' });
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    if (ageMs(removal) > TAKEOVER_STALE_MS) rmSync(removal, { force: true });
    return;
  }
  try {
    if (readIfThere(path) === staleText) rmSync(path, { force: true });
  } finally {
    rmSync(removal, { force: true });
  }
}

function isAlive(pid, started) {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
  const now = startOf(pid);
  return now === started && now !== 'zombie';
}

/** The start time of a process in clock ticks since boot; empty where there is no /proc. */
function startOf(pid) {
  const stat = readIfThere(`/proc/${pid}/stat`);
  if (stat === undefined) return '';
  // The second field is the program's name in brackets and may itself contain blanks and brackets.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields[0] === 'Z' ? 'zombie' : fields[19];
}

function parse(text) {
  try {
    const holder = JSON.parse(text);
    return Number.isInteger(holder.pid) ? holder : undefined;
  } catch {
    return undefined;
  }
}

function readIfThere(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT' || error.code === 'ESRCH') return undefined;
    throw error;
  }
}

function ageMs(path) {
  try {
    return Date.now() - statSync(path).mtimeMs;
  } catch {
    return 0;
  }
}
