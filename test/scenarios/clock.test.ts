import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { gitEnvironment } from '../support/git.js';
import { exposedPort, gitIn, pidsById, stage, until, verdict, type Stage } from '../support/heliostat.js';
import { describeNeeding } from '../support/needs.js';
import { ready, startDaemon, type Daemon } from '../support/programs.js';
import { startLoad } from '../support/scenario/load.js';
import { journalLines, type JournalLine } from '../support/scenario/journal.js';
import { statusBranch } from '../support/scenario/memory.js';
import { app, smallModel, web } from '../support/scenario/model.js';

const deadlineMs = 3_000;
const hour = 3_600;

describeNeeding('faketime')('a clock that is set', () => {
  test('forward and back lets no deadline fire early or never, starts nothing anew, and leaves all in its order', async () => {
    const s = await stage({
      ...smallModel({ healthyDeadline: `${deadlineMs}ms` }),
      ...app('web', '1.2.0', { health: 'bad' }),
      ...web('1.0.0', 2),
    });
    const first = s.tip();
    setClock(s, 0);
    const daemon = await run(s);
    await verdict(s, first, 'applied');
    const load = startLoad(exposedPort(s), { clients: 4, pauseMs: 25 });
    const before = pidsById(s.instances());

    // It never turns well: its deadline is what is looked at.
    const sick = s.commit(web('1.2.0', 2));
    await until('it was started', () => activeAt(s, '1.2.0') !== null);
    setClock(s, 5 * hour);
    await until('something is seen at the new time', () => wallSpan(s) > 4 * hour * 1000);
    setClock(s, -7 * hour);
    await until('the rollout pauses', () => entries(s, 'rollout.phase').length > 0);
    const started = activeAt(s, '1.2.0') ?? 0;
    const paused = entries(s, 'rollout.phase')[0];
    expect(paused?.entry).toMatchObject({ phase: 'paused' });
    expect((paused?.at ?? 0) - started, 'not before its time').toBeGreaterThanOrEqual(deadlineMs);
    for (const [id, pid] of Object.entries(before)) expect(pidsById(s.instances())[id], id).toBe(pid);

    const back = s.commit(web('1.0.0', 2));
    await verdict(s, back, 'applied');
    await daemon.end('SIGKILL');
    setClock(s, -30 * hour);
    await run(s);
    const last = s.commit(web('1.1.0', 2));
    await verdict(s, last, 'applied');
    await load.stop();
    expect(load.failures).toEqual([]);
    expectOrder(s, [first, sick, back, last]);
  }, 90_000);
});

/** Verdicts come in the order of the commits, engine time never runs back, and the status branch is a line. */
function expectOrder(s: Stage, revisions: readonly string[]): void {
  const lines = linesOf(s);
  for (const [i, { at }] of lines.entries()) expect(at).toBeGreaterThanOrEqual(lines[i - 1]?.at ?? 0);
  const given = entries(s, 'verdict.given').map(({ entry }) => entry['revision']);
  expect([...new Set(given)]).toEqual(revisions);
  expect(gitIn(s, 'rev-list', '--min-parents=2', statusBranch)).toBe('');
  const wall = lines.map(({ wallMs }) => wallMs);
  expect(Math.max(...wall) - Math.min(...wall), 'the clock was set').toBeGreaterThan(30 * hour * 1000);
}

function linesOf(s: Stage): JournalLine[] {
  return journalLines(join(s.repository, '.heliostat/state/test/journal'));
}

function entries(s: Stage, kind: string): JournalLine[] {
  return linesOf(s).filter(({ entry }) => entry.kind === kind);
}

/** When the first instance of this version became active, by engine time; null: not yet. */
function activeAt(s: Stage, version: string): number | null {
  const lines = linesOf(s).filter(({ entry }) => String(entry['instance']).includes(`/${version}~`));
  const begun = lines.findIndex(({ entry }) => entry['transition'] === 'start');
  const ended = lines.slice(begun).find(({ entry }) => entry.kind === 'operation.ended');
  return begun < 0 ? null : (ended?.at ?? null);
}

function wallSpan(s: Stage): number {
  const wall = linesOf(s).map(({ wallMs }) => wallMs);
  return Math.max(...wall) - Math.min(...wall);
}

/** Seconds from the true time. */
function setClock(s: Stage, seconds: number): void {
  writeFileSync(join(s.folder, 'clock'), `${seconds < 0 ? '' : '+'}${seconds}\n`);
}

/** A daemon whose wall clock is set by a file; its monotonic one is the machine's. */
function run(s: Stage): Promise<Daemon> {
  const env = {
    ...gitEnvironment(),
    TMPDIR: join(s.folder, 't'),
    HOME: s.folder,
    NO_COLOR: '1',
    LD_PRELOAD: library(),
    FAKETIME_TIMESTAMP_FILE: join(s.folder, 'clock'),
    FAKETIME_NO_CACHE: '1',
    DONT_FAKE_MONOTONIC: '1',
  };
  return ready(startDaemon({ program: s.program, folder: s.folder, env, where: s.repository, args: [] }));
}

/** Where Debian puts it, by the name of the machine. */
function library(): string {
  const folders = readdirSync('/usr/lib').map((name) => `/usr/lib/${name}/faketime`);
  const folder = folders.find((path) => existsSync(path));
  if (folder === undefined) throw new Error('faketime has no library below /usr/lib');
  return join(folder, 'libfaketime.so.1');
}
