import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { gitEnvironment, makeFolder } from './git.js';

/** What becomes of a request; `lost`: it is done, and the connection ends before the answer; `torn`: within it. */
export type Fate =
  | { readonly kind: 'served' | 'lost' | 'dropped' | 'torn' }
  | {
      readonly kind: 'answered';
      readonly status: number;
      readonly headers?: Record<string, string>;
      readonly body?: string;
    };

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly authorization: string | null;
}

export interface GitServer {
  readonly url: string;
  /** The bare repository. */
  readonly folder: string;
  readonly asked: Asked[];
  fate: (asked: Asked) => Fate;
  /** Awaited before a request is carried out, and after it, before its fate. */
  before: (asked: Asked) => Promise<void>;
  after: (asked: Asked) => Promise<void>;
  /** Who comes without it is not let in; null: everybody is. */
  token: string | null;
  /** Nobody listens any more; `start` again on the same port. */
  stop(): Promise<void>;
  start(): Promise<void>;
}

const served: Fate = { kind: 'served' };

/** The real `git http-backend` behind a small server on a free port of this machine. */
export async function gitServer(options: { readonly token?: string } = {}): Promise<GitServer> {
  const root = makeFolder('hs-git-');
  const folder = join(root, 'model.git');
  mkdirSync(folder);
  const git = (...args: string[]): string =>
    execFileSync('git', args, { cwd: folder, env: gitEnvironment(), encoding: 'utf8' });
  git('init', '-q', '--bare', '-b', 'main');
  git('config', 'http.receivepack', 'true');
  const backend = join(git('--exec-path').trim(), 'git-http-backend');
  const asked: Asked[] = [];
  const sockets = new Set<{ destroy(): void }>();
  const server = createServer((request, response) => void serve(request, response));
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  const nothing = (): Promise<void> => Promise.resolve();
  const self: { -readonly [Key in keyof GitServer]: GitServer[Key] } = {
    ...{ url: '', folder, asked, fate: () => served, before: nothing, after: nothing },
    ...{ token: options.token ?? null, stop, start },
  };
  let port = 0;
  await start();
  self.url = `http://127.0.0.1:${port}/model.git`;
  onTestFinished(stop);
  return self;

  async function start(): Promise<void> {
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    port = (server.address() as AddressInfo).port;
  }

  async function stop(): Promise<void> {
    for (const socket of sockets) socket.destroy();
    if (server.listening) await new Promise((resolve) => server.close(resolve));
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const one = {
      method: request.method ?? '',
      path: request.url ?? '',
      authorization: request.headers.authorization ?? null,
    };
    asked.push(one);
    const fate = self.fate(one);
    if (fate.kind === 'dropped') return void request.socket.destroy();
    if (fate.kind === 'answered')
      return void response.writeHead(fate.status, fate.headers).end(fate.body ?? '');
    const wanted = `Basic ${Buffer.from(`x-access-token:${self.token ?? ''}`).toString('base64')}`;
    if (self.token !== null && one.authorization !== wanted)
      return void response.writeHead(401, { 'www-authenticate': 'Basic realm="git"' }).end();
    await self.before(one);
    const answer = await run(request);
    await self.after(one);
    if (fate.kind === 'lost') return void request.socket.destroy();
    const end = answer.indexOf('\r\n\r\n');
    const headers = Object.fromEntries(
      answer
        .subarray(0, end)
        .toString('utf8')
        .split('\r\n')
        .map((line) => [
          line.slice(0, line.indexOf(':')).toLowerCase(),
          line.slice(line.indexOf(':') + 1).trim(),
        ]),
    ) as Record<string, string>;
    const { status, ...others } = headers;
    const body = answer.subarray(end + 4);
    response.writeHead(Number(status?.slice(0, 3) ?? 200), others);
    if (fate.kind !== 'torn') return void response.end(body);
    response.write(body.subarray(0, Math.floor(body.length * 0.7)), () => request.socket.destroy());
  }

  function run(request: IncomingMessage): Promise<Buffer> {
    const url = new URL(request.url ?? '', 'http://localhost');
    const child = spawn(backend, {
      env: {
        ...gitEnvironment(),
        GIT_PROJECT_ROOT: root,
        GIT_HTTP_EXPORT_ALL: '1',
        REQUEST_METHOD: request.method ?? '',
        PATH_INFO: url.pathname,
        QUERY_STRING: url.search.slice(1),
        CONTENT_TYPE: request.headers['content-type'] ?? '',
        HTTP_CONTENT_ENCODING: request.headers['content-encoding'] ?? '',
        GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
        REMOTE_USER: 'test',
        REMOTE_ADDR: '127.0.0.1',
      },
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    child.stdin.on('error', () => undefined);
    request.pipe(child.stdin);
    return new Promise((resolve, reject) => {
      const chunks: Buffer[] = [];
      child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
      child.on('error', reject);
      child.on('close', () => resolve(Buffer.concat(chunks)));
    });
  }
}
