import type { SolutionEntry } from './entries.js';
import type { Place } from './place.js';
import { sinceOf } from './since.js';
import { standbyAfterRollout } from './standby.js';
import type { ElementState } from './state.js';

export type ElementEntry = Extract<
  SolutionEntry,
  {
    kind:
      | 'track.done'
      | 'element.whole'
      | 'element.drift'
      | 'repair.released'
      | 'repair.ended'
      | 'restart.began'
      | 'restart.ended'
      | 'standby.began'
      | 'standby.ended';
  }
>;

/** What an entry makes of the head of an element. */
export function elementAfter(
  element: ElementState,
  entry: ElementEntry,
  { at, wallMs }: Place,
): ElementState {
  switch (entry.kind) {
    case 'track.done':
      return element.track === null
        ? element
        : { ...element, ...standbyAfterRollout(element, wallMs), track: { ...element.track, done: true } };
    case 'standby.began': {
      const { cluster, size } = entry;
      return { ...element, standby: { cluster, size, sinceWallMs: wallMs } };
    }
    case 'standby.ended':
      return element.standby == null
        ? element
        : { ...element, standby: { ...element.standby, isOver: true } };
    case 'repair.released':
      return {
        ...element,
        drift: null,
        driftSinceWallMs: null,
        track: element.track ?? { startedAt: at, progressAt: at, done: false },
      };
    case 'repair.ended':
      return { ...element, track: null };
    case 'restart.began': {
      const { who, reason } = entry;
      return { ...element, restart: { at, sinceWallMs: wallMs, who, reason } };
    }
    case 'restart.ended': {
      const { restart: _restart, ...rest } = element;
      return rest;
    }
    case 'element.drift':
      return {
        ...element,
        drift: entry.reason,
        driftSinceWallMs: entry.reason === null ? null : sinceOf(element.driftSinceWallMs, wallMs),
      };
    case 'element.whole':
      for (const desired of element.target?.clusters ?? []) {
        const cluster = element.clusters.get(desired.key);
        if (cluster !== undefined && desired.state === 'active')
          element.clusters.set(desired.key, { ...cluster, everStable: true });
      }
      return { ...element, wholeSize: entry.size };
  }
}
