import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cleanUp } from './cleanup.js';
import { heliostat, type Heliostat } from './heliostat.js';
import { processesOf } from './leftovers.js';
import { BrokenPromise, Interrupted } from './promises.js';
import { createRepository, demoEnvironment } from './repository.js';
import { openScreen, type Screen } from './screen.js';
import type { Memory, Stage } from './stage.js';
import { Steps } from './steps.js';
import { summary, tellStory } from './story.js';
import { noRequests, tallyText } from './tally.js';
import { pause } from './waiting.js';

const program = fileURLToPath(new URL('./heliostat.js', import.meta.url));
const sample = fileURLToPath(new URL('../sample-repo', import.meta.url));

const stopping = new AbortController();
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => stopping.abort());
// Whoever reads us may leave; what runs still has to be taken down.
process.stdout.on('error', () => stopping.abort());

process.exitCode = await demonstrate(stopping.signal);

async function demonstrate(signal: AbortSignal): Promise<number> {
  const screen = openScreen(process.stdout);
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'heliostat-demo-')));
  const memory: Memory = { load: null, url: '', upgrade: '', rollouts: 0, kills: 0, refused: 0 };
  let running: Heliostat | null = null;
  let clean = false;
  let code: number;
  try {
    const stage = await prepare(screen, folder, memory, signal);
    running = stage.heliostat;
    screen.live(() => liveLine(memory));
    await tellStory(stage);
    await close(stage);
    code = 0;
  } catch (error) {
    code = explain(error, screen, signal);
  } finally {
    await memory.load?.stop();
    screen.live(null);
    clean = await tidy(screen, running, folder);
    screen.close();
  }
  return clean ? code : 1;
}

async function tidy(screen: Screen, running: Heliostat | null, folder: string): Promise<boolean> {
  screen.say('Taking everything down …');
  await cleanUp(running, folder);
  const left = processesOf(folder);
  screen.say(left.length === 0 ? 'Nothing is left running.' : `Still running: process ${left.join(', ')}`);
  return left.length === 0;
}

async function prepare(screen: Screen, folder: string, memory: Memory, signal: AbortSignal): Promise<Stage> {
  if (!existsSync(program)) throw new BrokenPromise('dist/heliostat.js is missing: npm run build');
  const temporary = join(folder, 'tmp');
  mkdirSync(temporary);
  // Within reach of the last rm, unless the names of sockets in it would become too long.
  const env = demoEnvironment(process.env, folder.length < 50 ? { TMPDIR: temporary } : {});
  const repository = await createRepository(sample, join(folder, 'shop'), env);
  const colours: NodeJS.ProcessEnv = screen.isTerminal ? { ...env, FORCE_COLOR: '1' } : env;
  return {
    screen,
    repository,
    heliostat: heliostat({
      program,
      folder: repository.folder,
      log: join(folder, 'heliostat.log'),
      env: colours,
    }),
    steps: new Steps(),
    signal,
    memory,
    read: (ms) => (screen.isTerminal ? pause(ms, signal) : Promise.resolve()),
  };
}

function liveLine({ load }: Memory): string {
  return tallyText(load?.tally() ?? noRequests);
}

/** The last words; on a terminal the shop then stays open until Ctrl-C. */
async function close({ screen, memory, signal, repository }: Stage): Promise<void> {
  screen.title(summary(memory, memory.load?.tally() ?? noRequests));
  if (!screen.isTerminal) {
    screen.say('Your own, next:  node dist/heliostat.js init my-shop');
    return;
  }
  screen.say(`The shop stays open at ${memory.url} until Ctrl-C. Next, in another terminal:`);
  screen.say(`  cd ${repository.folder} && node ${program} status --watch`);
  if (!signal.aborted) await once(signal, 'abort');
}

function explain(error: unknown, screen: Screen, signal: AbortSignal): number {
  screen.live(null);
  // Ctrl-C reaches git as well: that its call failed is then no news.
  if (error instanceof Interrupted || signal.aborted) return 130;
  const bug = error instanceof Error ? error.stack : String(error);
  screen.say(`\nBroken: ${error instanceof BrokenPromise ? error.message : bug}`);
  return 1;
}
