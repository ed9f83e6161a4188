import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';

/** Of one connection only (RFC 9110 §7.6.1), `transfer-encoding` aside: it tells whether there is a body. */
const hopByHop = [
  'keep-alive',
  'proxy-connection',
  'proxy-authorization',
  'proxy-authenticate',
  'te',
  'trailer',
];

/** Makes a request's headers those of the next hop. */
export function forwardable(request: IncomingMessage): void {
  const { headers } = request;
  removeHopByHop(headers);
  // Node's server has answered it, or we do when the backend has taken the connection.
  delete headers.expect;
  forwarded(request);
}

export function removeHopByHop(headers: IncomingHttpHeaders): void {
  if (headers.connection !== undefined) {
    for (const name of connectionTokens(headers.connection)) {
      if (name !== 'transfer-encoding' && name !== 'content-length' && name !== 'host') delete headers[name];
    }
    delete headers.connection;
  }
  for (const name of hopByHop) if (headers[name] !== undefined) delete headers[name];
  if (headers.upgrade !== undefined) delete headers.upgrade;
}

/** Who asked, and how: `X-Forwarded-For` is continued; the other two tell of the first proxy. */
export function forwarded(request: IncomingMessage): void {
  const { headers } = request;
  const client = request.socket.remoteAddress ?? 'unknown';
  const before = headers['x-forwarded-for'];
  headers['x-forwarded-for'] = before === undefined ? client : `${String(before)}, ${client}`;
  headers['x-forwarded-proto'] ??= 'http';
  if (headers.host !== undefined) headers['x-forwarded-host'] ??= headers.host;
}

export function connectionTokens(value: string): string[] {
  return value.split(',').map((token) => token.trim().toLowerCase());
}

export function hasBody(request: IncomingMessage): boolean {
  const { headers } = request;
  if (headers['transfer-encoding'] !== undefined) return true;
  return headers['content-length'] !== undefined && headers['content-length'] !== '0';
}
