import type { InstanceId } from '../../core/base/names.js';
import { cancelSource } from '../../ports/clock.js';
import type { InstanceRef, LogPage, Provider } from '../../ports/provider.js';
import type { State } from '../../core/journal/fold.js';
import { unseen } from '../../core/rollout/world.js';
import { referenceTo } from '../../engine/reference.js';
import type { LogLine, LogsRequest } from '../cli/operations.js';
import { Failure } from '../cli/operations.js';
import { pause } from './daemon.js';
import type { Looking } from './looking.js';
import { look } from './looking.js';
import { domainIdOf, factsFrom, instancesOf, lookContext } from './observe.js';

const pollMs = 300;
/** New instances come and old ones go: they are looked for once in so many polls. */
const pollsPerSearch = 5;

interface Source {
  readonly ref: InstanceRef;
  readonly provider: Provider;
}

/** What the instances of a target wrote, instance by instance; then what they go on to write. */
export async function* logs(version: string, request: LogsRequest): AsyncGenerator<LogLine> {
  const looking = await look(version, request);
  try {
    refuseUnmasked(looking);
    const cursors = new Map<InstanceId, string>();
    const { signal } = request;
    let state = await looking.read();
    let sources = sourcesOf(state, looking, request.target);
    if (sources.length === 0) throw nothingThere(request.target);
    for (let poll = 1; ; poll++) {
      for (const source of sources) yield* newLines(source, state, request, cursors);
      if (!request.follow || request.previous || signal.aborted) return;
      await pause(pollMs, signal);
      if (poll % pollsPerSearch !== 0) continue;
      state = await looking.read();
      sources = sourcesOf(state, looking, request.target);
    }
  } finally {
    await looking.close();
  }
}

/** What instances write may hold a secret, and only a value that is known can be masked. */
function refuseUnmasked({ wired }: Looking): void {
  const [unknown] = wired.unknownSecrets;
  if (unknown !== undefined)
    throw new Failure(unknown.code, `${unknown.message}, so that logs could not be masked`, unknown.fix);
}

function sourcesOf(state: State, { wired }: Looking, target: string): Source[] {
  const facts = factsFrom(state, wired, () => unseen);
  return [...instancesOf(state)]
    .filter(({ instance }) => instance.id === target || instance.id.startsWith(`${target}/`))
    .sort((a, b) => (a.instance.id < b.instance.id ? -1 : 1))
    .flatMap((found) => {
      const provider = wired.ports.providers.get(found.cluster.definition.provider);
      if (provider?.logs === undefined) return [];
      return [{ provider, ref: referenceTo(found, domainIdOf(state), provider, facts) }];
    });
}

async function* newLines(
  { ref, provider }: Source,
  state: State,
  { sinceMs, lines, previous }: LogsRequest,
  cursors: Map<InstanceId, string>,
): AsyncGenerator<LogLine> {
  const cursor = cursors.get(ref.id) ?? null;
  const query = { sinceMs, lines, previous, cursor };
  const page: LogPage | undefined = await provider.logs?.(
    ref,
    query,
    lookContext(state, cancelSource().cancel),
  );
  if (page === undefined) return;
  cursors.set(ref.id, page.cursor);
  for (const { atMs, stream, text } of page.lines) yield { instance: ref.id, atMs, stream, text };
}

function nothingThere(target: string): Failure {
  return new Failure(
    'logs.none',
    `there are no logs of ${target}: nothing of it runs, or its provider keeps none`,
    'See what runs: heliostat status',
  );
}
