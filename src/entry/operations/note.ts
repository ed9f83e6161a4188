import { randomBytes } from 'node:crypto';
import type { JsonMap } from '../../core/base/data.js';
import { isoTime } from '../../core/base/time.js';
import { StatusBranch, statusRef } from '../../engine/status-branch.js';
import { writeRequest } from '../../engine/written-requests.js';
import type { OperatorRequest } from '../../ports/operator.js';
import { shortBranch } from '../../ports/repository.js';
import type { ActView } from '../cli/operations.js';
import { Failure } from '../cli/operations.js';
import type { Location } from './place.js';
import { readState } from './state.js';
import { wire } from './wiring.js';

/** Why nobody can hear it now. */
const notHere: ReadonlySet<string> = new Set(['claim.refused', 'state.locked']);

/** Whether it can be left on the status branch for the one who may do it. */
export function canBeNoted(failure: unknown, { verb }: OperatorRequest): boolean {
  return failure instanceof Failure && notHere.has(failure.code) && verb !== 'down' && verb !== 'shutdown';
}

/** Leaves a request on the status branch: whoever runs the domain takes it up with the next `apply` or `run`. */
export async function note(
  version: string,
  location: Location,
  request: OperatorRequest,
  because: Failure,
): Promise<ActView> {
  const wired = await wire(location, { version, takeover: false, log: null, level: 'error', readOnly: true });
  try {
    const { ports, options } = wired;
    const { controller, home } = options;
    const branch = new StatusBranch({
      ...ports,
      domain: location.domain,
      controller,
      home,
      takeover: false,
    });
    const { tip } = (await readState(location, wired)).domain;
    const saidAtMs = ports.clock.wallMs();
    const id = `${isoTime(saidAtMs).replaceAll(/[^0-9TZ]/g, '')}-${randomBytes(4).toString('hex')}`;
    const wrong = await writeRequest(branch, location.domain, {
      id,
      request: request as unknown as JsonMap,
      tip,
      saidAtMs,
    });
    if (wrong !== null)
      throw new Failure(
        because.code,
        `${because.message}; nor can it be left on the status branch: ${wrong}`,
        because.fix,
      );
    return { done: true, message: noted(id, because, await remoteOf(ports.refs)) };
  } finally {
    await wired.close();
  }
}

function noted(id: string, because: Failure, remote: string | null): string {
  const pushed = remote === null ? '' : ` Push it there: git push ${remote} ${shortBranch(statusRef)}`;
  return `noted as request ${id} on ${shortBranch(statusRef)}, and not done yet: ${because.message}. The next apply or run there takes it up; its answer: heliostat events.${pushed}`;
}

/** Where the controller may be that reads it. */
async function remoteOf(refs: {
  list(prefix: string): Promise<readonly { readonly ref: string }[]>;
}): Promise<string | null> {
  const found = (await refs.list('refs/remotes/')).find(({ ref }) => ref.endsWith('/heliostat/status'));
  return found?.ref.split('/')[2] ?? null;
}
