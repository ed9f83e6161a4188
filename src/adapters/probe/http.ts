import { request } from 'node:http';
import type { Probe } from '../../core/base/desired.js';
import type { Cancel } from '../../ports/clock.js';
import type { ProbeAnswer } from '../../ports/probe.js';
import { once, type Target } from './once.js';
import { describeError } from './tcp.js';

/**
 * Good by the status alone: one that is listed, or 200 to 399 where none is. Redirections are not followed,
 * so the answer is always that of the instance itself.
 */
export function probeHttp(
  target: Target,
  probe: Extract<Probe, { kind: 'http' }>,
  cancel: Cancel,
): Promise<ProbeAnswer> {
  return once(target.timeoutMs, cancel, ({ answer, sinceMs }) => {
    const asked = request({
      host: target.address,
      port: target.port,
      path: probe.path.startsWith('/') ? probe.path : `/${probe.path}`,
      // A kept connection could be answered by a process that is already on its way out.
      agent: false,
      headers: { 'user-agent': 'heliostat', accept: '*/*', connection: 'close' },
    });
    asked.once('response', (response) => {
      const status = response.statusCode ?? 0;
      answer(isGood(status, probe.status), `${status} in ${sinceMs()} ms`);
    });
    asked.on('error', (error) => answer(false, describeError(error)));
    asked.end();
    return () => asked.destroy();
  });
}

function isGood(status: number, wanted: readonly number[]): boolean {
  return wanted.length > 0 ? wanted.includes(status) : status >= 200 && status < 400;
}
