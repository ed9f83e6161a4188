import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createProxyServer, type ProxyServer } from 'httpxy';
import { DialError } from './dial.js';
import { forwardable, hasBody, removeHopByHop } from './headers.js';
import { Search } from './search.js';
import type { Traffic } from './traffic.js';
import { upgrade } from './upgrade.js';
import type { Upstream } from './upstream.js';

const repeats = 3;

/** Slow senders of headers are cut; long uploads, long polls and streams are not. */
const limits = {
  headersTimeout: 20_000,
  requestTimeout: 0,
  // Longer than clients keep idle connections, so that it is they who close them.
  keepAliveTimeout: 90_000,
  connectionsCheckingInterval: 5_000,
  maxHeaderSize: 32_768,
} as const;
/** Nothing at all of a request that has begun. */
const silenceLimitMs = 60_000;

export function httpListener(traffic: Traffic): Server {
  const expecting = new WeakSet<IncomingMessage>();
  const proxy = httpProxy(traffic, expecting);
  const server = createServer(limits);
  server.timeout = silenceLimitMs;
  const handle = (request: IncomingMessage, response: ServerResponse) => {
    // A handler keeps Node from cutting the connection: only a client that stopped half-way is cut.
    response.on('timeout', () => {
      if (!request.complete && request.readableLength === 0) request.socket.destroy();
    });
    void forward({ traffic, proxy, request, response });
  };
  server.on('request', handle);
  server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
    expecting.add(request);
    handle(request, response);
  });
  server.on('upgrade', (request: IncomingMessage, socket, head: Buffer) => {
    void upgrade(traffic, { request, socket, head });
  });
  return server;
}

interface Exchange {
  readonly traffic: Traffic;
  readonly proxy: ProxyServer;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

async function forward(exchange: Exchange): Promise<void> {
  const { traffic, request, response } = exchange;
  traffic.total += 1;
  let repeatsLeft = isPlainRead(request) ? repeats : 0;
  forwardable(request);
  const search = new Search(traffic.pool, () => response.destroyed);
  for (;;) {
    const found = search.next();
    const upstream = found instanceof Promise ? await found : found;
    if (!upstream) return refuse(exchange, 503);
    const failure = await attempt(exchange, upstream, repeatsLeft === repeats);
    if (!failure) return;
    if (failure instanceof DialError) upstream.refused();
    else if (!isReset(failure) || repeatsLeft-- === 0) return refuse(exchange, 502);
    search.avoid(upstream);
    // Each attempt leaves its listeners behind; many refusals are no leak.
    request.setMaxListeners(0);
    response.setMaxListeners(0);
  }
}

/** Null: answered, or begun to be answered and then cut, or the client left. */
async function attempt(exchange: Exchange, upstream: Upstream, mayReuse: boolean): Promise<Error | null> {
  const { proxy, request, response } = exchange;
  const { address: host, port } = upstream.place;
  const agent = mayReuse ? upstream.kept : upstream.fresh;
  upstream.begin();
  try {
    await proxy.web(request, response, { target: { protocol: 'http:', host, port }, agent });
    return null;
  } catch (error) {
    if (response.destroyed) return null;
    if (!response.headersSent) return error as Error;
    // A backend may answer before it has the whole body, and then hear no more of it.
    await once(response, 'close');
    return null;
  } finally {
    upstream.end();
  }
}

function isPlainRead(request: IncomingMessage): boolean {
  return (request.method === 'GET' || request.method === 'HEAD') && !hasBody(request);
}

/** Ended before any byte of the answer. */
function isReset(error: NodeJS.ErrnoException): boolean {
  return error.code === 'ECONNRESET' || error.code === 'EPIPE' || error.code === 'ECONNABORTED';
}

function refuse({ traffic, request, response }: Exchange, status: 502 | 503): void {
  if (response.destroyed) return;
  traffic.failed += 1;
  const text = status === 503 ? 'No backend is ready.\n' : 'The backend gave no valid answer.\n';
  response.statusCode = status;
  response.setHeader('content-type', 'text/plain; charset=utf-8');
  response.setHeader('content-length', text.length);
  if (status === 503) response.setHeader('retry-after', '1');
  // Its body was not read, and need not be.
  if (!request.complete) response.setHeader('connection', 'close');
  response.end(text);
}

/**
 * httpxy carries the streams: back pressure, early answers, clients that leave. Ours is what it
 * leaves open: when the body begins to flow (its agents' business), hop-by-hop headers, repeats.
 */
function httpProxy(traffic: Traffic, expecting: WeakSet<IncomingMessage>): ProxyServer {
  const proxy = createProxyServer();
  proxy.on('proxyReq', (_upstreamRequest, request, response) => {
    const sender = request as IncomingMessage;
    if (expecting.delete(sender)) (response as ServerResponse).writeContinue();
  });
  proxy.on('proxyRes', (answer, _request, response) => {
    const { shouldKeepAlive } = response as ServerResponse;
    removeHopByHop(answer.headers);
    // Node frames the answer for this client anew.
    delete answer.headers['transfer-encoding'];
    answer.headers.connection = shouldKeepAlive && !traffic.closing ? 'keep-alive' : 'close';
    // Before the library cuts the client off too; one that left by itself was not failed.
    answer.once('error', () => {
      if (!response.destroyed) traffic.failed += 1;
    });
  });
  return proxy;
}
