import type { ElementKey, InstanceId } from '../core/base/names.js';
import type { Item } from '../core/journal/entry.js';
import { inDomain } from '../core/journal/entry.js';
import { safe } from '../core/base/safe-text.js';
import { encodeState } from '../core/journal/fold.js';
import type { Core } from './core.js';
import { Executor } from './execute.js';
import { Observer } from './observe.js';
import type { Claimed } from './status-branch.js';
import { statusRef } from './status-branch.js';
import type { Away } from '../ports/repository.js';
import { Recorder } from './recorder.js';
import type { EngineEvent } from './inbox.js';
import { openReverts } from '../core/rollout/revert.js';
import { ForgeReporter } from './forge/reporter.js';
import { Gates } from './gates.js';
import { LooseListeners } from './loose-listeners.js';
import { isAtRest } from './rest.js';
import { StatusWriter } from './status-writer.js';
import type { StopCause, Stopped } from './stopped.js';
import type { Judged } from './judged.js';
import { Orphans } from './orphans.js';
import { Pauses } from './pauses.js';
import { Reverter } from './reverter.js';
import { TipWatcher } from './tip.js';
import { WrittenRequests } from './written-requests.js';

const snapshotBytes = 8 * 1024 * 1024;
/** A repository that could not be read is looked at again after this. In milliseconds. */
const lookAgainMs = 5_000;

/** One running controller of one domain: its parts, and how it starts and stops. */
export class Engine {
  readonly executor: Executor;
  readonly recorder: Recorder;
  readonly observer: Observer;
  readonly status: StatusWriter;
  readonly tips: TipWatcher;
  readonly orphans: Orphans;
  readonly listeners: LooseListeners;
  readonly reverter: Reverter;
  readonly gates: Gates;
  readonly pauses: Pauses;
  readonly requests: WrittenRequests;
  /** Null: there is no forge. */
  readonly reporter: ForgeReporter | null;
  /** Why it had to stop; null while it runs, or if it was asked to. */
  stopped: Stopped | null = null;
  isStopped = false;
  /** By the clock's monotonic time, in milliseconds: the loop came round for the last time. */
  turnedAt = 0;
  /** The tip was looked at since the start. */
  hasLooked = false;
  lastLook: Judged | null = null;
  /** The tip was looked at and every instance was observed, once since the start. */
  wasReady = false;
  private isCarrying = false;
  private readonly waiters = new Set<() => boolean>();

  constructor(
    readonly core: Core,
    branch: string,
  ) {
    this.executor = new Executor(core);
    this.listeners = new LooseListeners(core);
    this.orphans = new Orphans(core, () => this.listeners.orphaned);
    this.gates = new Gates(core);
    this.recorder = new Recorder(core, this.executor, this.orphans, this.gates);
    this.observer = new Observer(core);
    this.status = new StatusWriter(core);
    this.tips = new TipWatcher(core, branch);
    this.reverter = new Reverter(core, this.tips);
    this.pauses = new Pauses(core);
    this.requests = new WrittenRequests(core);
    const { forge } = core.ports;
    this.reporter = forge === undefined ? null : new ForgeReporter(core, forge);
  }

  /** For people. */
  get stoppedBecause(): string | null {
    return this.stopped?.message ?? null;
  }

  start(): void {
    const { core } = this;
    this.turnedAt = core.ports.clock.monoMs();
    core.alarms.set('claim', this.turnedAt + core.options.pollMs);
    this.observer.start();
    this.observer.askAll();
    this.observer.flush();
    for (const solution of core.state.tables.solutions.keys()) core.dirty.markSolution(solution);
    if (core.options.requestsOnly === true) this.hasLooked = true;
    else this.tips.look();
    this.requests.look();
    void this.orphans.look();
    this.listeners.start();
    this.reporter?.start();
    core.inbox.push({ kind: 'alarm', key: 'started' });
  }

  /**
   * Raises the epoch before the first entry. False: the domain is run by somebody else. `memory` is kept together
   * with the claim or not at all: a claim without it would pass for a state that was known.
   */
  async claim(memory: readonly Item[] = []): Promise<boolean> {
    const { core } = this;
    // Who could not claim together with his memory must not do so without it.
    if (this.isStopped) return false;
    if (core.branch.isClaimed) {
      this.recorder.record(memory);
      return true;
    }
    const claimed = await this.takeClaim();
    if (claimed.kind !== 'ours') {
      if (claimed.kind === 'refused') this.stop(`${core.domain} is run by ${claimed.by.controller}`, 'taken');
      else if (claimed.kind === 'outrun')
        this.stop(
          `another process that is ${core.options.controller} too, with a state folder of its own, has run ${core.domain} since this one started`,
          'taken',
        );
      else this.stop(`the claim cannot be written to the status branch: ${claimed.message}`, 'claim');
      return false;
    }
    this.recorder.record([inDomain({ kind: 'domain.claimed', ...claimed.claim }), ...memory]);
    return true;
  }

  /** A repository that is gone rejects: that is the world's failure, as much as one that answers so. */
  private async takeClaim(): Promise<Claimed> {
    const { core } = this;
    try {
      return await core.branch.take({
        id: core.world.domainId,
        epoch: core.state.domain.epoch,
        branch: this.tips.branch,
      });
    } catch (error) {
      return { kind: 'unavailable', message: error instanceof Error ? error.message : String(error) };
    }
  }

  /** Also while there is nothing to do: who has lost the domain, or cannot tell, is to say so. */
  private async checkClaim(): Promise<void> {
    const { core } = this;
    try {
      // Without a claim yet it is only looked whether there is still a repository.
      if (!core.branch.isClaimed) await core.ports.refs.read(statusRef);
      else if (!(await core.branch.stillOurs()))
        return core.inbox.push({ kind: 'fenced', ...core.branch.lost });
      const away = (await core.ports.refs.away?.()) ?? null;
      core.inbox.push({ kind: 'claimSeen', problem: null, away });
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error);
      core.inbox.push({ kind: 'claimSeen', problem });
    }
  }

  /** What a look at the claim has shown; the next one follows. */
  claimSeen(problem: string | null, away?: Away | null): void {
    const { core } = this;
    core.alarms.set('claim', core.ports.clock.monoMs() + core.options.pollMs);
    if (away !== undefined) this.tellAway(away);
    if (problem === null) this.requests.look();
    if (problem === null) return core.troubles.end('claim');
    core.troubles.begin('claim', {
      type: 'unreachable',
      code: 'claim.unreadable',
      message: `the claim cannot be read, and nothing is done meanwhile: ${problem}`,
      command: 'heliostat doctor',
    });
  }

  /** References that are kept elsewhere, and cannot be asked: what runs is held to what was heard last. */
  private tellAway(away: Away | null): void {
    const { troubles, state } = this.core;
    if (away === null) return troubles.end('remote');
    const { accepted } = state.domain;
    const held = accepted === null ? '' : `; what runs is held to ${accepted.slice(0, 7)}, the last known`;
    troubles.begin('remote', {
      type: 'unreachable',
      code: away.code,
      message: `${away.message}${held}`,
      command: 'heliostat doctor',
    });
  }

  rang(key: string): void {
    const { core } = this;
    const colon = key.indexOf(':');
    const kind = colon < 0 ? key : key.slice(0, colon);
    const subject = key.slice(colon + 1);
    switch (kind) {
      case 'element':
        return core.dirty.markWithConsumers(subject as ElementKey);
      case 'probe':
        return this.observer.probe(subject as InstanceId);
      case 'poll':
        return this.observer.nextSlice();
      case 'orphans':
        void this.orphans.look();
        return;
      case 'listeners':
        return this.listeners.look(this.isSettled);
      case 'unroute':
        return this.listeners.again();
      case 'claim':
        void this.checkClaim();
        return;
      case 'tip':
        return this.tips.look();
      case 'timeout':
        return this.executor.expire(subject);
      case 'status':
        void this.status.write();
        return;
      case 'forge':
        return this.reporter?.tell();
      default:
    }
  }

  judged(judged: Judged): void {
    this.hasLooked = true;
    this.lastLook = judged;
    if (judged.kind === 'unavailable')
      this.core.alarms.set('tip', this.core.ports.clock.monoMs() + lookAgainMs);
    this.tips.handled();
  }

  /** What the journal has to know of the world's failures; without a claim there is nothing that it may be told. */
  tellTroubles(): void {
    const { core } = this;
    if (!core.branch.isClaimed || core.journal.failure !== null) return;
    if (core.branch.takeEdited())
      this.recorder.record([inDomain({ kind: 'status.lost', reason: safe('somebody else has changed it') })]);
    this.recorder.record(core.troubles.news());
  }

  /** What was begun and has no end yet: by this life, or by one before it. It waits for a tip that was judged. */
  async takeBack(): Promise<void> {
    const { domain } = this.core.state;
    if (this.tips.busy || !this.hasLooked) return;
    const tip = domain.tip === null ? undefined : domain.revisions.get(domain.tip);
    if (tip === undefined || tip.state === 'seen' || this.core.alarms.isSet('revert')) return;
    const open = openReverts(domain);
    // It may be all that is left to do: the life before this one has written everything else.
    if (open.length === 0 || !(await this.claim())) return;
    for (const due of open) this.reverter.begin(due);
  }

  /** Called at the end of each turn: whoever waits for something looks whether it came true. */
  turned(): void {
    this.turnedAt = this.core.ports.clock.monoMs();
    this.wasReady ||= this.isReady;
    for (const waiter of [...this.waiters]) if (waiter()) this.waiters.delete(waiter);
    this.carryAtRest();
    if (this.core.journal.sizeSinceSnapshot > snapshotBytes)
      void this.core.journal.snapshot(() => encodeState(this.core.state));
  }

  /** A machine that is gone at rest leaves nothing to be written again. */
  private carryAtRest(): void {
    const { carrier } = this.core;
    if (carrier?.isBehind !== true || this.isCarrying || !this.status.isIdle || !this.isSettled) return;
    this.isCarrying = true;
    void carrier.settled().finally(() => (this.isCarrying = false));
  }

  /** Settles when the condition holds at the end of a turn, or the engine stopped. */
  until(condition: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const waiter = (): boolean => {
        if (!condition() && !this.isStopped) return false;
        resolve();
        return true;
      };
      if (!waiter()) this.waiters.add(waiter);
    });
  }

  /** The tip was looked at, and every instance was observed once. */
  get isReady(): boolean {
    return (
      this.hasLooked &&
      !this.tips.busy &&
      this.everyInstance((id) => this.core.sightings.seen(id).presence !== 'unknown')
    );
  }

  /** Nothing is under way and nothing more will follow by itself: all is as it should be, or waits for its next try. */
  get isSettled(): boolean {
    const { core } = this;
    if (!this.isReady || !core.dirty.isEmpty || this.executor.underWay > 0 || this.reverter.busy)
      return false;
    if (!this.reverter.isWaiting && openReverts(core.state.domain).length > 0) return false;
    for (const solution of core.state.tables.solutions.values()) {
      if (solution.detached) continue;
      for (const element of solution.elements.values()) if (!isAtRest(element, core.facts)) return false;
    }
    return true;
  }

  private everyInstance(holds: (id: InstanceId) => boolean): boolean {
    for (const solution of this.core.state.tables.solutions.values()) {
      if (solution.detached) continue;
      for (const element of solution.elements.values()) {
        for (const cluster of element.clusters.values()) {
          for (const instance of cluster.instances.values()) if (!holds(instance.id)) return false;
        }
      }
    }
    return true;
  }

  /** Ends the loop after this turn; effects that are under way go on by themselves and are observed at the next start. */
  stop(reason: string | null, cause: StopCause = 'bug'): void {
    if (this.isStopped) return;
    this.isStopped = true;
    if (reason !== null) {
      const { clock, log, redact } = this.core.ports;
      const message = redact(reason);
      this.stopped = { cause, message, sinceWallMs: clock.wallMs() };
      log.write('error', message);
    }
    this.core.alarms.stop();
    this.core.carrier?.stop();
    this.observer.stop();
    this.tips.stop();
    this.executor.cancelAll();
    this.gates.cancelAll();
    for (const waiter of [...this.waiters]) if (waiter()) this.waiters.delete(waiter);
    this.core.inbox.push({ kind: 'alarm', key: 'stopped' });
  }

  /** So that the next start does not write it again. */
  noteWritten(event: EngineEvent): void {
    if (event.kind !== 'written' || event.commit === null || this.stoppedBecause !== null) return;
    this.recorder.record([this.status.writtenItem(event.commit)]);
  }

  /** What was decided is in the journal, what was written is on the branch; then nothing is open any more. */
  async close(): Promise<void> {
    this.stop(null);
    await this.status.settled;
    for (const event of this.core.inbox.rest()) this.noteWritten(event);
    if (this.stopped === null) await this.core.carrier?.close();
    await this.core.journal.close();
  }
}
