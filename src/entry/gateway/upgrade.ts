import { Agent, type IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { createProxyServer } from 'httpxy';
import { dialed } from './dial.js';
import { connectionTokens, forwarded } from './headers.js';
import { Search } from './search.js';
import { splice } from './tcp.js';
import type { Traffic } from './traffic.js';
import type { Upstream } from './upstream.js';

export interface Upgrade {
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  readonly head: Buffer;
}

const proxy = createProxyServer();
proxy.on('error', (_error, _request, socket) => {
  // Not after a part of an answer: it would be read as more of it.
  if (socket && 'setNoDelay' in socket && socket.writable && !answered.has(socket)) socket.write(badGateway);
});
proxy.on('proxyReqWs', (upstreamRequest, _request, socket) => {
  const mark = () => answered.add(socket);
  upstreamRequest.once('upgrade', mark);
  upstreamRequest.once('response', mark);
});

const answered = new WeakSet<Duplex>();
const badGateway = 'HTTP/1.1 502 Bad Gateway\r\nconnection: close\r\ncontent-length: 0\r\n\r\n';
const unavailable =
  'HTTP/1.1 503 Service Unavailable\r\nconnection: close\r\nretry-after: 1\r\ncontent-length: 0\r\n\r\n';

/** A client that wants to leave HTTP/1.1 on its connection. */
export async function upgrade(traffic: Traffic, { request, socket, head }: Upgrade): Promise<void> {
  // Node's server has let go of the socket: without a listener its error would end the process.
  socket.on('error', () => undefined);
  traffic.total += 1;
  const search = new Search(traffic.pool, () => socket.destroyed);
  for (;;) {
    const upstream = await search.next();
    if (!upstream) {
      traffic.failed += 1;
      socket.end(unavailable);
      return;
    }
    upstream.begin();
    try {
      const backend = await connected(upstream);
      if (!backend) {
        search.avoid(upstream);
        continue;
      }
      if (!isWebSocket(request)) return await asPlain({ request, socket, head }, backend);
      await converse({ request, socket, head }, upstream, backend);
      if (!answered.has(socket)) traffic.failed += 1;
      return;
    } finally {
      upstream.end();
    }
  }
}

async function connected(upstream: Upstream): Promise<Socket | null> {
  try {
    return await dialed(upstream.place, true);
  } catch {
    upstream.refused();
    return null;
  }
}

function isWebSocket({ method, headers }: IncomingMessage): boolean {
  return method === 'GET' && headers.upgrade?.toLowerCase() === 'websocket';
}

async function converse(
  { request, socket, head }: Upgrade,
  { place }: Upstream,
  backend: Socket,
): Promise<void> {
  forwarded(request);
  const { address: host, port } = place;
  const target = { protocol: 'http:', host, port };
  await proxy.ws(request, socket as Socket, { target, agent: new Ready(backend) }, head);
}

/** Hands out the one socket that is connected already. */
class Ready extends Agent {
  readonly #socket: Socket;

  constructor(socket: Socket) {
    super();
    this.#socket = socket;
  }

  override createConnection(): Duplex {
    return this.#socket;
  }
}

/**
 * A server may overlook a wish to upgrade (RFC 9110 §7.8), and for all but WebSocket we do: Java's
 * client wishes for h2c on its first request. Node hands over the bare connection, so head and body
 * go on as they came, for this one request.
 */
function asPlain({ request, socket, head }: Upgrade, backend: Socket): Promise<void> {
  const { headers, rawHeaders } = request;
  const dropped = new Set([
    ...connectionTokens(headers.connection ?? ''),
    'connection',
    'upgrade',
    'x-forwarded-for',
  ]);
  forwarded(request);
  let text = `${request.method} ${request.url} HTTP/1.1\r\n`;
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? '';
    if (!dropped.has(name.toLowerCase())) text += `${name}: ${rawHeaders[index + 1] ?? ''}\r\n`;
  }
  for (const name of ['x-forwarded-for', 'x-forwarded-proto', 'x-forwarded-host']) {
    const given = rawHeaders.some((raw, index) => index % 2 === 0 && raw.toLowerCase() === name);
    if (name === 'x-forwarded-for' || !given) text += `${name}: ${String(headers[name] ?? '')}\r\n`;
  }
  backend.write(`${text}connection: close\r\n\r\n`, 'latin1');
  if (head.length > 0) backend.write(head);
  return splice(socket as Socket, backend);
}
