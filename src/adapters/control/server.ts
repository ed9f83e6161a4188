import { once } from 'node:events';
import { chmod, unlink } from 'node:fs/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { cancelSource, type Cancel } from '../../ports/clock.js';
import { lineReader, replyLimit, requestLimit } from './lines.js';
import { ControlError, leaveWord, makeSocketFolder, socketPath } from './place.js';
import { leaveWhereabouts, type Whereabouts } from './whereabouts.js';

export interface Respond {
  /** One reply, any plain data. After the end, or when the caller has gone, nothing happens. */
  send(reply: unknown): void;
  end(): void;
  /** Set off when the caller has gone or all is said. */
  readonly cancel: Cancel;
}

export type ControlHandler = (request: unknown, respond: Respond) => void;

export interface ControlServer {
  readonly path: string;
  /** Ends all conversations. */
  close(): Promise<void>;
}

/** How long a caller may take to say what it wants. */
const requestTimeoutMs = 10_000;
/** A caller that reads nothing is left once so many bytes wait for it. */
const unreadLimit = 2 * replyLimit;
const mostCallers = 64;

/**
 * Listens for requests from this machine and this user. The handler gets each request as it came, so
 * it must check it. Call it only while holding the state folder's lock: what a dead daemon left is
 * removed. `of`: told to who looks for the daemon of a repository that is gone. Throws a `ControlError` where that is not possible.
 */
export async function serveControl(
  stateDir: string,
  handler: ControlHandler,
  of: Omit<Whereabouts, 'stateDir'> | null = null,
): Promise<ControlServer> {
  const path = socketPath(stateDir);
  await makeSocketFolder(path);
  await removeStale(path);
  const callers = new Set<Socket>();
  const server = createServer((socket) => {
    callers.add(socket);
    socket.on('close', () => callers.delete(socket));
    converse(socket, handler);
  });
  server.maxConnections = mostCallers;
  await listen(server, path);
  await leaveWord(stateDir, path);
  const forget = of === null ? null : await leaveWhereabouts(path, { ...of, stateDir });
  return {
    path,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      for (const socket of callers) socket.destroy();
      await closed;
      await forget?.();
    },
  };
}

async function listen(server: Server, path: string): Promise<void> {
  server.listen(path);
  await once(server, 'listening');
  await chmod(path, 0o600);
}

/** A socket outlives its daemon when that is killed; then nobody answers there. */
async function removeStale(path: string): Promise<void> {
  const code = await tryConnecting(path);
  if (code === null) throw new ControlError(`another process listens on ${path}; end it first`);
  if (code !== 'ENOENT') await unlink(path);
}

/** Null if somebody listens, else what the system says. */
function tryConnecting(path: string): Promise<string | null> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.on('connect', () => {
      socket.destroy();
      resolve(null);
    });
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'unknown'));
  });
}

function converse(socket: Socket, handler: ControlHandler): void {
  const gone = cancelSource();
  const read = lineReader(requestLimit);
  let asked = false;
  socket.on('close', gone.abort);
  // A caller that breaks off is no fault of ours; `close` follows.
  socket.on('error', () => undefined);
  socket.setTimeout(requestTimeoutMs, () => socket.destroy());
  // What comes after the request is read too, and dropped: unread, it would hide that the caller hangs up.
  socket.on('data', (bytes) => {
    if (asked) return;
    try {
      const [request] = read(bytes);
      if (request === undefined) return;
      asked = true;
      socket.setTimeout(0);
      handler(request, responder(socket, gone.cancel));
    } catch (error) {
      asked = true;
      const message = error instanceof ControlError ? error.message : 'the daemon could not answer';
      if (!socket.destroyed) socket.end(`${JSON.stringify({ error: message })}\n`);
    }
  });
}

function responder(socket: Socket, cancel: Cancel): Respond {
  let ended = false;
  const write = (data: unknown): void => {
    if (ended || cancel.cancelled) return;
    const line = JSON.stringify(data);
    const fits = Buffer.byteLength(line) <= replyLimit;
    socket.write(
      `${fits ? line : JSON.stringify({ error: `the reply is longer than ${replyLimit} bytes` })}\n`,
    );
    if (socket.writableLength > unreadLimit) socket.destroy();
  };
  return {
    cancel,
    send: (reply) => write({ reply }),
    end: () => {
      write({ end: true });
      ended = true;
      if (!socket.destroyed) socket.end();
    },
  };
}
