import { digestOf, shortHex } from '../core/base/digest.js';
import type { Clock } from '../ports/clock.js';
import { cancelSource } from '../ports/clock.js';
import type { Refs } from '../ports/repository.js';

/** After a race that was lost, in milliseconds: of a local repository, and of one that is far away. */
const pauseMs = 10;
const remotePauseMs = 150;
/** The longest pause, in those. */
const mostPauses = 12;

export interface Racer {
  readonly clock: Clock;
  readonly refs: Refs;
  readonly controller: string;
  readonly domain: string;
}

/** Longer and longer, and for each writer another time: those who have met once must not meet again and again. */
export function pauseAfter(attempt: number, { clock, refs, controller, domain }: Racer): Promise<void> {
  const spread = Number.parseInt(shortHex(digestOf({ controller, domain, attempt }), 6), 16) / 0x1000000;
  const base = refs.away !== undefined ? remotePauseMs : pauseMs;
  const pauses = Math.min(mostPauses, 1 + attempt) * (0.5 + spread);
  return clock.sleepUntil(clock.monoMs() + Math.round(base * pauses), cancelSource().cancel);
}
