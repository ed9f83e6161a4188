import type { InstanceId, SolutionName } from '../core/base/names.js';
import type { SafeText } from '../core/base/safe-text.js';
import { cancelSource } from '../ports/clock.js';
import type { Core } from './core.js';
import { within } from './deadline.js';
import { locate } from './observe.js';
import { referenceTo } from './reference.js';

const timeoutMs = 5_000;
const lines = 10;
const longestLine = 300;

/** The last lines that a failed instance wrote, before it is taken away. Tells the loop by the inbox; without any, nothing. */
export async function gatherEvidence(core: Core, solution: SolutionName, id: InstanceId): Promise<void> {
  const found = await lastLines(core, id).catch(() => []);
  if (found.length > 0) core.inbox.push({ kind: 'evidence', solution, lines: found });
}

async function lastLines(core: Core, id: InstanceId): Promise<readonly SafeText[]> {
  const found = locate(core, id);
  const provider = found === null ? null : core.ports.providers.get(found.cluster.definition.provider);
  if (found === null || provider?.logs === undefined) return [];
  const { logs } = provider;
  const source = cancelSource();
  const ref = referenceTo(found, core.world.domainId, provider, core.facts);
  const query = { sinceMs: null, lines, previous: false, cursor: null };
  const page = await within(core.ports.clock, timeoutMs, source, () =>
    logs.call(provider, ref, query, {
      cancel: source.cancel,
      timeoutMs,
      operation: null,
      epoch: core.branch.epoch,
      revision: null,
      blobs: () => Promise.resolve([]),
      log: (message) => core.ports.log.write('info', message),
    }),
  );
  return page.lines.slice(-lines).map(({ text }) => core.ports.redact(text.slice(0, longestLine)));
}
