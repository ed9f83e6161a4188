import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** A server that a gate asks: answers JSON, as the test has it say. */
export interface Judge {
  readonly url: string;
  /** How often it was asked. */
  readonly asked: () => number;
  say(answer: unknown): void;
  /** Nobody answers at its place any more. */
  goAway(): Promise<void>;
  comeBack(): Promise<void>;
}

export async function startJudge(first: unknown = { errors: 0 }): Promise<Judge> {
  let answer = first;
  let asked = 0;
  let server: Server | null = null;
  let port = 0;
  const listen = async (): Promise<void> => {
    const next = createServer((_request, response) => {
      asked++;
      response.writeHead(200, { 'content-type': 'application/json', connection: 'close' });
      response.end(JSON.stringify(answer));
    });
    await new Promise<void>((resolve, reject) => {
      next.once('error', reject);
      next.listen(port, '127.0.0.1', resolve);
    });
    port = (next.address() as AddressInfo).port;
    server = next;
  };
  const close = async (): Promise<void> => {
    const last = server;
    server = null;
    if (last !== null) await new Promise((resolve) => last.close(resolve));
  };
  await listen();
  onTestFinished(close);
  return {
    url: `http://127.0.0.1:${port}/errors.json`,
    asked: () => asked,
    say: (next) => (answer = next),
    goAway: close,
    comeBack: listen,
  };
}
