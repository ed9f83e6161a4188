import type { DomainId } from '../../core/base/names.js';
import type { Wired } from './wiring.js';

const attempts = 50;
const pauseMs = 100;

/** The gateway goes with the last domain that has a listener in it. */
export async function endGateway(
  { gateway }: Pick<Wired, 'gateway'>,
  domain: DomainId | null,
): Promise<void> {
  for (let attempt = 0; attempt < attempts; attempt++) {
    const keys = (await gateway.stats())?.bindings.map(({ key }) => key) ?? [];
    // Listeners are freed behind the entry that says so.
    if (keys.length === 0) return gateway.shutdown();
    if (!keys.some((key) => key.startsWith(`${domain ?? ''}:`))) return;
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}
