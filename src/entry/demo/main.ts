import { once } from 'node:events';
import { existsSync, mkdtempSync, realpathSync } from 'node:fs';
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
import { runningText } from './status.js';
import { Steps } from './steps.js';
import { summary, tellStory } from './story.js';
import { noRequests, tallyText } from './tally.js';
import { pause } from './waiting.js';

const program = fileURLToPath(new URL('./heliostat.js', import.meta.url));
const sample = fileURLToPath(new URL('../sample-repo', import.meta.url));

/** Without a terminal nobody can end it: that is its own duty, and to be quick about it. */
const storyWithinMs = 82_000;
const allWithinMs = 90_000;
const lateMs = 45_000;

const stopping = new AbortController();
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => stopping.abort());
// Whoever reads us may leave; what runs still has to be taken down.
process.stdout.on('error', () => stopping.abort());

process.exitCode = await demonstrate(stopping.signal);

async function demonstrate(signal: AbortSignal): Promise<number> {
  const screen = openScreen(process.stdout);
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'heliostat-demo-')));
  const memory: Memory = { load: null, url: '', upgrade: '', running: '', rollouts: 0, kills: 0, refused: 0 };
  let running: Heliostat | null = null;
  let clean = false;
  let code: number;
  const deadline = screen.isTerminal ? undefined : setTimeout(tooLong, storyWithinMs);
  try {
    const stage = await prepare(screen, folder, memory, signal);
    running = stage.heliostat;
    screen.live(() => liveLine(stage));
    screen.say('Heliostat keeps running services equal to a Git repository.');
    screen.say('Here it does so with real processes on this machine, for a minute.');
    await tellStory(stage);
    await close(stage);
    code = 0;
  } catch (error) {
    code = explain(error, screen, signal);
  } finally {
    clearTimeout(deadline);
    await memory.load?.stop();
    screen.live(null);
    clean = await tidy(screen, running, folder);
    if (clean && !signal.aborted) screen.say('\nNext, your own:  node dist/heliostat.js init my-services');
    screen.close();
  }
  return clean && (screen.isTerminal || isQuick(screen)) ? code : 1;
}

function tooLong(): void {
  stopping.abort(new BrokenPromise(`The story did not end within ${storyWithinMs / 1000} s`));
}

/** Counted from the start of this process. */
function isQuick(screen: Screen): boolean {
  const tookMs = performance.now();
  if (tookMs <= allWithinMs) return true;
  screen.say(`Broken: it took ${Math.round(tookMs / 1000)} s instead of ${allWithinMs / 1000} s at most`);
  return false;
}

async function tidy(screen: Screen, running: Heliostat | null, folder: string): Promise<boolean> {
  if (running !== null) screen.command('heliostat down --yes', '');
  await cleanUp(running, folder);
  const left = processesOf(folder);
  screen.say(left.length === 0 ? 'Nothing is left running.' : `Still running: process ${left.join(', ')}`);
  return left.length === 0;
}

async function prepare(screen: Screen, folder: string, memory: Memory, signal: AbortSignal): Promise<Stage> {
  if (!existsSync(program)) throw new BrokenPromise('dist/heliostat.js is missing: npm run build');
  const env = demoEnvironment(process.env);
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
    // On a slow machine nobody may be kept waiting for long pauses as well.
    read: (ms) => pause(!screen.isTerminal && performance.now() > lateMs ? ms / 4 : ms, signal),
  };
}

function liveLine({ memory, heliostat }: Stage): string {
  const status = heliostat.latest();
  // While nobody is in charge the last that was known stands.
  if (status !== null) memory.running = runningText(status, ['api', 'web']);
  const tally = tallyText(memory.load?.tally() ?? noRequests);
  return memory.running === '' ? tally : `${tally}   ${memory.running}`;
}

/** The last words; on a terminal the shop then stays open until Ctrl-C. */
async function close({ screen, memory, signal, repository }: Stage): Promise<void> {
  const seconds = Math.round(performance.now() / 1000);
  screen.title(`${seconds} s · ${summary(memory, memory.load?.tally() ?? noRequests)}`);
  if (!screen.isTerminal) return;
  screen.say(`\nThe shop stays open at ${memory.url} until Ctrl-C. Try it, in another terminal:`);
  screen.say(`  cd ${repository.folder}`);
  screen.say(`  sed -i 's/size: 3/size: 5/' solutions/shop.yaml && git commit -am "Five api"`);
  screen.say(`  node ${program} status --watch`);
  if (!signal.aborted) await once(signal, 'abort');
}

function explain(error: unknown, screen: Screen, signal: AbortSignal): number {
  screen.live(null);
  // Ctrl-C reaches git as well: that its call failed is then no news.
  const cause: unknown = signal.reason instanceof BrokenPromise ? signal.reason : error;
  if (cause === error && (error instanceof Interrupted || signal.aborted)) return 130;
  const bug = cause instanceof Error ? cause.stack : String(cause);
  screen.say(`\nBroken: ${cause instanceof BrokenPromise ? cause.message : bug}`);
  return 1;
}
