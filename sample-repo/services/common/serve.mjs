// What every service of the shop has in common: health, JSON, and an end that loses no request.
import { createServer } from 'node:http';
import { Server as NetServer } from 'node:net';

const bodyLimit = 16 * 1024;
/** Time for a client to use a connection once more, be told to close it, and not be cut off in between. */
const lastRequestMs = 200;
/** Longer than any answer of ours takes: what is still open then has never asked anything. */
const longestAnswerMs = 5_000;

/** A wrong request: the message is for whoever sent it. */
export class Refusal extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/**
 * Serves `routes` ("GET /orders" → handler) on PORT until SIGTERM. A handler gets `{ url, body }` and gives
 * `{ status, body }`, where body becomes JSON, or `{ status, headers, text }`.
 */
export function serve(routes) {
  let stopping = false;
  const server = createServer(async (request, response) => {
    const answer = await answerTo(request, routes);
    const text = answer.text ?? JSON.stringify(answer.body);
    response.writeHead(answer.status, {
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      ...answer.headers,
      'content-length': Buffer.byteLength(text),
      // Whoever keeps this connection learns with the answer, and not by a reset, that it ends here.
      ...(stopping ? { connection: 'close' } : {}),
    });
    response.end(text);
  });
  // The side that asks closes idle connections; otherwise it may use one while we are closing it.
  server.keepAliveTimeout = 75_000;
  server.listen(Number(process.env.PORT), '127.0.0.1');

  process.on('SIGTERM', () => {
    if (stopping) return;
    stopping = true;
    // That of http would cut idle connections at once.
    NetServer.prototype.close.call(server, () => process.exit(0));
    setInterval(() => server.closeIdleConnections(), lastRequestMs);
    setTimeout(() => server.closeAllConnections(), longestAnswerMs);
  });
}

async function answerTo(request, routes) {
  const url = new URL(request.url, 'http://localhost');
  if (url.pathname === '/healthz') return { status: 200, body: { healthy: true } };
  const handle = routes[`${request.method} ${url.pathname}`];
  if (!handle) return { status: 404, body: { error: `no ${request.method} ${url.pathname} here` } };
  try {
    const body = request.method === 'POST' ? await readJson(request) : null;
    return await handle({ url, body });
  } catch (error) {
    if (error instanceof Refusal) return { status: error.status, body: { error: error.message } };
    console.error(error);
    return { status: 502, body: { error: 'something that this needs did not answer' } };
  }
}

async function readJson(request) {
  const chunks = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > bodyLimit) throw new Refusal(413, 'too long');
    chunks.push(chunk);
  }
  try {
    const value = JSON.parse(Buffer.concat(chunks).toString('utf8'));
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  } catch {
    // answered below
  }
  throw new Refusal(400, 'the body has to be a JSON object');
}

/** Which of us answered: shown on the page, so that one sees a rollout happen. */
export function whoAmI(version) {
  return { version, instance: Number(process.env.INSTANCE ?? 0), pid: process.pid };
}
