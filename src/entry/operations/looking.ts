import type { State } from '../../core/journal/fold.js';
import type { Place } from '../cli/operations.js';
import type { Location } from './place.js';
import { locate } from './place.js';
import { readState } from './state.js';
import type { Wired } from './wiring.js';
import { wire } from './wiring.js';

/** A domain that is looked at and not touched. */
export interface Looking {
  readonly version: string;
  readonly location: Location;
  readonly wired: Wired;
  /** As of now: a controller may go on meanwhile. */
  read(): Promise<State>;
  close(): Promise<void>;
}

export async function look(version: string, place: Place): Promise<Looking> {
  const location = await locate(place);
  const wired = await wire(location, { version, takeover: false, log: null, level: 'error', readOnly: true });
  return {
    version,
    location,
    wired,
    read: () => readState(location, wired),
    close: () => wired.close(),
  };
}

/** Opens, works, and closes whatever happens. */
export async function whileLooking<T>(
  version: string,
  place: Place,
  work: (looking: Looking) => Promise<T>,
): Promise<T> {
  const looking = await look(version, place);
  try {
    return await work(looking);
  } finally {
    await looking.close();
  }
}
