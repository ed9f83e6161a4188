import { createServer } from 'node:net';
import { tryAgain } from '../parts/outcomes.js';

/**
 * Programs commonly listen on all addresses, so a port is free only if nobody listens on it anywhere.
 * @throws {TransitionFailure} `port.taken`
 */
export async function demandFreePort(port: number): Promise<void> {
  const error = (await tryToListen(port, '::')) ?? null;
  if (error === null) return;
  // A machine without IPv6.
  const noIpv6 = error === 'EAFNOSUPPORT' || error === 'EADDRNOTAVAIL';
  const second = noIpv6 ? await tryToListen(port, '0.0.0.0') : error;
  if (second !== null) throw tryAgain('port.taken', `port ${port} is taken (${second})`);
}

function tryToListen(port: number, host: string): Promise<string | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'error'));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(null)));
  });
}
