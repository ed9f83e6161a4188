import { connect } from 'node:net';
import type { Cancel } from '../../ports/clock.js';
import type { ProbeAnswer } from '../../ports/probe.js';
import { once, type Target } from './once.js';

/** Good if a connection is accepted. */
export function probeTcp(target: Target, cancel: Cancel): Promise<ProbeAnswer> {
  return once(target.timeoutMs, cancel, ({ answer, sinceMs }) => {
    const socket = connect({ host: target.address, port: target.port });
    socket.once('connect', () => answer(true, `connected in ${sinceMs()} ms`));
    socket.on('error', (error) => answer(false, describeError(error)));
    return () => socket.destroy();
  });
}

export function describeError(error: Error): string {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ECONNREFUSED' ? 'connection refused' : (code ?? 'the connection failed');
}
