import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { countOf, freshSeeds, rangesText } from '../../sim/ranges.js';
import { suites } from '../../sim/suites/all.js';
import { merged, violationsOf, type Tally } from '../../sim/tally.js';
import { shortcomings } from '../../sim/verdict.js';
import type { Crew } from './crew.js';
import { brief, keepFailures } from './kept.js';
import type { SeedHash } from './messages.js';
import type { Options } from './options.js';
import { carryOut, type Onlooker, type Order, type Outcome } from './programme.js';
import type { Screen } from './screen.js';
import { readTally, withSeeds, writeTally } from './soak.js';
import { count, tableOf, type TableFacts } from './table.js';

/** What the commands are given. */
export interface Place {
  readonly crew: Crew;
  readonly screen: Screen;
  readonly revision: string;
  readonly program: URL;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
}

/** The programme. Gives the exit code. */
export async function simulate(options: Options, place: Place): Promise<number> {
  const { crew, screen, revision } = place;
  const first = options.first ?? firstOfDay(Date.now());
  const order = orderOf(options, first);
  const seeds = `${first} to ${first + order.seeds.length - 1}`;
  screen.say(`${revision}, Node ${process.versions.node}, ${crew.size} threads; seeds ${seeds}`);
  const since = performance.now();
  const outcome = await carryOut(crew, order, onlookerOf(options, place, since));
  const unlike = options.node === null ? [] : otherNode(options.node, order, outcome, place);
  const lacking = [
    ...shortcomings(outcome.tally, outcome.demands),
    ...outcome.left.map((part) => `${part} was not done to its end`),
    ...unlike,
  ];
  const facts: TableFacts = {
    tally: outcome.tally,
    seconds: secondsOf(outcome),
    allSeconds: (performance.now() - since) / 1000,
    cores: crew.size,
    seeds: order.regressions ? `${seeds}, and what once failed` : seeds,
    revision,
    runAgain: outcome.runAgain,
  };
  return conclude(options, place, { facts, lacking, outcome });
}

/** Goes on where the tally ends. */
export async function soak(options: Options, place: Place): Promise<number> {
  const { crew, screen, revision, signal } = place;
  let soaked = readTally(options.tally);
  const seeds = freshSeeds(soaked.ranges, options.first ?? 1, options.seeds);
  screen.say(`${revision}, Node ${process.versions.node}, ${crew.size} threads`);
  screen.say(`${count(countOf(soaked.ranges))} seeds are in ${options.tally}; ${count(seeds.length)} more`);
  const since = performance.now();
  const onlooker = onlookerOf(options, place, since);
  const chunk = 100 * crew.size;
  for (let at = 0; at < seeds.length && !onlooker.isOver(); at += chunk) {
    const before = soaked;
    const order: Order = { ...nothing, scale: options.scale, seeds: seeds.slice(at, at + chunk) };
    const { tally, hashes, seconds } = await carryOut(crew, order, {
      isOver: () => onlooker.isOver(),
      progress: (part, now) => onlooker.progress(part, merged(before.tally, now)),
    });
    soaked = {
      ...before,
      ranges: withSeeds(before.ranges, hashes.keys()),
      tally: merged(before.tally, tally),
      seconds: before.seconds + (seconds['seeds'] ?? 0),
      revisions: [...before.revisions.filter((known) => known !== revision), revision],
    };
    writeTally(options.tally, soaked);
  }
  screen.clear();
  const facts = { cores: crew.size, seeds: rangesText(soaked.ranges), revision, runAgain: 0 };
  const { tally } = soaked;
  for (const line of tableOf({ ...facts, tally, seconds: soaked.seconds, allSeconds: soaked.seconds }))
    screen.say(line);
  tellFound(tally, screen);
  if (signal.aborted) screen.say('stopped; the same command goes on');
  return violationsOf(tally) === 0 ? 0 : 1;
}

const nothing: Order = { seeds: [], again: 0, scale: 'ci', suites: [], regressions: false };

function orderOf(options: Options, first: number): Order {
  const isAsked = (name: string): boolean => options.only.length === 0 || options.only.includes(name);
  const withSeeds = isAsked('seeds');
  return {
    seeds: withSeeds ? freshSeeds([], first, options.seeds) : [],
    again: options.again,
    scale: options.scale,
    suites: suites.filter(({ name }) => isAsked(name)),
    regressions: withSeeds,
  };
}

/** Other seeds each day, and the same all day long. */
function firstOfDay(nowMs: number): number {
  return 1_000_000_000 + (Math.floor(nowMs / 86_400_000) - 20_000) * 100_000;
}

function onlookerOf({ limitMs }: Options, { screen, signal }: Place, since: number): Onlooker {
  return {
    isOver: () => signal.aborted || performance.now() - since > limitMs,
    progress(part, tally) {
      const seconds = (performance.now() - since) / 1000;
      const cases = Object.values(tally.suites).reduce((sum, suite) => sum + suite.cases, 0);
      const parts = [
        part,
        `${count(tally.runs)} runs`,
        `${count(tally.steps)} steps`,
        ...(cases === 0 ? [] : [`${count(cases)} cases`]),
        `${count(violationsOf(tally))} violations`,
        `${seconds.toFixed(0)} s`,
      ];
      screen.progress(parts.join(' · '));
    },
  };
}

/** Runs the seeds that were run twice with another Node, too. Gives what differs, in words. */
function otherNode(node: string, { seeds, again }: Order, { hashes }: Outcome, place: Place): string[] {
  const chosen = seeds.slice(0, again).filter((seed) => hashes.has(seed));
  const [first] = chosen;
  if (first === undefined) return [];
  const options = ['--first', `${first}`, '--seeds', `${chosen.length}`, '--jobs', `${place.crew.size}`];
  const args = [fileURLToPath(place.program), 'hashes', ...options];
  const out = execFileSync(node, args, { encoding: 'utf8', maxBuffer: 1 << 28 });
  const others = new Map(JSON.parse(out) as SeedHash[]);
  const unlike = chosen.filter((seed) => others.get(seed) !== hashes.get(seed));
  place.screen.say(
    `${count(chosen.length - unlike.length)} of ${count(chosen.length)} seeds are the same on ${node}`,
  );
  return unlike.map((seed) => `seed ${seed} differs on ${node}: ${hashes.get(seed)}, ${others.get(seed)}`);
}

/** The hash of each trace, as JSON, for comparing machines and versions of Node. */
export async function printHashes(options: Options, { crew }: Place): Promise<number> {
  const order = { ...nothing, seeds: freshSeeds([], options.first ?? 1, options.seeds) };
  const { hashes } = await carryOut(crew, order, { isOver: () => false, progress: () => undefined });
  process.stdout.write(`${JSON.stringify([...hashes].sort(([a], [b]) => a - b))}\n`);
  return 0;
}

function secondsOf({ seconds }: Outcome): number {
  return (seconds['seeds'] ?? 0) + (seconds['once failed'] ?? 0);
}

interface Conclusion {
  readonly facts: TableFacts;
  readonly lacking: readonly string[];
  readonly outcome: Outcome;
}

async function conclude(
  options: Options,
  place: Place,
  { facts, lacking, outcome }: Conclusion,
): Promise<number> {
  const { screen, crew, revision } = place;
  screen.clear();
  for (const line of tableOf(facts)) screen.say(line);
  if (options.json !== null) writeFileSync(options.json, jsonOf(facts, lacking));
  const { tally } = outcome;
  tellFound(tally, screen);
  if (!place.signal.aborted)
    for (const line of await keepFailures(crew, outcome.failed, revision)) screen.say(line);
  for (const line of lacking) screen.say(`FAILED: ${line}`);
  if (lacking.length === 0) screen.say('All of it holds.');
  return lacking.length === 0 ? 0 : 1;
}

function tellFound({ found }: Tally, screen: Screen): void {
  const shown = 20;
  for (const { name, step, message, shownBy } of found.slice(0, shown)) {
    screen.say(`${name}${step === null ? '' : `, step ${step}`}: ${brief(message)}`);
    if (shownBy !== null) screen.say(`  shown by: npm run sim -- ${shownBy}`);
  }
  if (found.length > shown) screen.say(`… and ${found.length - shown} more`);
}

function jsonOf(facts: TableFacts, lacking: readonly string[]): string {
  return `${JSON.stringify({ ...facts, node: process.versions.node, lacking }, null, 1)}\n`;
}
