import type { Socket } from 'node:net';
import { GitError } from './failure.js';
import { emptyTree } from './oid.js';
import type { GitChild } from './tool.js';

export interface ObjectAnswer {
  readonly type: string;
  readonly size: number;
  /** Null where only the size was asked for, or where the object is larger than the limit. */
  readonly bytes: Uint8Array | null;
}

/** Parallel to the question; null for a missing object, undefined where the answer was cut short. */
export interface Answers {
  readonly objects: readonly (ObjectAnswer | null | undefined)[];
  /** A huge object came up: those after it were not read, so that git need not unpack it to the end. */
  readonly interrupted: boolean;
}

interface Question {
  readonly oids: readonly string[];
  readonly limitBytes: number;
  readonly objects: (ObjectAnswer | null | undefined)[];
  answered: number;
  sent: number;
  readonly resolve: (answers: Answers) => void;
  readonly reject: (error: Error) => void;
}

const mostInFlight = 4096;
const mostInOneWrite = 512;
/** Up to here it is cheaper to read past an object that is too large than to start git anew. */
const skippedBytes = 16 * 1024 * 1024;
const mostDeathsInARow = 6;

/**
 * One long-lived `git cat-file --batch` (or `--batch-check`): started at the first question, questions pipelined,
 * started again when it dies. It keeps the process alive only while a question is open.
 */
export class CatFile {
  private readonly questions: Question[] = [];
  private child: Reading | null = null;
  private inFlight = 0;
  private deathsInARow = 0;
  private surrendersInARow = 0;
  private closed = false;

  constructor(
    private readonly start: () => GitChild,
    private readonly withContents: boolean,
  ) {}

  /** `oids` are full object ids: the caller has checked them. */
  ask(oids: readonly string[], limitBytes: number): Promise<Answers> {
    if (oids.length === 0) return Promise.resolve({ objects: [], interrupted: false });
    if (this.closed) return Promise.reject(ended('the repository is closed'));
    return new Promise((resolve, reject) => {
      const objects = new Array<ObjectAnswer | null | undefined>(oids.length).fill(undefined);
      this.questions.push({ oids, limitBytes, objects, answered: 0, sent: 0, resolve, reject });
      this.pump();
    });
  }

  async close(): Promise<void> {
    this.closed = true;
    const child = this.child;
    this.child = null;
    this.fail(ended('the repository is closed'));
    await child?.end();
  }

  private pump(): void {
    if (this.questions.length === 0) return this.child?.rest();
    this.child ??= this.begin();
    this.child.wake();
    for (const question of this.questions) {
      while (question.sent < question.oids.length) {
        if (this.inFlight >= mostInFlight) return;
        const next = question.oids.slice(question.sent, question.sent + mostInOneWrite);
        question.sent += next.length;
        this.inFlight += next.length;
        this.child.write(`${next.join('\n')}\n`);
      }
    }
  }

  private begin(): Reading {
    const reading: Reading = new Reading(this.start(), this.withContents, {
      limitBytes: () => this.questions[0]?.limitBytes ?? 0,
      object: (object) => this.take(reading, object),
      died: (death) => this.mourn(reading, death),
    });
    return reading;
  }

  private take(from: Reading, object: ObjectAnswer | null): void {
    const question = this.questions[0];
    if (from !== this.child || question === undefined) return;
    question.objects[question.answered++] = object;
    this.inFlight--;
    this.deathsInARow = this.surrendersInARow = 0;
    const interrupted = this.withContents && object?.bytes === null && object.size > skippedBytes;
    if (interrupted) this.abandonChild();
    if (interrupted || question.answered === question.oids.length) {
      this.finish(question, interrupted);
      this.pump();
    } else if (this.inFlight < mostInFlight / 2 && question.sent < question.oids.length) this.pump();
  }

  /** What was sent but not answered is asked again of the next child. */
  private abandonChild(): void {
    const child = this.child;
    this.child = null;
    this.inFlight = 0;
    for (const question of this.questions) question.sent = question.answered;
    void child?.end();
  }

  private mourn(from: Reading, death: Death): void {
    if (from !== this.child) return;
    this.abandonChild();
    const question = this.questions[0];
    if (question === undefined) return;
    this.deathsInARow++;
    if (death.error !== null || this.deathsInARow >= mostDeathsInARow) {
      this.deathsInARow = 0;
      return this.fail(ended(death.error?.message ?? 'git cat-file ends again and again'));
    }
    // One that greeted and then gave up, twice at the same object, cannot read that object: as good as missing.
    this.surrendersInARow = death.surrendered ? this.surrendersInARow + 1 : 0;
    if (this.surrendersInARow === 2) {
      question.objects[question.answered++] = null;
      question.sent = question.answered;
      this.deathsInARow = this.surrendersInARow = 0;
      if (question.answered === question.oids.length) this.finish(question);
    }
    this.pump();
  }

  private finish(question: Question, interrupted = false): void {
    this.questions.shift();
    question.resolve({ objects: question.objects, interrupted });
  }

  private fail(error: Error): void {
    for (const question of this.questions.splice(0)) question.reject(error);
  }
}

function ended(reason: string): GitError {
  return new GitError({
    code: 'git.failed',
    message: `objects of the repository cannot be read: ${reason}`,
    fix: 'Run `git fsck` in the repository.',
  });
}

/** What a program ends by that meets a bug of its own, or memory that is not there: nobody has killed it. */
const ownSignals: readonly (NodeJS.Signals | null)[] = ['SIGABRT', 'SIGSEGV', 'SIGBUS', 'SIGILL', 'SIGFPE'];

interface Death {
  /** Git could not be started at all. */
  readonly error: Error | null;
  /** It ended by itself though it worked: it had answered the greeting, and nobody killed it. */
  readonly surrendered: boolean;
}

interface Listener {
  limitBytes(): number;
  object(object: ObjectAnswer | null): void;
  died(death: Death): void;
}

/** One child and the answer that is just coming in: a line, then (if asked for) contents and a newline. */
class Reading {
  private line: Buffer[] = [];
  private type = '';
  private size = 0;
  private body: Uint8Array | null = null;
  /** Bytes of the body, its newline included, still to come; 0 while a line is read. */
  private missing = 0;
  private greeted = false;
  private readonly gone: Promise<void>;

  constructor(
    private readonly child: GitChild,
    private readonly withContents: boolean,
    private readonly listener: Listener,
  ) {
    child.stdout.on('data', (chunk: Buffer) => this.read(chunk));
    child.stdin.on('error', () => undefined);
    this.gone = new Promise((resolve) => {
      child.on('error', (error) => {
        if (child.pid === undefined) listener.died({ error, surrendered: false });
        resolve();
      });
      child.on('close', (code, signal) => {
        const byItself = code !== null || ownSignals.includes(signal);
        listener.died({ error: null, surrendered: this.greeted && byItself });
        resolve();
      });
    });
    // Every repository has this object. Its answer tells a git that works from one that only dies.
    this.write(`${emptyTree}\n`);
    this.rest();
  }

  write(text: string): void {
    this.child.stdin.write(text);
  }

  wake(): void {
    this.child.ref();
    for (const stream of [this.child.stdin, this.child.stdout]) (stream as unknown as Socket).ref();
  }

  /** Lets the process end while nothing is asked. */
  rest(): void {
    this.child.unref();
    for (const stream of [this.child.stdin, this.child.stdout]) (stream as unknown as Socket).unref();
  }

  async end(): Promise<void> {
    this.child.stdin.destroy();
    this.child.stdout.destroy();
    this.child.kill('SIGKILL');
    this.child.ref();
    await this.gone;
  }

  private read(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length) at = this.missing > 0 ? this.readBody(chunk, at) : this.readLine(chunk, at);
  }

  private readLine(chunk: Buffer, at: number): number {
    const newline = chunk.indexOf(10, at);
    if (newline < 0) {
      this.line.push(Buffer.from(chunk.subarray(at)));
      return chunk.length;
    }
    const rest = chunk.toString('latin1', at, newline);
    const line = this.line.length === 0 ? rest : Buffer.concat(this.line).toString('latin1') + rest;
    this.line = [];
    this.begin(line);
    return newline + 1;
  }

  private begin(line: string): void {
    const [, type = '', size] = line.split(' ');
    if (size === undefined) return this.tell(null);
    this.type = type;
    this.size = Number(size);
    if (!this.withContents) return this.tell({ type, size: this.size, bytes: null });
    const wanted = this.size <= this.listener.limitBytes();
    this.body = wanted ? new Uint8Array(this.size) : null;
    this.missing = this.size + 1;
    // Told at once, so that a huge object need not be read to its end.
    if (!wanted && this.size > skippedBytes) this.deliver();
  }

  private readBody(chunk: Buffer, at: number): number {
    const end = Math.min(chunk.length, at + this.missing);
    const filled = this.size + 1 - this.missing;
    const content = Math.min(end, at + this.size - filled);
    if (this.body !== null && content > at) this.body.set(chunk.subarray(at, content), filled);
    this.missing -= end - at;
    if (this.missing === 0) this.deliver();
    return end;
  }

  private deliver(): void {
    const bytes = this.body;
    this.body = null;
    this.tell({ type: this.type, size: this.size, bytes });
  }

  private tell(object: ObjectAnswer | null): void {
    if (this.greeted) this.listener.object(object);
    this.greeted = true;
  }
}
