import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive, watchCensus, type Watch } from '../scenario/census.js';
import { elementDocument, noteOf } from '../scenario/memory.js';
import { Random } from '../small-world/random.js';
import { differences, growth, Ledger, wrongPorts } from './checks.js';
import { Hands } from './hands.js';
import { commandOf, Installation } from './installation.js';
import { changed, filesOf, firstShape, type ChangeKind, type Shape } from './shape.js';
import { emptyCounts, totalKills, type Counts, type Position } from './counts.js';
import { listeningPorts, openPorts } from './sockets.js';
import { git } from '../real-git.js';
import { Traffic } from './traffic.js';

export interface CampaignOptions {
  /** An empty folder of its own. */
  readonly folder: string;
  /** Where the built programs lie. */
  readonly programs: string;
  readonly seed: number;
  /** First of 400 ports that nobody else uses. */
  readonly ports: number;
  /** Also kill the gateway now and then: requests may fail while it is away, and are counted apart. */
  readonly killsGateway: boolean;
  /** Asked before each kill: whether there is to be another. */
  more(counts: Counts): boolean;
}

export interface CampaignResult {
  readonly counts: Counts;
  /** What must not have happened, each with the kill after which it was seen. Empty: everything held. */
  readonly problems: readonly string[];
}

const killsBetweenChecks = 10;
const convergesWithinMs = 60_000;

/** Kills the daemon again and again while everything goes on, and looks whether anything was lost. */
export async function campaign(options: CampaignOptions): Promise<CampaignResult> {
  const run = new Campaign(options);
  try {
    await run.begin();
    while (options.more(run.counts) && run.problems.length === 0) await run.cycle();
    if (run.problems.length === 0) await run.takeDown();
  } catch (error) {
    run.report((error as Error).stack ?? String(error));
  } finally {
    await run.end();
  }
  return { counts: run.counts, problems: run.problems };
}

class Campaign {
  readonly counts = emptyCounts();
  readonly problems: string[] = [];
  private readonly begunAt = Date.now();
  private readonly random: Random;
  private readonly at: Installation;
  private readonly ledger = new Ledger();
  /** Shape of each commit of the branch, oldest first. */
  private readonly shapes: Shape[] = [firstShape];
  private tip = '';
  private statusTip: string | null = null;
  private traffic: Traffic | null = null;
  private census: Watch | null = null;
  private readonly hands: Hands;
  /** Something was changed or broken since everything was as it should be. */
  private disturbed: 'no' | 'by hand' | 'by commit' = 'no';
  private urls: readonly string[] = [];
  private startedAt = 0;
  /** How long the last boot took that was not cut short. */
  private bootMs = 300;

  constructor(private readonly options: CampaignOptions) {
    this.random = new Random(options.seed);
    this.at = new Installation(options.folder, options.programs, options.ports);
    this.hands = new Hands(this.at, this.random, this.counts);
  }

  private get shape(): Shape {
    return this.shapes.at(-1) as Shape;
  }

  async begin(): Promise<void> {
    this.tip = this.at.firstCommit(filesOf(this.shape));
    this.ledger.add(this.tip, true);
    this.start();
    await this.settle();
    this.urls = ['shop/web', 'shop/api'].map((key) => {
      const endpoint = elementDocument(this.at.repository, 'test', key)?.endpoint;
      if (!endpoint) throw new Error(`${key} has no endpoint`);
      return endpoint;
    });
    this.census = watchCensus(this.at.home, 50);
    this.traffic = new Traffic(() => this.urls, 4, 25);
    this.check();
  }

  /** From one check to the next. */
  async cycle(): Promise<void> {
    const { options, random } = this;
    const restKills = random.between(0, 2);
    for (let i = 0; i < killsBetweenChecks && options.more(this.counts); i++) {
      if (i >= restKills) await this.disturb();
      await this.wait(i < restKills);
      await this.kill();
    }
    await this.settle();
    this.check();
  }

  /** A third of the kills falls into a boot, however long that takes here; the others behind it. */
  private async wait(atRest: boolean): Promise<void> {
    const { random } = this;
    if (!atRest && random.chance(0.35)) return sleep(random.next() * this.bootMs);
    while (!this.at.isReady && this.at.isDaemonAlive) await sleep(10);
    this.bootMs = Math.min(2_000, Date.now() - this.startedAt);
    await sleep(atRest ? random.between(0, 200) : random.between(0, 600));
  }

  private async disturb(): Promise<void> {
    const { random } = this;
    const isQuiet = this.disturbed === 'no';
    if (random.chance(isQuiet ? 0.7 : 0.45)) this.change();
    if (random.chance(isQuiet ? 0.4 : 0.2) && this.hands.strike()) this.disturbedByHand();
    if (random.chance(0.12) && this.hands.edit()) this.disturbedByHand();
    if (random.chance(0.08)) {
      this.change();
      await this.hands.killReader(2 * this.bootMs);
    }
    if (!this.options.killsGateway || !random.chance(0.06)) return;
    this.traffic?.gatewayIsAway();
    this.hands.killGateway();
  }

  private disturbedByHand(): void {
    if (this.disturbed === 'no') this.disturbed = 'by hand';
  }

  private change(): void {
    const { random, counts } = this;
    const kind = this.kindOfChange();
    if (kind === 'revert') {
      this.shapes.push(this.shapes.at(-2) as Shape);
      this.tip = this.at.revertHead();
    } else {
      const next = changed(this.shape, kind, random);
      this.shapes.push(next);
      this.tip = this.at.commit(filesOf(next), `Change: ${kind}`);
    }
    this.ledger.add(this.tip, this.shape.missing === null);
    counts.commits[kind]++;
    this.disturbed = 'by commit';
    this.hands.note(this.shape);
  }

  private kindOfChange(): ChangeKind {
    const kinds: ChangeKind[] = [
      'version',
      'version',
      'line',
      'scale',
      'scale',
      'configuration',
      'element',
      'file',
    ];
    // A mistake that comes back by a revert was known before, and is no reason to reject.
    if (this.shapes.at(-2)?.missing === null) kinds.push('revert', 'revert');
    if (this.shape.missing === null) kinds.push('invalid');
    return this.random.pick(kinds);
  }

  private async kill(): Promise<void> {
    const { at, counts } = this;
    const { daemon } = at;
    if (daemon === null || !isAlive(daemon.pid)) {
      this.report(`the daemon has ended by itself:\n${daemon?.said().slice(-2_000) ?? ''}`);
      return;
    }
    const wasReady = at.isReady;
    await daemon.end('SIGKILL');
    counts.kills[wasReady ? this.positionNow() : 'boot']++;
    this.start();
  }

  private start(): void {
    this.startedAt = Date.now();
    this.at.start();
  }

  private positionNow(): Position {
    if (this.disturbed === 'no') return 'rest';
    if (this.disturbed === 'by hand') return 'repair';
    const said = noteOf(this.at.repository, 'test', this.tip) ?? '';
    return /^(applied|rejected)/.test(said) ? 'rest' : 'rollout';
  }

  /** Undisturbed, everything becomes as the tip of the branch says. */
  private async settle(): Promise<void> {
    if (this.shape.missing !== null) this.change();
    const giveUpAt = Date.now() + convergesWithinMs;
    let wrong: string[] = ['nothing was looked at'];
    while (wrong.length > 0 && this.problems.length === 0) {
      await sleep(40);
      if (!this.at.isDaemonAlive)
        return this.report(`the daemon has ended:\n${this.at.daemon?.said().slice(-2_000)}`);
      wrong = differences(this.at, this.shape, this.tip);
      if (wrong.length === 0) wrong = await wrongPorts(this.at);
      if (wrong.length > 0 && Date.now() > giveUpAt)
        return this.report(`not in ${convergesWithinMs / 1000} s: ${wrong.join('; ')}`);
    }
    await this.traffic?.isServed(giveUpAt);
  }

  private check(): void {
    const { at, counts, traffic } = this;
    for (const wrong of this.ledger.wrong(at.repository)) this.report(wrong);
    const grown = growth(at.repository, this.statusTip);
    if ('wrong' in grown) this.report(grown.wrong);
    else this.statusTip = grown.tip;
    for (const owner of this.census?.twice ?? []) this.report(`${owner} ran twice`);
    for (const { what, begunAt } of traffic?.failures() ?? [])
      this.report(`a request failed at ${new Date(begunAt).toISOString()}: ${what}`);
    this.count();
    counts.checks++;
    this.disturbed = 'no';
    this.hands.allIsWell(this.shape);
  }

  /** Everything goes, and then nothing of it is left: no process, no port, no torn object. */
  async takeDown(): Promise<void> {
    const { at } = this;
    await this.traffic?.stop();
    const used = at.instances().flatMap(({ pid }) => listeningPorts(pid));
    const down = await at.call('down', '--yes', '--reason', 'the campaign is over');
    if (down.code !== 0) this.report(`down: ${down.stdout}${down.stderr}`);
    await at.daemon?.end('SIGTERM');
    const { instances, gateways, readers, helpers, others } = at.processes();
    const left = [...instances.map(({ pid }) => pid), ...gateways, ...readers, ...helpers, ...others];
    for (const pid of left) this.report(`left running: ${commandOf(pid).join(' ')} (pid ${pid})`);
    const open = openPorts();
    for (const port of used) if (open.has(port)) this.report(`port ${port} is still open`);
    try {
      git(at.repository, 'fsck', '--no-dangling', '--no-progress');
    } catch (error) {
      this.report(`the repository is broken: ${(error as Error).message}`);
    }
  }

  async end(): Promise<void> {
    this.census?.stop();
    await this.traffic?.stop();
    this.count();
    await this.at.end(this.problems.length > 0);
  }

  report(problem: string): void {
    this.problems.push(`after kill ${totalKills(this.counts)} of seed ${this.options.seed}: ${problem}`);
  }

  private count(): void {
    const { counts, traffic, census } = this;
    counts.requests = traffic?.answered ?? 0;
    counts.requestsWithoutGateway = traffic?.excused().length ?? 0;
    counts.censuses = census?.looks() ?? 0;
    counts.milliseconds = Date.now() - this.begunAt;
  }
}
