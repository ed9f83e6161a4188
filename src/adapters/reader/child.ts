import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { frameHeader, FrameCutter, readyText } from './frames.js';

export interface ChildOptions {
  /** The bundled program that calls `serve`. */
  readonly program: string;
  /** For `node`, before the program. */
  readonly execArguments: readonly string[];
  /** For one text; the start of the process has ten seconds of its own. */
  readonly deadlineMs: number;
  readonly memoryMb: number;
}

/** How far a child got with some texts before it was done, or dead, or too slow. */
export interface Progress {
  /** In order, one for each text that was answered. */
  readonly answers: readonly string[];
  readonly end: 'done' | 'died' | 'slow' | 'stopped';
}

const startMs = 10_000;

/** One process that reads texts. It is of no use any more once it ended otherwise than `done`. */
export class ReaderChild {
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #options: ChildOptions;
  readonly #cutter = new FrameCutter();
  #onFrame: (body: string) => void = () => {};
  #onEnd: (end: 'died' | 'slow' | 'stopped') => void = () => {};
  #ended: 'died' | 'slow' | 'stopped' | null = null;
  #said = '';
  /** Texts answered so far: the next one is to blame alone only if this is 0. */
  answered = 0;

  constructor(options: ChildOptions) {
    this.#options = options;
    this.#process = spawn(
      process.execPath,
      [`--max-old-space-size=${options.memoryMb}`, ...options.execArguments, options.program],
      // A session of its own: Ctrl-C is for us. And nothing of our environment: hostile text must find no credential.
      { stdio: 'pipe', detached: true, env: {}, cwd: '/' },
    );
    this.#process.stdout.on('data', (chunk: Buffer) => {
      for (const body of this.#cutter.push(chunk)) this.#onFrame(body);
    });
    this.#process.stderr.on(
      'data',
      (chunk: Buffer) => (this.#said = (this.#said + chunk.toString()).slice(-500)),
    );
    // Writing to a dead process; that it is dead is told by `close`.
    this.#process.stdin.on('error', () => {});
    this.#process.on('error', (error) => (this.#said = error.message));
    this.#process.on('close', () => this.#finish('died'));
  }

  /** @throws if the program does not get as far as being ready: a fault of the world, of no text. */
  async start(): Promise<void> {
    const progress = await this.#exchange([], 1, startMs);
    if (progress.answers[0] === readyText) return this.#idle();
    this.stop();
    if (progress.end === 'stopped') return;
    throw new Error(
      `The reader ${this.#options.program} could not be started: ${this.#said.trim() || 'no answer'}`,
    );
  }

  async read(texts: readonly Uint8Array[]): Promise<Progress> {
    const progress = await this.#exchange(texts, texts.length, this.#options.deadlineMs);
    this.answered += progress.answers.length;
    if (progress.end === 'done') this.#idle();
    return progress;
  }

  /** Ends the process at once. */
  stop(): void {
    this.#finish('stopped');
  }

  get ended(): boolean {
    return this.#ended !== null;
  }

  #exchange(texts: readonly Uint8Array[], expected: number, deadlineMs: number): Promise<Progress> {
    const answers: string[] = [];
    return new Promise((resolve) => {
      const end = (how: Progress['end']): void => {
        clearTimeout(timer);
        this.#onEnd = () => {};
        this.#onFrame = () => {};
        resolve({ answers, end: how });
      };
      const timer = setTimeout(() => this.#finish('slow'), deadlineMs);
      this.#onEnd = end;
      this.#onFrame = (body) => {
        answers.push(body);
        if (answers.length === expected) end('done');
        else timer.refresh();
      };
      if (this.#ended !== null) return end(this.#ended);
      this.#hold();
      for (const text of texts) {
        this.#process.stdin.write(frameHeader(text.length));
        this.#process.stdin.write(text);
      }
    });
  }

  #finish(how: 'died' | 'slow' | 'stopped'): void {
    if (this.#ended !== null) return;
    this.#ended = how;
    this.#process.kill('SIGKILL');
    this.#idle();
    this.#onEnd(how);
  }

  /** While it has nothing to do it does not keep us alive; when we end, its input ends and it ends too. */
  #idle(): void {
    for (const handle of this.#handles()) handle.unref();
  }

  #hold(): void {
    for (const handle of this.#handles()) handle.ref();
  }

  #handles(): { ref(): void; unref(): void }[] {
    const { stdin, stdout, stderr } = this.#process;
    // Pipes of a child are sockets, which the types do not say.
    return [this.#process, ...([stdin, stdout, stderr] as unknown as { ref(): void; unref(): void }[])];
  }
}
