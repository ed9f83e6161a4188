/** The three standard streams, as far as verbs need them. */
export interface Terminal {
  out(text: string): void;
  err(text: string): void;
  readonly outIsTerminal: boolean;
  readonly errIsTerminal: boolean;
  readonly inIsTerminal: boolean;
  /** Width of the terminal behind standard error, in columns. */
  readonly columns: number;
  /** Aborted when nobody reads standard output any more (`heliostat events | head`). */
  readonly closed: AbortSignal;
  /** Asks on standard error; null if there is no answer. */
  ask(question: string, signal: AbortSignal): Promise<string | null>;
  /** Settles when everything written has been handed on. */
  flush(): Promise<void>;
}

export function processTerminal(): Terminal {
  const { stdin, stdout, stderr } = process;
  const closing = new AbortController();
  // A reader that leaves must not end work under way: output is dropped, only what streams for ever stops.
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') stderr.write(`standard output: ${error.message}\n`);
    closing.abort();
  });
  stderr.on('error', () => undefined);
  return {
    out: (text) => {
      if (!closing.signal.aborted) stdout.write(text);
    },
    err: (text) => void stderr.write(text),
    outIsTerminal: stdout.isTTY === true,
    errIsTerminal: stderr.isTTY === true,
    inIsTerminal: stdin.isTTY === true,
    get columns() {
      return stderr.columns ?? 80;
    },
    closed: closing.signal,
    ask,
    flush: async () => {
      await Promise.all([flushed(stdout), flushed(stderr)]);
    },
  };
}

async function ask(question: string, signal: AbortSignal): Promise<string | null> {
  // Loaded when it is needed: most calls ask nothing.
  const { createInterface } = await import('node:readline/promises');
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  // At the end of input no answer ever comes: without this the promise would stay open.
  const ended = new Promise<null>((resolve) => lines.once('close', () => resolve(null)));
  lines.once('SIGINT', () => process.kill(process.pid, 'SIGINT'));
  try {
    return await Promise.race([lines.question(question, { signal }), ended]);
  } catch (error) {
    if (signal.aborted) return null;
    throw error;
  } finally {
    lines.close();
  }
}

function flushed(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    if (stream.destroyed || stream.writableEnded) resolve();
    else stream.write('', () => resolve());
  });
}
