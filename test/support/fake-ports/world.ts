import { onTestFinished } from 'vitest';
import type { DomainName, Revision } from '../../../src/core/base/names.js';
import { redactorOf } from '../../../src/core/base/safe-text.js';
import type { Version } from '../../../src/core/base/version.js';
import type { Entry } from '../../../src/core/journal/entry.js';
import type { JournalRecord } from '../../../src/core/journal/record.js';
import { readText } from '../../../src/core/model/text.js';
import { verdictOf } from '../../../src/core/rollout/verdicts.js';
import { boot, type Booted } from '../../../src/engine/boot.js';
import type { Engine } from '../../../src/engine/engine.js';
import type { EngineOptions, EnginePorts } from '../../../src/engine/ports.js';
import { reconcile } from '../../../src/engine/reconcile.js';
import type { OperatorRequest } from '../../../src/ports/operator.js';
import type { GateAnswer } from '../../../src/core/rollout/gate.js';
import type { Provider, Providers } from '../../../src/ports/provider.js';
import { memoryDisk, type MemoryDisk, type MemoryDiskOptions } from '../memory-disk.js';
import { settleMicrotasks, VirtualClock } from './clock.js';
import type { FakeForge } from './forge.js';
import { FakeGit } from './git.js';
import { Incarnation, type Death } from './incarnation.js';
import { FakeTechnology, fakeProviders } from './providers.js';

/** Jumps of the clock after which nothing more is waited for. */
const patience = 3_000;

export interface StartOptions extends Partial<EngineOptions> {
  readonly death?: Death | null;
  /** The provider as this controller has it. */
  readonly change?: (provider: Provider) => Provider;
  /** The state folder; without one that of the world. */
  readonly disk?: MemoryDisk;
}

/** One world: time, a repository, a technology and the disk of a state folder. Controllers come and go in it. */
export class World {
  readonly clock = new VirtualClock();
  readonly git = new FakeGit();
  readonly technology = new FakeTechnology();
  /** None unless one is put here. */
  forge: FakeForge | null = null;
  readonly secrets = new Map<string, string>();
  readonly logged: string[] = [];
  /** Answers of probes, by port; good where nothing stands. */
  readonly sick = new Set<number>();
  disk: MemoryDisk;
  private readonly running: Controller[] = [];

  constructor(private readonly diskOptions: MemoryDiskOptions = {}) {
    this.disk = memoryDisk(diskOptions);
    onTestFinished(() => {
      for (const controller of this.running) controller.incarnation.die();
    });
  }

  ports(disk: MemoryDisk): EnginePorts {
    const { clock, git, logged, secrets, sick } = this;
    const known = new Map<string, ReturnType<typeof readText>>();
    return {
      clock,
      disk,
      refs: git.refsPort,
      source: git,
      history: git,
      reader: {
        read: (texts) =>
          Promise.resolve(
            texts.map(({ oid, bytes }) => {
              const located = known.get(oid ?? '') ?? readText(bytes);
              if (oid !== null) known.set(oid, located);
              return located;
            }),
          ),
        close: () => Promise.resolve(),
      },
      providers: fakeProviders(this.technology, clock),
      gauge: { measure: async (gate) => this.gateAnswer(gate.name) },
      prober: {
        probe: ({ port }) =>
          Promise.resolve({ good: !sick.has(port ?? 0), detail: redactorOf([])('200 in 1 ms') }),
      },
      secrets: {
        check: (name) => (secrets.has(name) ? 'ok' : 'missing'),
        value: (name) => secrets.get(name) ?? null,
      },
      ...(this.forge === null ? {} : { forge: this.forge.port }),
      log: { write: (level, message) => void logged.push(`${level} ${message}`) },
      redact: redactorOf(secrets.values()),
    };
  }

  /** What a gate shows. */
  gateAnswer: (name: string) => GateAnswer | Promise<GateAnswer> = () => ({
    outcome: 'passed',
    detail: redactorOf([])('fine'),
  });

  /** A controller starts, whatever is there. */
  async start(options: StartOptions = {}): Promise<Controller> {
    const controller = await this.tryStart(options);
    if (!controller.booted?.ok) throw new Error(`did not start: ${JSON.stringify(controller.booted)}`);
    return controller;
  }

  /** One that may be refused, or die before it is ready. */
  async tryStart(options: StartOptions = {}): Promise<Controller> {
    const { death = null, disk = this.disk, change, ...more } = options;
    const ports = this.ports(disk);
    const incarnation = new Incarnation(change === undefined ? ports : changed(ports, change), death);
    const controller = new Controller(this, incarnation, disk);
    this.running.push(controller);
    controller.begin({
      controller: 'ctl-1',
      home: '/repo/.git',
      domain: { kind: 'only' },
      branch: null,
      programVersion: '0.1.0' as Version,
      takeover: false,
      pollMs: 10_000,
      concurrency: 64,
      ...more,
    });
    await this.until(() => controller.booted !== null || incarnation.dead, 'the start');
    return controller;
  }

  /** The machine loses power: what was not synced is gone, in part. A new state folder stands in the place of the old. */
  crash(controller: Controller): void {
    controller.incarnation.die();
    if (controller.disk === this.disk)
      this.disk = memoryDisk({ ...this.diskOptions, files: this.disk.crash() });
  }

  /** The state folder is deleted. */
  loseState(): void {
    this.disk = memoryDisk();
  }

  /** Moves time on until something holds. @throws when it never does. */
  async until(holds: () => boolean, what: string): Promise<void> {
    for (let jumps = 0; jumps < patience; jumps++) {
      await settleMicrotasks();
      if (holds()) return;
      if (!this.clock.advance()) break;
    }
    await settleMicrotasks();
    if (!holds())
      throw new Error(
        `waited in vain: ${what}\n${this.logged.join('\n')}\n${this.technology.summary().join('\n')}`,
      );
  }

  /** Lets so much time pass. */
  async pass(ms: number): Promise<void> {
    const end = this.clock.monoMs() + ms;
    let woke = false;
    void this.clock
      .sleepUntil(end, { cancelled: false, onCancel: () => () => undefined })
      .then(() => (woke = true));
    await this.until(() => woke, `${ms} ms`);
  }
}

function changed(ports: EnginePorts, change: (provider: Provider) => Provider): EnginePorts {
  const { providers } = ports;
  const get: Providers['get'] = (name) => {
    const provider = providers.get(name);
    return provider === null ? null : change(provider);
  };
  return { ...ports, providers: { ...providers, get } };
}

/** One incarnation of a controller, from its start to its end. */
export class Controller {
  booted: Booted | null = null;
  ended = false;
  failure: unknown = null;
  readonly records: JournalRecord[] = [];

  constructor(
    private readonly world: World,
    readonly incarnation: Incarnation,
    readonly disk: MemoryDisk,
  ) {}

  begin(options: EngineOptions): void {
    const run = async (): Promise<void> => {
      this.booted = await boot(this.incarnation.ports, options, 'prod' as DomainName);
      if (!this.booted.ok) return;
      this.booted.engine.core.followers.add((record) => void this.records.push(record));
      this.look();
      await reconcile(this.booted.engine);
      this.ended = true;
    };
    run().catch((error: unknown) => (this.failure = error));
  }

  get engine(): Engine {
    if (this.booted?.ok !== true) throw new Error(`not running: ${JSON.stringify(this.booted)}`);
    return this.booted.engine;
  }

  /** What a watcher of the branch says. */
  look(): void {
    this.engine.core.inbox.push({ kind: 'tip' });
  }

  /** Nothing is under way, and what happened is written. */
  async settled(): Promise<void> {
    await this.world.until(() => {
      if (this.failure !== null) throw this.failure as Error;
      const { engine } = this;
      return this.incarnation.dead || engine.isStopped || (engine.isSettled && engine.status.isIdle);
    }, 'a settled engine');
    if (this.failure !== null) throw this.failure as Error;
  }

  /** A commit arrives, and everything that follows from it follows. */
  async push(files: Readonly<Record<string, string>>, subject?: string): Promise<Revision> {
    const revision = this.world.git.push(files, subject);
    this.look();
    await this.world.until(
      () => this.verdict(revision) !== null || this.engine.isStopped,
      'a look at the tip',
    );
    await this.settled();
    return revision;
  }

  async ask(request: OperatorRequest): Promise<{ readonly done: boolean; readonly message: string }> {
    let reply: unknown = null;
    this.engine.core.inbox.push({ kind: 'request', request, answer: (given) => (reply = given) });
    await this.world.until(() => reply !== null, `an answer to ${request.verb}`);
    return reply as never;
  }

  /** Null: never seen. */
  verdict(revision: Revision): string | null {
    const { state } = this.engine.core;
    const known = state.domain.revisions.get(revision);
    return known === undefined ? null : verdictOf(known, state.domain, state.tables.solutions);
  }

  kinds(): string[] {
    return this.records.map((record) => (record.entry as Entry).kind);
  }
}

export const who = { reason: 'because', who: 'ada' } as const;
