import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import { scriptOf } from '../../sim/workload/script.js';
import { printHashes, simulate, soak, type Place } from './command.js';
import { threads } from './crew.js';
import { readKept } from './kept.js';
import { optionsOf, usage, UsageError, type Options } from './options.js';
import { replay, showCase } from './replay.js';
import { revisionOf } from './revision.js';
import { openScreen } from './screen.js';
import { serve } from './worker.js';

/** A run takes a second at most; a suite may take long to find its cases. */
const patienceMs = 300_000;

// The workers run this same file.
if (isMainThread) process.exitCode = await main(process.argv.slice(2));
else if (parentPort !== null) serve(parentPort, workerData as SharedArrayBuffer);

async function main(args: readonly string[]): Promise<number> {
  let options: Options;
  try {
    options = optionsOf(args);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`${error.message}\n${usage}`);
    return 2;
  }
  if (options.help) {
    process.stdout.write(usage);
    return 0;
  }
  const say = (line: string): void => void process.stdout.write(`${line}\n`);
  if (options.replay !== null) return replay(readKept(options.replay).script, say);
  if (options.seed !== null) return replay(scriptOf(options.seed), say);
  const [suite] = options.only;
  if (options.case !== null && suite !== undefined)
    return showCase({ suite, scale: options.scale, index: options.case }, say);
  return withCrew(options);
}

async function withCrew(options: Options): Promise<number> {
  const program = new URL(import.meta.url);
  const stopping = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => stopping.abort());
  const place: Place = {
    crew: threads({ size: options.jobs, program, patienceMs }),
    screen: openScreen(process.stdout),
    revision: revisionOf(program),
    program,
    signal: stopping.signal,
  };
  try {
    if (options.command === 'soak') return await soak(options, place);
    return await (options.command === 'hashes' ? printHashes : simulate)(options, place);
  } finally {
    await place.crew.close();
  }
}
