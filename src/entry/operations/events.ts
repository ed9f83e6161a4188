import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { eventView } from '../../core/status/event.js';
import type { EventView } from '../../core/status/view.js';
import type { EventsRequest } from '../cli/operations.js';
import { followDaemon, pause } from './daemon.js';
import type { LeftBehind } from './left-behind.js';
import { lookAnyhow } from './left-behind.js';
import type { Looking } from './looking.js';
import { readJournal } from './state.js';

const pollMs = 500;

type Journaled = Pick<Looking | LeftBehind, 'location' | 'wired'>;

/** What happened, as far as the journal goes back; then on and on, from the daemon or from its journal. */
export async function* events(version: string, request: EventsRequest): AsyncGenerator<EventView> {
  const looking = await lookAnyhow(version, request);
  try {
    const told = new Told(request);
    const { follow, sinceMs, signal } = request;
    if (!follow) {
      yield* told.news(await kept(looking));
      return;
    }
    // Listening begins before the journal is read, so that nothing falls between the two.
    let live = await followDaemon<EventView>(looking.location, { verb: 'events' }, signal);
    const before = await kept(looking);
    if (sinceMs === null) told.passOver(before);
    else yield* told.news(before);
    while (!signal.aborted) {
      if (live === null) yield* fromJournal(looking, told, signal);
      else yield* fromDaemon(live, told);
      live = await followDaemon<EventView>(looking.location, { verb: 'events' }, signal);
      yield* told.news(await kept(looking));
    }
  } finally {
    await looking.close();
  }
}

async function* fromDaemon(live: AsyncIterable<EventView>, told: Told): AsyncGenerator<EventView> {
  try {
    for await (const event of live) yield* told.news([event]);
  } catch {
    // The daemon has ended; its journal is there, and perhaps its successor.
  }
}

/** Until the journal has changed once: then there may be a daemon. */
async function* fromJournal(looking: Journaled, told: Told, signal: AbortSignal): AsyncGenerator<EventView> {
  const before = await sizeOf(looking);
  while (!signal.aborted && (await sizeOf(looking)) === before) await pause(pollMs, signal);
  if (!signal.aborted) yield* told.news(await kept(looking));
}

/** Changes whenever a record is added. */
async function sizeOf({ location }: Journaled): Promise<string> {
  const folder = join(location.stateDir, 'journal');
  const names = await readdir(folder).catch(() => []);
  const sizes = await Promise.all(
    names.map((name) =>
      stat(join(folder, name)).then(
        ({ size }) => `${name}:${size}`,
        () => name,
      ),
    ),
  );
  return sizes.sort().join(' ');
}

async function kept({ location, wired }: Journaled): Promise<EventView[]> {
  const recovered = await readJournal(wired);
  return (recovered?.records ?? []).map((record) => eventView(location.domain, record));
}

/** Each event once, in the order of its stream, and only those that are asked for. */
class Told {
  private readonly last = new Map<string, number>();

  constructor(private readonly request: Pick<EventsRequest, 'target' | 'sinceMs'>) {}

  *news(events: Iterable<EventView>): Generator<EventView> {
    const { target, sinceMs } = this.request;
    for (const event of events) {
      if (!this.isNew(event)) continue;
      if (sinceMs !== null && event.atMs < sinceMs) continue;
      if (target === null || isAbout(event, target)) yield event;
    }
  }

  passOver(events: Iterable<EventView>): void {
    for (const event of events) this.isNew(event);
  }

  private isNew({ solution, sequence }: EventView): boolean {
    const stream = solution ?? '';
    if (sequence <= (this.last.get(stream) ?? 0)) return false;
    this.last.set(stream, sequence);
    return true;
  }
}

/** `domain/solution`, `domain/solution/element`, or an instance. */
function isAbout(event: EventView, target: string): boolean {
  const [, solution, element] = target.split('/');
  if (event.solution !== solution) return false;
  if (element === undefined) return true;
  const { subject } = event;
  return subject === element || subject === target || subject.startsWith(`${target}/`);
}
