import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

export interface Incoming {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** The JSON that was sent; undefined: none. */
  readonly body: unknown;
}

export interface Reply {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as it is, with this type, in place of a body. */
  readonly text?: readonly [type: string, text: string];
}

/** What happens to a request that was to go well. */
export type Fate =
  | { readonly kind: 'status'; readonly status: number }
  | { readonly kind: 'html'; readonly status: number }
  /** 403 or 429 with retry-after. */
  | { readonly kind: 'limit'; readonly status: 403 | 429; readonly afterSeconds: number }
  | { readonly kind: 'secondaryLimit'; readonly afterSeconds: number | null }
  | { readonly kind: 'primaryLimit'; readonly resetSeconds: number }
  | { readonly kind: 'redirect'; readonly to: string; readonly status?: 301 | 302 | 307 | 308 }
  | { readonly kind: 'hang' }
  /** The connection is cut: before anything was done, or when all was done. */
  | { readonly kind: 'cut' }
  | { readonly kind: 'lost' }
  | { readonly kind: 'slow'; readonly ms: number };

export interface Which {
  readonly method?: string;
  readonly path?: RegExp;
}

export interface Logged {
  readonly method: string;
  readonly path: string;
  /** 0: no answer was given. */
  readonly status: number;
  readonly needs: 'read' | 'write';
  /** `none`, or a kind of token. */
  readonly authorization: string;
}

export interface ServerOptions {
  answer(request: Incoming): Promise<Reply> | Reply;
  needs(request: Incoming): 'read' | 'write';
  authorization(request: Incoming): string;
  /** What a limit looks like here. */
  limited(fate: Extract<Fate, { kind: 'limit' | 'secondaryLimit' | 'primaryLimit' }>): Reply;
}

export interface FakeServer {
  readonly url: string;
  readonly log: readonly Logged[];
  /** Of the next requests that match, so many. */
  fate(which: Which, fate: Fate, times?: number): void;
  close(): Promise<void>;
}

interface Planned {
  readonly which: Which;
  readonly fate: Fate;
  left: number;
}

/** An HTTP server on 127.0.0.1 with a log and a will of its own. */
export async function startServer(options: ServerOptions): Promise<FakeServer> {
  const log: Logged[] = [];
  const planned: Planned[] = [];
  const sockets = new Set<Socket>();
  const serve = async (message: IncomingMessage, response: ServerResponse): Promise<void> => {
    const request = await readRequest(message);
    const plan = planned.find(({ which, left }) => left > 0 && matches(which, request));
    if (plan !== undefined) plan.left--;
    const reply = await decide(request, plan?.fate ?? null, options);
    log.push({
      method: request.method,
      path: request.path,
      status: reply === 'hang' || reply === 'cut' ? 0 : reply.status,
      needs: options.needs(request),
      authorization: options.authorization(request),
    });
    if (reply === 'cut') message.socket.destroy();
    else if (reply !== 'hang') send(response, reply);
  };
  const server = createServer((message, response) => {
    serve(message, response).catch((error: unknown) => {
      send(response, { status: 500, text: ['text/plain', String((error as Error).stack)] });
    });
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    log,
    fate: (which, fate, times = 1) => void planned.push({ which, fate, left: times }),
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function decide(
  request: Incoming,
  fate: Fate | null,
  { answer, limited }: ServerOptions,
): Promise<Reply | 'hang' | 'cut'> {
  switch (fate?.kind) {
    case undefined:
      return await answer(request);
    case 'status':
      return { status: fate.status };
    case 'html':
      return { status: fate.status, text: ['text/html; charset=utf-8', '<html><h1>Unicorn!</h1></html>'] };
    case 'redirect':
      return { status: fate.status ?? 302, headers: { location: fate.to } };
    case 'limit':
    case 'secondaryLimit':
    case 'primaryLimit':
      return limited(fate);
    case 'hang':
      return 'hang';
    case 'cut':
      return 'cut';
    case 'lost':
      await answer(request);
      return 'cut';
    case 'slow':
      await new Promise((resolve) => setTimeout(resolve, fate.ms));
      return await answer(request);
  }
}

function matches({ method, path }: Which, request: Incoming): boolean {
  return (
    (method === undefined || method === request.method) && (path === undefined || path.test(request.path))
  );
}

async function readRequest(message: IncomingMessage): Promise<Incoming> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString('utf8');
  const url = new URL(message.url ?? '/', 'http://fake');
  return {
    method: message.method ?? 'GET',
    path: url.pathname,
    query: url.searchParams,
    headers: message.headers,
    body: text === '' ? undefined : (JSON.parse(text) as unknown),
  };
}

function send(response: ServerResponse, { status, body, headers = {}, text }: Reply): void {
  const [type, content] =
    text ?? (body === undefined ? [null, ''] : ['application/json; charset=utf-8', JSON.stringify(body)]);
  response.writeHead(status, { ...headers, ...(type === null ? {} : { 'content-type': type }) });
  response.end(content);
}
