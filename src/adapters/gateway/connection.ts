import { connect, type Socket } from 'node:net';
import type { Cancel } from '../../ports/clock.js';
import { onJsonLines } from './lines.js';
import { protocol, type Answer, type Ask, type Hello } from './protocol.js';

/** `lost`: the connection ended before the answer, so whether it was done is not known. */
export type Reply = Answer | 'lost' | 'late' | 'cancelled';

export interface Patience {
  /** In milliseconds from now. */
  readonly timeoutMs: number;
  readonly cancel: Cancel;
}

/** A connection to a running gateway. It keeps a program from ending only while an answer is awaited. */
export class Connection {
  readonly #socket: Socket;
  readonly #pending = new Map<number, (reply: Reply) => void>();
  #next = 1;
  #open = true;

  private constructor(socket: Socket) {
    this.#socket = socket;
    onJsonLines(socket, (line) => this.#take(line));
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      this.#open = false;
      for (const settle of [...this.#pending.values()]) settle('lost');
    });
    socket.unref();
  }

  /** Null if nobody listens there. */
  static to(path: string): Promise<Connection | null> {
    return new Promise((resolve) => {
      const socket = connect(path);
      const fail = () => {
        socket.destroy();
        resolve(null);
      };
      socket.once('error', fail);
      socket.once('connect', () => {
        socket.off('error', fail);
        resolve(new Connection(socket));
      });
    });
  }

  get open(): boolean {
    return this.#open;
  }

  ask(ask: Ask, patience: Patience): Promise<Reply> {
    if (!this.#open) return Promise.resolve('lost');
    if (patience.cancel.cancelled) return Promise.resolve('cancelled');
    const id = this.#next++;
    return new Promise((resolve) => {
      const settle = (reply: Reply) => {
        clearTimeout(timer);
        unsubscribe();
        this.#pending.delete(id);
        if (this.#pending.size === 0) this.#socket.unref();
        resolve(reply);
      };
      const timer = setTimeout(() => settle('late'), Math.max(0, patience.timeoutMs));
      const unsubscribe = patience.cancel.onCancel(() => settle('cancelled'));
      this.#pending.set(id, settle);
      this.#socket.ref();
      this.#socket.write(`${JSON.stringify({ id, protocol, ...ask })}\n`);
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  #take(line: Readonly<Record<string, unknown>>): void {
    const settle = this.#pending.get(Number(line['id']));
    if (settle) settle(line as unknown as Answer);
  }
}

/** The gateway's answer to `hello`, checked: another version wrote it. */
export function helloOf(reply: Reply): Hello | null {
  if (typeof reply === 'string' || !reply.ok) return null;
  const value = reply.value as Partial<Hello> | null;
  if (!value || !Array.isArray(value.understands) || !Number.isSafeInteger(value.pid)) return null;
  return value as Hello;
}
