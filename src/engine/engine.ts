import type { ElementKey, InstanceId } from '../core/base/names.js';
import type { Item } from '../core/journal/entry.js';
import { inDomain } from '../core/journal/entry.js';
import { encodeState } from '../core/journal/fold.js';
import type { Core } from './core.js';
import { Executor } from './execute.js';
import { Observer } from './observe.js';
import { Recorder } from './recorder.js';
import type { EngineEvent } from './inbox.js';
import { isAtRest } from './rest.js';
import { StatusWriter } from './status-writer.js';
import type { Judged } from './judged.js';
import { Orphans } from './orphans.js';
import { TipWatcher } from './tip.js';

const snapshotBytes = 8 * 1024 * 1024;

/** One running controller of one domain: its parts, and how it starts and stops. */
export class Engine {
  readonly executor: Executor;
  readonly recorder: Recorder;
  readonly observer: Observer;
  readonly status: StatusWriter;
  readonly tips: TipWatcher;
  readonly orphans: Orphans;
  /** Why it had to stop; null while it runs, or if it was asked to. */
  stoppedBecause: string | null = null;
  isStopped = false;
  /** The tip was looked at since the start. */
  hasLooked = false;
  lastLook: Judged | null = null;
  private readonly waiters = new Set<() => boolean>();

  constructor(
    readonly core: Core,
    branch: string,
  ) {
    this.executor = new Executor(core);
    this.orphans = new Orphans(core);
    this.recorder = new Recorder(core, this.executor, this.orphans);
    this.observer = new Observer(core);
    this.status = new StatusWriter(core);
    this.tips = new TipWatcher(core, branch);
  }

  start(): void {
    const { core } = this;
    this.observer.start();
    this.observer.askAll();
    this.observer.flush();
    for (const solution of core.state.tables.solutions.keys()) core.dirty.markSolution(solution);
    if (core.options.requestsOnly === true) this.hasLooked = true;
    else this.tips.look();
    void this.orphans.look();
    core.inbox.push({ kind: 'alarm', key: 'started' });
  }

  /**
   * Raises the epoch before the first entry. False: the domain is run by somebody else. `memory` is kept together
   * with the claim or not at all: a claim without it would pass for a state that was known.
   */
  async claim(memory: readonly Item[] = []): Promise<boolean> {
    const { core } = this;
    if (core.branch.isClaimed) {
      this.recorder.record(memory);
      return true;
    }
    const { domain } = core.state;
    const claimed = await core.branch.take({ id: core.world.domainId, epoch: domain.epoch });
    if (claimed.kind !== 'ours') {
      const why =
        claimed.kind === 'refused' ? `${core.domain} is run by ${claimed.by.controller}` : claimed.message;
      this.stop(why);
      return false;
    }
    this.recorder.record([inDomain({ kind: 'domain.claimed', ...claimed.claim }), ...memory]);
    return true;
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
      case 'timeout':
        return this.executor.expire(subject);
      case 'status':
        void this.status.write();
        return;
      default:
    }
  }

  judged(judged: Judged): void {
    this.hasLooked = true;
    this.lastLook = judged;
    this.tips.handled();
  }

  /** Called at the end of each turn: whoever waits for something looks whether it came true. */
  turned(): void {
    for (const waiter of [...this.waiters]) if (waiter()) this.waiters.delete(waiter);
    if (this.core.journal.sizeSinceSnapshot > snapshotBytes)
      void this.core.journal.snapshot(() => encodeState(this.core.state));
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
    if (!this.isReady || !core.dirty.isEmpty || this.executor.underWay > 0) return false;
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
  stop(reason: string | null): void {
    if (this.isStopped) return;
    this.isStopped = true;
    this.stoppedBecause = reason;
    if (reason !== null) this.core.ports.log.write('error', this.core.ports.redact(reason));
    this.core.alarms.stop();
    this.observer.stop();
    this.tips.stop();
    this.executor.cancelAll();
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
    await this.core.journal.close();
  }
}
