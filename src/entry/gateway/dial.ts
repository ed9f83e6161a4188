import { connect, type Socket } from 'node:net';

/** No connection: the backend has seen nothing of the request, so any other may have it. */
export class DialError extends Error {
  override readonly name = 'DialError';
}

const dialLimitMs = 2_000;

export interface Place {
  readonly address: string;
  readonly port: number;
}

/** A connected socket without listeners, or a `DialError`. */
export function dial(
  place: Place,
  allowHalfOpen: boolean,
  done: (error: Error | null, socket: Socket) => void,
): void {
  const socket = connect({
    host: place.address,
    port: place.port,
    noDelay: true,
    keepAlive: true,
    allowHalfOpen,
  });
  const settle = (error: Error | null) => {
    clearTimeout(timer);
    socket.off('connect', connected);
    socket.off('error', failed);
    done(error, socket);
  };
  const connected = () => settle(null);
  const failed = (cause: Error) => {
    // A second error of a dying socket has nobody to go to.
    socket.on('error', () => undefined);
    socket.destroy();
    settle(new DialError(cause.message, { cause }));
  };
  const timer = setTimeout(() => failed(new Error(`no connection within ${dialLimitMs} ms`)), dialLimitMs);
  socket.on('connect', connected);
  socket.on('error', failed);
}

export function dialed(place: Place, allowHalfOpen: boolean): Promise<Socket> {
  return new Promise((resolve, reject) => {
    dial(place, allowHalfOpen, (error, socket) => (error ? reject(error) : resolve(socket)));
  });
}
