import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { lineReader, replyLimit, requestLimit } from './lines.js';
import { ControlError, hasSocketFolder, knownSocketPath } from './place.js';

/**
 * Asks the daemon of a state folder. Null if there is none. The replies end when the daemon has said
 * all; they throw a `ControlError` if it refuses, or goes away in the middle. Leaving the loop early
 * hangs up.
 */
export async function callControl(
  stateDir: string,
  request: unknown,
): Promise<AsyncIterable<unknown> | null> {
  const line = JSON.stringify(request);
  if (Buffer.byteLength(line) > requestLimit)
    throw new ControlError(`the request is longer than ${requestLimit} bytes`);
  const path = await knownSocketPath(stateDir);
  if (!(await hasSocketFolder(path))) return null;
  const socket = await reach(path);
  if (socket === null) return null;
  // Whoever reads the replies hears of it; before that nobody listens, and the process would end.
  socket.on('error', () => undefined);
  socket.write(`${line}\n`);
  return replies(socket);
}

async function reach(path: string): Promise<Socket | null> {
  const socket = connect(path);
  try {
    await once(socket, 'connect');
    return socket;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ECONNREFUSED') return null;
    throw error;
  }
}

interface ReplyLine {
  readonly reply?: unknown;
  readonly error?: unknown;
  readonly end?: unknown;
}

async function* replies(socket: Socket): AsyncGenerator<unknown, void, void> {
  const read = lineReader(replyLimit);
  try {
    for await (const bytes of socket as AsyncIterable<Buffer>) {
      for (const line of read(bytes) as ReplyLine[]) {
        if (line.end === true) return;
        if (line.error !== undefined) throw new ControlError(String(line.error));
        yield line.reply;
      }
    }
  } catch (error) {
    if (error instanceof ControlError) throw error;
    throw new ControlError('the connection to the daemon broke');
  } finally {
    socket.destroy();
  }
  throw new ControlError('the daemon went away before it had answered');
}
