import { createHmac, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Failure } from '../cli/operations.js';

export interface WebhookOptions {
  readonly host: string;
  readonly port: number;
  /** Shared with the forge. */
  readonly secret: string;
  /** Something may have happened: look. Its time and contents are no matter of trust. */
  hint(event: string): void;
  /** Monotonic, in milliseconds. */
  now(): number;
  readonly limits?: Partial<WebhookLimits>;
}

export interface WebhookLimits {
  /** GitHub sends no more (https://docs.github.com/webhooks/webhook-events-and-payloads#payload-cap). */
  readonly bodyBytes: number;
  readonly bodyMs: number;
  /** Deliveries in a window, whether good or bad. */
  readonly deliveries: number;
  readonly windowMs: number;
}

export interface WebhookServer {
  readonly url: string;
  close(): Promise<void>;
}

const usual: WebhookLimits = {
  bodyBytes: 25 * 1024 * 1024,
  bodyMs: 10_000,
  deliveries: 300,
  windowMs: 10_000,
};
const mostCallers = 64;
const rememberedDeliveries = 1_000;
/** What may have moved a branch. Anything else is taken in, and means nothing. */
const hints: ReadonlySet<string> = new Set(['push', 'pull_request', 'merge_group', 'create', 'delete']);

/**
 * Hears a forge say that something happened. Only ever a hint to look at the tip: nothing of what is sent is read, but
 * that its digest shows who sent it. So nobody can have anything enacted by it, and a lost one costs a poll.
 * @throws {Failure} where the address cannot be had.
 */
export async function serveWebhook(options: WebhookOptions): Promise<WebhookServer> {
  const hearer = new Hearer(options);
  const { bodyMs } = hearer.limits;
  const server = createServer(
    { requestTimeout: bodyMs, headersTimeout: bodyMs, connectionsCheckingInterval: Math.min(1_000, bodyMs) },
    (request, response) => void hearer.hear(request, response),
  );
  server.keepAliveTimeout = 1;
  server.maxConnections = mostCallers;
  server.listen(options.port, options.host);
  try {
    await once(server, 'listening');
  } catch (error) {
    throw new Failure(
      'webhook.listen',
      `cannot listen for webhooks at ${options.host}:${options.port}: ${(error as Error).message}`,
      'Give a free address of this machine in webhook.listen of the configuration, such as 127.0.0.1:8085.',
    );
  }
  const { address, port, family } = server.address() as AddressInfo;
  return {
    url: `http://${family === 'IPv6' ? `[${address}]` : address}:${port}/webhook`,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

class Hearer {
  readonly limits: WebhookLimits;
  /** Ids of deliveries, oldest first: a forge that got no answer sends the same again. */
  private readonly known = new Set<string>();
  private windowAt = Number.NEGATIVE_INFINITY;
  private inWindow = 0;

  constructor(private readonly options: WebhookOptions) {
    this.limits = { ...usual, ...options.limits };
  }

  async hear(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const wrong = this.wrongAtOnce(request);
    if (wrong !== null) return answer(response, ...wrong);
    const digest = await this.digest(request).catch(() => 'cut' as const);
    if (digest === 'tooLarge') return answer(response, 413, `no more than ${this.limits.bodyBytes} bytes`);
    if (digest === 'cut') return void request.destroy();
    if (!isSignature(signatureOf(request), digest)) return answer(response, 401, 'the signature is not ours');
    const event = header(request, 'x-github-event') ?? header(request, 'x-gitea-event') ?? '';
    if (this.isKnown(request)) return answer(response, 202, 'heard before');
    if (!hints.has(event)) return answer(response, 202, 'heard, and nothing to look at');
    this.options.hint(event);
    answer(response, 202, 'heard');
  }

  /** Null: it may go on to its body. */
  private wrongAtOnce(request: IncomingMessage): readonly [number, string] | null {
    const { method = '', url = '' } = request;
    if (url.split('?')[0] !== '/webhook') return [404, 'webhooks go to /webhook'];
    if (method !== 'POST') return [405, 'POST'];
    if (!this.mayCome()) return [429, 'too many deliveries'];
    if (signatureOf(request) === null)
      return [401, 'a signature is missing: set the same secret here and at the forge (SHA-256)'];
    const length = Number(request.headers['content-length'] ?? 0);
    return length > this.limits.bodyBytes ? [413, `no more than ${this.limits.bodyBytes} bytes`] : null;
  }

  private mayCome(): boolean {
    const now = this.options.now();
    if (now - this.windowAt >= this.limits.windowMs) {
      this.windowAt = now;
      this.inWindow = 0;
    }
    return ++this.inWindow <= this.limits.deliveries;
  }

  /** Of the body as it comes; none of it is kept. */
  private async digest(request: IncomingMessage): Promise<Buffer | 'tooLarge'> {
    const hmac = createHmac('sha256', this.options.secret);
    let bytes = 0;
    for await (const chunk of request as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > this.limits.bodyBytes) return 'tooLarge';
      hmac.update(chunk);
    }
    return hmac.digest();
  }

  private isKnown(request: IncomingMessage): boolean {
    const given = header(request, 'x-github-delivery') ?? header(request, 'x-gitea-delivery');
    if (given === null) return false;
    const id = given.slice(0, 100);
    if (this.known.has(id)) return true;
    this.known.add(id);
    for (const oldest of this.known) {
      if (this.known.size <= rememberedDeliveries) break;
      this.known.delete(oldest);
    }
    return false;
  }
}

/** Hex digits; null where there is none that we would trust: of SHA-1 nothing is believed. */
function signatureOf(request: IncomingMessage): string | null {
  const github = /^sha256=([0-9a-f]{64})$/i.exec(header(request, 'x-hub-signature-256') ?? '')?.[1];
  return github ?? /^[0-9a-f]{64}$/i.exec(header(request, 'x-gitea-signature') ?? '')?.[0] ?? null;
}

function isSignature(given: string | null, digest: Buffer): boolean {
  return given !== null && timingSafeEqual(Buffer.from(given, 'hex'), digest);
}

function header(request: IncomingMessage, name: string): string | null {
  const value = request.headers[name];
  return typeof value === 'string' ? value : null;
}

function answer(response: ServerResponse, code: number, message: string): void {
  const text = `${JSON.stringify({ message })}\n`;
  response.writeHead(code, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(text),
    connection: 'close',
    ...(code === 405 ? { allow: 'POST' } : {}),
  });
  response.end(text);
}
