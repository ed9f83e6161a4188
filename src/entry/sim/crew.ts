import { Worker } from 'node:worker_threads';
import type { Answer, Job } from './messages.js';

/** Those who do the jobs. Each has a thread and caches of its own. */
export interface Crew {
  readonly size: number;
  /** Whoever is free does it. */
  do(job: Job): Promise<Answer>;
  close(): Promise<void>;
}

/** Readable from outside even when a worker no longer answers: how often it began something, and what. */
export type Pulse = Int32Array;

export interface CrewOptions {
  readonly size: number;
  /** The module that a worker runs; it is given the buffer of its pulse as `workerData`. */
  readonly program: URL;
  /** A worker that begins nothing for so long is ended, in milliseconds. */
  readonly patienceMs: number;
}

/** A run needs some hundred megabytes at most: what runs away is to break its worker, not the machine. */
const resourceLimits = { maxOldGenerationSizeMb: 1_500, maxYoungGenerationSizeMb: 128 };

interface Member {
  worker: Worker;
  pulse: Pulse;
  busy: Task | null;
  beats: number;
  sinceMs: number;
}

interface Task {
  readonly job: Job;
  readonly answer: (answer: Answer) => void;
}

/** Threads that do one job after the other. */
export function threads(options: CrewOptions): Crew {
  return new Threads(options);
}

class Threads implements Crew {
  readonly size: number;
  private readonly waiting: Task[] = [];
  private readonly members: Member[] = [];
  private readonly timer: NodeJS.Timeout;
  private isOver = false;

  constructor(private readonly options: CrewOptions) {
    this.size = options.size;
    for (let i = 0; i < options.size; i++) this.join();
    this.timer = setInterval(() => this.look(), 1_000);
  }

  do(job: Job): Promise<Answer> {
    return new Promise((answer) => {
      this.waiting.push({ job, answer });
      for (const member of this.members) this.next(member);
    });
  }

  async close(): Promise<void> {
    this.isOver = true;
    clearInterval(this.timer);
    await Promise.all(this.members.splice(0).map(({ worker }) => worker.terminate()));
  }

  private join(): void {
    const shared = new SharedArrayBuffer(8);
    const worker = new Worker(this.options.program, { workerData: shared, resourceLimits });
    const pulse = new Int32Array(shared);
    const member: Member = { worker, pulse, busy: null, beats: 0, sinceMs: performance.now() };
    this.members.push(member);
    worker.on('message', (answer: Answer) => this.finish(member, answer));
    worker.on('error', (error) => this.leave(member, `broke its worker: ${error.stack ?? error.message}`));
    worker.on('exit', () => this.leave(member, 'ended its worker'));
    this.next(member);
  }

  private next(member: Member): void {
    const task = member.busy === null ? this.waiting.shift() : undefined;
    if (task === undefined) return;
    member.busy = task;
    member.sinceMs = performance.now();
    member.worker.postMessage(task.job);
  }

  private finish(member: Member, answer: Answer): void {
    const { busy } = member;
    member.busy = null;
    this.next(member);
    busy?.answer(answer);
  }

  /** Another comes in its place. `how`: what became of what it did. */
  private leave(member: Member, how: string): void {
    const at = this.members.indexOf(member);
    if (at < 0) return;
    this.members.splice(at, 1);
    if (!this.isOver) this.join();
    const doing = Atomics.load(member.pulse, 1) >>> 0;
    member.busy?.answer({ kind: 'broken', message: `seed or case ${doing} ${how}` });
  }

  /** Ends whoever no longer goes on. */
  private look(): void {
    const { patienceMs } = this.options;
    for (const member of [...this.members]) {
      const beats = Atomics.load(member.pulse, 0);
      if (member.busy === null || beats !== member.beats) member.sinceMs = performance.now();
      member.beats = beats;
      if (performance.now() - member.sinceMs < patienceMs) continue;
      this.leave(member, `did not come to an end within ${patienceMs / 1000} s`);
      void member.worker.terminate();
    }
  }
}
