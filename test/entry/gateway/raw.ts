import { connect, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** A connection on which a test says and hears exact bytes. */
export interface Raw {
  readonly socket: Socket;
  /** All heard so far. */
  heard(): string;
  /** Settles when the text was heard. */
  hears(text: string): Promise<void>;
  /** Settles when the other side has ended or cut the connection. */
  readonly ended: Promise<void>;
}

export function raw(port: number, first = '', allowHalfOpen = false): Raw {
  const socket = connect({ host: '127.0.0.1', port, allowHalfOpen });
  onTestFinished(() => void socket.destroy());
  let heard = '';
  const listeners = new Set<() => void>();
  socket.setEncoding('latin1').on('data', (text: string) => {
    heard += text;
    for (const listener of listeners) listener();
  });
  const ended = new Promise<void>((resolve) => {
    socket.on('error', () => resolve());
    socket.on('end', () => resolve());
    socket.on('close', () => resolve());
  });
  if (first !== '') socket.write(first, 'latin1');
  return {
    socket,
    heard: () => heard,
    ended,
    hears: (text) =>
      new Promise((resolve, reject) => {
        const look = () => {
          if (!heard.includes(text)) return;
          listeners.delete(look);
          resolve();
        };
        listeners.add(look);
        void ended.then(() =>
          heard.includes(text) ? resolve() : reject(new Error(`ended after ${JSON.stringify(heard)}`)),
        );
        look();
      }),
  };
}
