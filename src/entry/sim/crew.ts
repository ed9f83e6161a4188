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
export function threads({ size, program, patienceMs }: CrewOptions): Crew {
  const waiting: Task[] = [];
  const members: Member[] = [];
  let isOver = false;

  function join(): void {
    const shared = new SharedArrayBuffer(8);
    const worker = new Worker(program, { workerData: shared });
    const member: Member = {
      worker,
      pulse: new Int32Array(shared),
      busy: null,
      beats: 0,
      sinceMs: performance.now(),
    };
    members.push(member);
    worker.on('message', (answer: Answer) => finish(member, answer));
    worker.on('error', (error) => leave(member, `a worker broke: ${error.stack ?? error.message}`));
    worker.on('exit', () => leave(member, 'a worker ended'));
    next(member);
  }

  function next(member: Member): void {
    const task = member.busy === null ? waiting.shift() : undefined;
    if (task === undefined) return;
    member.busy = task;
    member.sinceMs = performance.now();
    member.worker.postMessage(task.job);
  }

  function finish(member: Member, answer: Answer): void {
    const { busy } = member;
    member.busy = null;
    next(member);
    busy?.answer(answer);
  }

  function leave(member: Member, message: string): void {
    const at = members.indexOf(member);
    if (at < 0) return;
    members.splice(at, 1);
    if (!isOver) join();
    member.busy?.answer({ kind: 'broken', message });
  }

  function look(): void {
    for (const member of [...members]) {
      const beats = Atomics.load(member.pulse, 0);
      if (member.busy === null || beats !== member.beats) member.sinceMs = performance.now();
      member.beats = beats;
      if (performance.now() - member.sinceMs < patienceMs) continue;
      const doing = Atomics.load(member.pulse, 1) >>> 0;
      leave(member, `${doing} (seed or case) did not come to an end within ${patienceMs / 1000} s`);
      void member.worker.terminate();
    }
  }

  for (let i = 0; i < size; i++) join();
  const timer = setInterval(look, 1_000);
  return {
    size,
    do: (job) =>
      new Promise((answer) => {
        waiting.push({ job, answer });
        for (const member of members) next(member);
      }),
    async close() {
      isOver = true;
      clearInterval(timer);
      await Promise.all(members.splice(0).map(({ worker }) => worker.terminate()));
    },
  };
}
