import type { Core } from './core.js';

/** Whether what was recorded up to now is safe: a crash must not take back what others have read. */
export async function isSynced({ branch, journal, ports, state }: Core): Promise<boolean> {
  const durable = journal.append([], {
    epoch: branch.epoch,
    at: state.at,
    wallMs: ports.clock.wallMs(),
  });
  return durable.ok && (await durable.synced).ok;
}
