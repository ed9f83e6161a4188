import { createServer, type Server, type Socket } from 'node:net';
import { onJsonLines } from '../../adapters/gateway/lines.js';
import { protocol, type Answer, type AskLine, type GatewayBinding } from '../../adapters/gateway/protocol.js';

/** What the control socket may ask for. */
export interface Commands {
  hello(): unknown;
  route(binding: GatewayBinding, epoch: number): Promise<Answer>;
  unroute(key: string, epoch: number): Promise<Answer>;
  stats(): unknown;
  shutdown(graceMs: number): void;
}

const understands: readonly number[] = [protocol];

/** Not listening yet. `hello` is answered whatever the protocol, so that any version can tell who runs. */
export function controlServer(commands: Commands): Server {
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    onJsonLines(socket, (line) => void reply(socket, line as unknown as AskLine, commands));
  });
  return server;
}

async function reply(socket: Socket, ask: AskLine, commands: Commands): Promise<void> {
  const answer = await answerTo(ask, commands).catch((error: unknown): Answer => {
    return { ok: false, code: 'gateway.bug', message: String(error), retryable: false };
  });
  if (socket.writable) socket.write(`${JSON.stringify({ id: ask.id, ...answer })}\n`);
}

async function answerTo(ask: AskLine, commands: Commands): Promise<Answer> {
  if (ask.verb === 'hello')
    return { ok: true, value: { protocol, understands, ...(commands.hello() as object) } };
  // Ending must be possible for every version: it is how one replaces another.
  if (ask.verb === 'shutdown') {
    commands.shutdown(ask.graceMs);
    return { ok: true, value: null };
  }
  if (!understands.includes(ask.protocol)) {
    const message = `protocol ${ask.protocol} is not understood, ${understands.join(', ')} is`;
    return { ok: false, code: 'gateway.version', message, retryable: false };
  }
  switch (ask.verb) {
    case 'route':
      return isBinding(ask.binding) ? await commands.route(ask.binding, ask.epoch) : malformed;
    case 'unroute':
      return typeof ask.key === 'string' ? await commands.unroute(ask.key, ask.epoch) : malformed;
    case 'stats':
      return { ok: true, value: commands.stats() };
    default:
      return malformed;
  }
}

const malformed: Answer = {
  ok: false,
  code: 'gateway.malformed',
  message: 'not understood',
  retryable: false,
};

function isBinding(value: GatewayBinding | undefined): boolean {
  return (
    typeof value?.key === 'string' &&
    (value.scheme === 'http' || value.scheme === 'tcp') &&
    typeof value.address === 'string' &&
    isPort(value.port) &&
    Array.isArray(value.backends) &&
    value.backends.every(
      ({ instance, address, port, weight }) =>
        typeof instance === 'string' &&
        typeof address === 'string' &&
        isPort(port) &&
        Number.isFinite(weight) &&
        weight >= 0,
    )
  );
}

function isPort(value: unknown): boolean {
  return Number.isInteger(value) && (value as number) > 0 && (value as number) < 65_536;
}
