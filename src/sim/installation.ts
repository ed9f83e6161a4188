import type { Version } from '../core/base/version.js';
import type { EngineOptions } from '../engine/ports.js';
import { CarriedJournal } from './carried-journal.js';
import { Incarnation } from './incarnation.js';
import { Machine } from './machine.js';
import { portsOf } from './ports/ports.js';
import { mainRef } from './repository.js';
import type { World } from './world.js';

export interface InstallationOptions {
  readonly name: string;
  readonly pollMs: number;
  /** How long its supervisor waits before it starts again what has ended. */
  readonly restartMs: number;
  /** It is started on a new machine each time, or on one that has kept something of an earlier time. */
  readonly isEphemeral?: boolean;
}

/** How who looks hears of a push: from the file system, or from a forge. */
const watched = ['hint.lost', 'hint.doubled'] as const;
const delivered = ['webhook.lost', 'webhook.doubled'] as const;

/** A controller on a machine, with a supervisor that starts it again whenever it ends. */
export class Installation {
  readonly machine: Machine;
  current: Incarnation | null = null;
  /** The supervisor is told to leave it alone. */
  isOff = true;
  private takesOver = false;
  /** Refused starts since the last that was not, for whoever judges whether it ever comes up. */
  refusals = 0;
  corruptions = 0;
  lastRefusal: string | null = null;

  constructor(
    readonly world: World,
    readonly options: InstallationOptions,
  ) {
    const { isEphemeral = false, name } = options;
    this.machine = new Machine(name, isEphemeral ? new CarriedJournal(world.repository) : null);
  }

  /** Switches it on. `takeover`: with the word of a person that it may take the domain from another. */
  on(takeover = false): void {
    this.isOff = false;
    this.takesOver ||= takeover;
    if (this.current === null || this.current.dead) this.start();
  }

  /** Ends the process now; the supervisor starts it again unless it is off. */
  kill(how: 'process' | 'power', restartMs = this.options.restartMs): void {
    const { current } = this;
    if (current === null || current.dead) return;
    current.die(how);
    this.restart(restartMs);
  }

  /** Switched off for good, or until `on`. */
  off(): void {
    this.isOff = true;
    this.current?.die('process');
  }

  private start(): void {
    const { world, machine } = this;
    const { carried, name } = machine;
    if (carried !== null && world.faults.random(`machine ${name}`).chance(0.8)) this.machine.clear();
    carried?.begin();
    const incarnation = new Incarnation(world, machine, this.engineOptions());
    this.current = incarnation;
    world.change(`start ${incarnation.number} of ${this.options.name}`);
    const ports = world.wrapPorts(portsOf(incarnation), incarnation);
    incarnation.start(ports, () => this.ended(incarnation));
    this.poll(incarnation);
  }

  private ended(incarnation: Incarnation): void {
    const { booted, failure } = incarnation;
    if (booted?.ok === false) {
      this.refusals++;
      this.lastRefusal = booted.code;
      // The way out that the message names.
      if (booted.code === 'journal.corrupt') this.machine.disk.clear();
      if (booted.code === 'claim.refused') this.isOff = true;
      if (booted.code === 'journal.corrupt') this.corruptions++;
    } else if (failure !== null) this.lastRefusal = String(failure);
    this.restart(this.options.restartMs);
  }

  /** Its supervisor starts what has ended after that time. */
  restart(afterMs: number): void {
    // Once it holds the domain its supervisor starts it without that word: two that have it would take turns.
    if (this.current?.engine?.core.branch.isClaimed === true) this.takesOver = false;
    this.world.schedule(this.world.now + afterMs, 0, () => {
      if (!this.isOff && (this.current === null || this.current.dead)) this.start();
    });
  }

  /** What a watcher of the branch says after a push, and a slow poll underneath. */
  hint(): void {
    const { current, world } = this;
    if (current === null || current.dead) return;
    const moment = `hint ${current.number}`;
    const [isLost, isDoubled] = world.remote === null ? watched : delivered;
    if (world.faults.strikes(isLost, moment)) return;
    const times = world.faults.strikes(isDoubled, moment) ? 2 : 1;
    world.remote?.deliver(moment);
    for (let i = 0; i < times; i++)
      world.schedule(world.now + world.latency(moment), current.number, () => this.look(current));
  }

  private poll(incarnation: Incarnation): void {
    this.world.schedule(this.world.now + this.options.pollMs, incarnation.number, () => {
      if (incarnation.dead) return;
      this.look(incarnation);
      this.poll(incarnation);
    });
  }

  private look(incarnation: Incarnation): void {
    if (!incarnation.dead) incarnation.engine?.core.inbox.push({ kind: 'tip' });
  }

  private engineOptions(): EngineOptions {
    return {
      controller: this.options.name,
      home: '/repo/.git',
      domain: { kind: 'only' },
      branch: mainRef.slice('refs/heads/'.length),
      programVersion: '0.1.0' as Version,
      takeover: this.takesOver,
      pollMs: this.options.pollMs,
      concurrency: 64,
      durable: this.machine.carried === null,
      ...(this.world.forge === null ? {} : { forge: this.world.forge.policy }),
    };
  }
}
