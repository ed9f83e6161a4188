import { mkdtempSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { removeFolder } from '../real-git.js';
import { processesUnder } from '../scenario/census.js';
import { campaign } from './campaign.js';
import { added, totalKills, type Counts } from './counts.js';
import { readTally, tableOf, withRun, writeTally, type Tally } from './tally.js';

const help = `npm run kills -- [options]

Kills the daemon while commits come, people interfere and the gateway serves, until the tally holds so many kills.

  --kills N          of the whole tally (2000)
  --tally FILE       what earlier runs have done is added to (.tally/kills.json)
  --installations N  side by side (2)
  --seed N           of the first one (the time)
  --gateway          kills the gateway too; requests may then fail, and are counted apart
`;

const killsOfACampaign = 100;
const firstPort = 30_000;
const portsOfAnInstallation = 400;

interface Options {
  readonly programs: string;
  readonly revision: string;
  readonly kills: number;
  readonly tally: string;
  readonly installations: number;
  readonly seed: number;
  readonly killsGateway: boolean;
}

/** Campaigns side by side, one after the other, until there were enough. */
class Runner {
  private tally: Tally;
  /** What campaigns that are not over have done. */
  private readonly open = new Map<number, Counts>();
  private readonly folders = new Set<string>();
  private stopping = false;
  private nextSeed: number;

  constructor(private readonly options: Options) {
    this.tally = readTally(options.tally);
    this.nextSeed = options.seed;
  }

  stop(): void {
    this.stopping = true;
  }

  /** Without a word more: nothing goes on running, and what is under way is in no tally. */
  abandon(): void {
    for (const folder of this.folders) {
      let left = processesUnder(folder);
      // What is being started while we look is found by the next look.
      for (let quiet = 0; quiet < 3; left = processesUnder(folder)) {
        for (const pid of left) endNow(pid);
        quiet = left.length === 0 ? quiet + 1 : 0;
      }
      removeFolder(folder);
    }
  }

  async run(): Promise<boolean> {
    const known = this.tally.problems.length;
    const progress = setInterval(() => this.tell(), 10_000);
    const { installations } = this.options;
    await Promise.all(Array.from({ length: installations }, (_, i) => this.lane(i)));
    clearInterval(progress);
    process.stdout.write(`\n${tableOf(this.tally)}\n`);
    for (const problem of this.tally.problems.slice(known)) process.stdout.write(`\n${problem}\n`);
    return this.tally.problems.length === known;
  }

  private async lane(number: number): Promise<void> {
    // Not in one step: their first checks would wait for each other.
    await sleep(number * 500);
    while (!this.isEnough()) await this.campaign(number);
  }

  private async campaign(lane: number): Promise<void> {
    const seed = this.nextSeed++;
    const at = new Date().toISOString();
    const folder = realpathSync(mkdtempSync(join(tmpdir(), 'hk-')));
    this.folders.add(folder);
    const { counts, problems } = await campaign({
      folder,
      programs: this.options.programs,
      seed,
      ports: firstPort + lane * portsOfAnInstallation,
      killsGateway: this.options.killsGateway,
      more: (done) => {
        this.open.set(seed, done);
        return totalKills(done) < killsOfACampaign && !this.isEnough();
      },
    });
    this.open.delete(seed);
    this.folders.delete(folder);
    this.tally = withRun(this.tally, { at, revision: this.options.revision, seed }, counts, problems);
    writeTally(this.options.tally, this.tally);
    if (problems.length > 0) this.stopping = true;
  }

  private isEnough(): boolean {
    return this.stopping || totalKills(this.now()) >= this.options.kills;
  }

  private now(): Counts {
    return [...this.open.values()].reduce((sum, counts) => added(sum, counts), this.tally.counts);
  }

  private tell(): void {
    const now = this.now();
    const { kills } = now;
    const where = Object.entries(kills).map(([name, count]) => `${name} ${count}`);
    process.stdout.write(
      `${totalKills(now)} of ${this.options.kills} kills (${where.join(', ')}), ${now.checks} checks, ${this.tally.problems.length} violations\n`,
    );
  }
}

function endNow(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended meanwhile.
  }
}

function optionsOf(argv: readonly string[]): Options | null {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      kills: { type: 'string', default: '2000' },
      tally: { type: 'string', default: '.tally/kills.json' },
      installations: { type: 'string', default: '2' },
      seed: { type: 'string', default: String(Math.floor(Date.now() / 1000)) },
      gateway: { type: 'boolean', default: false },
      programs: { type: 'string', default: 'dist' },
      revision: { type: 'string', default: 'unknown' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return null;
  const whole = (name: 'kills' | 'installations' | 'seed'): number => {
    const number = Number(values[name]);
    if (!Number.isInteger(number) || number < 1) throw new Error(`--${name} ${values[name]} is no number`);
    return number;
  };
  return {
    programs: values.programs,
    revision: values.revision,
    kills: whole('kills'),
    tally: values.tally,
    installations: whole('installations'),
    seed: whole('seed'),
    killsGateway: values.gateway,
  };
}

export async function main(argv: readonly string[]): Promise<number> {
  const options = optionsOf(argv);
  if (options === null) {
    process.stdout.write(help);
    return 0;
  }
  const runner = new Runner(options);
  let asked = 0;
  const interrupted = (): void => {
    if (++asked > 1) {
      runner.abandon();
      process.exit(130);
    }
    process.stdout.write('Ending: what is under way is checked, taken down and added to the tally.\n');
    runner.stop();
  };
  process.on('SIGINT', interrupted);
  process.on('SIGTERM', interrupted);
  return (await runner.run()) ? 0 : 1;
}
