import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { callControl } from '../../adapters/control/client.js';
import type { Bench } from './bench.js';
import { heliostat } from './bench.js';
import { TreeMemory, ended } from './measure.js';
import { cleanEnvironment, moveBranch } from './sandbox.js';

interface Event {
  readonly kind: string;
  readonly subject: string;
  readonly data?: { readonly verdict?: string };
}

/** Of a repository elsewhere. */
export interface DaemonPlace {
  /** After `heliostat run`. */
  readonly args: readonly string[];
  /** Where its control socket is. */
  readonly stateDir: string;
}

/** The real daemon over one repository. */
export class Daemon {
  private readonly waiting = new Set<(event: Event) => void>();

  private constructor(
    private readonly folder: string,
    private readonly child: ChildProcess,
    private readonly memory: TreeMemory,
    private readonly stateDir: string,
    /** What it had said on standard error by then. */
    readonly said: string,
    /** From its start until it said that it is ready, in milliseconds. */
    readonly readyMs: number,
  ) {}

  static async start(
    bench: Bench,
    folder: string,
    { args: more, stateDir }: DaemonPlace = { args: [], stateDir: join(folder, '.heliostat/state/bench') },
  ): Promise<Daemon> {
    const startedAt = performance.now();
    const [command, args] = heliostat(bench, 'run', ...more);
    const child = spawn(command, args, {
      cwd: folder,
      env: cleanEnvironment,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const memory = new TreeMemory(child.pid ?? 0);
    let said = '';
    const readyMs = await new Promise<number>((resolve, reject) => {
      child.stderr?.setEncoding('utf8').on('data', (text: string) => {
        said += text;
        if (said.includes('ready')) resolve(performance.now() - startedAt);
      });
      child.on('exit', (code) => reject(new Error(`heliostat run ended with ${code}: ${said}`)));
    });
    const daemon = new Daemon(folder, child, memory, stateDir, said, readyMs);
    void daemon.listen();
    return daemon;
  }

  private async listen(): Promise<void> {
    const events = await callControl(this.stateDir, { verb: 'events' });
    try {
      for await (const event of events ?? []) for (const hear of [...this.waiting]) hear(event as Event);
    } catch {
      // It ended, which ends the conversation.
    }
  }

  /** What was counted, once all that was decided until now is durable. */
  async counters(): Promise<Readonly<Record<string, number>>> {
    const replies = await callControl(this.stateDir, { verb: 'counters' });
    const first = await replies?.[Symbol.asyncIterator]().next();
    if (first === undefined || first.done === true) throw new Error('the daemon has no counters');
    return first.value as Record<string, number>;
  }

  /** Makes a commit the tip. From there to its verdict, durable in the journal, in milliseconds; then waits for the status commit. */
  async commit(revision: string): Promise<number> {
    const written = this.event((event) => event.kind === 'status.written');
    const applied = this.applied(revision);
    const startedAt = performance.now();
    moveBranch(this.folder, 'main', revision);
    await applied;
    await this.counters();
    const ms = performance.now() - startedAt;
    await written;
    return ms;
  }

  /** Waits for the verdict of a revision. @throws where it is another one than `applied`. */
  async applied(revision: string): Promise<void> {
    const { data } = await this.event(
      (event) => event.kind === 'verdict.given' && event.subject === revision,
    );
    if (data?.verdict !== 'applied') throw new Error(`${revision} was ${data?.verdict ?? 'not judged'}`);
  }

  /** The next one of that kind. */
  next(kind: string): Promise<unknown> {
    return this.event((event) => event.kind === kind);
  }

  private event(wanted: (event: Event) => boolean): Promise<Event> {
    return new Promise((resolve) => {
      const hear = (event: Event): void => {
        if (!wanted(event)) return;
        this.waiting.delete(hear);
        resolve(event);
      };
      this.waiting.add(hear);
    });
  }

  /** Ends it; the peak of its memory in megabytes. */
  async end(): Promise<number> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return this.memory.end();
    const gone = ended(this.child);
    this.child.kill('SIGTERM');
    await gone;
    return this.memory.end();
  }
}
