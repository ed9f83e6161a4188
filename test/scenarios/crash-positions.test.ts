import { cpSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { spawn } from 'node:child_process';
import { expect } from 'vitest';
import { testInWholeRun } from '../support/needs.js';
import { bundleEntry } from '../support/bundle.js';
import { gitEnvironment } from '../support/git.js';
import { exposedPort, pidsById, stage, verdict, type Stage } from '../support/heliostat.js';
import { loseState } from '../support/lost-state.js';
import { isPush, positions, type CrashPosition, type Work } from '../support/positions/position.js';
import { showed } from '../support/promises.js';
import { watchCensus } from '../support/scenario/census.js';
import { startLoad } from '../support/scenario/load.js';
import { smallModel, web } from '../support/scenario/model.js';

const all = process.env['HELIOSTAT_REQUIRE_ALL'] === '1';

/** At what it dies there: each at one kind of work, or with all at two. */
function worksAt(position: CrashPosition): readonly Work[] {
  const works: readonly Work[] = isPush(position) ? ['status', 'claim'] : ['start', 'stop'];
  return all ? works : works.slice(0, 1);
}

const cases = positions.flatMap((position) => worksAt(position).map((work) => [position, work] as const));
const size = 1;

testInWholeRun(
  'a controller that dies at any of the eight positions, and whose state folder is then lost, is followed by one that adopts what runs: nothing is doubled, nothing is started anew, the rollout ends',
  async (context) => {
    const s = await stage({ ...smallModel(), ...web('1.0.0', size) });
    const program = await deadlyProgram(s);
    let daemon = await s.run();
    await verdict(s, s.tip(), 'applied');
    const load = startLoad(exposedPort(s), { clients: 4, pauseMs: 25 });
    const census = watchCensus(s.home);

    for (const [round, [position, work]] of cases.entries()) {
      await daemon.end('SIGKILL');
      const version = round % 2 === 0 ? '1.1.0' : '1.0.0';
      const revision = s.commit(web(version, size));
      expect(await crash(s, program, position, work), `${position}, ${work}: it got there`).toBe('SIGKILL');
      const atCrash = pidsById(s.instances());
      loseState(s);

      daemon = await s.run();
      await verdict(s, revision, 'applied');
      const now = pidsById(s.instances());
      const names = Object.keys(now).map((id) => id.replace(/~[0-9a-f]+/, ''));
      const wanted = Array.from({ length: size }, (_, i) => `test/shop/web/${version}/${i}`);
      expect(names, `${position}, ${work}`).toEqual(wanted);
      for (const [id, pid] of Object.entries(atCrash))
        if (id in now) expect(now[id], `${position}, ${work}: ${id} was adopted`).toBe(pid);
    }
    await load.stop();
    census.stop();
    expect([...census.twice]).toEqual([]);
    expect(load.failures).toEqual([]);
    showed(context, { crashesSurvived: cases.length });
  },
  240_000,
);

/** Beside copies of the programs that it starts. */
async function deadlyProgram(s: Stage): Promise<string> {
  const folder = join(s.folder, 'programs');
  cpSync(dirname(s.program), folder, { recursive: true });
  const program = join(folder, 'crashing.js');
  cpSync(await bundleEntry('test/support/positions/main.ts'), program);
  return program;
}

/** @returns the signal that ended it. */
function crash(s: Stage, program: string, position: CrashPosition, work: Work): Promise<string> {
  const child = spawn(process.execPath, [program, position, work], {
    cwd: s.repository,
    env: { ...gitEnvironment(), TMPDIR: join(s.folder, 't'), HOME: s.folder },
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: 20_000,
    killSignal: 'SIGTERM',
  });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  return new Promise((resolve) =>
    child.on('close', (code, signal) => resolve(signal ?? `${code}: ${errors}`)),
  );
}
