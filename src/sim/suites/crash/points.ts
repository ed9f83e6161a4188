import { statusRef } from '../../repository.js';
import type { Call } from '../../watcher.js';

/** How a controller dies, as far as it decides what is left on its disk. */
export type End =
  | 'process'
  /** Power is lost; of what was not synced nothing, all, or all but a half of the last write is left. */
  | 'power, nothing unsynced kept'
  | 'power, everything kept'
  | 'power, last write torn';

export interface CrashPoint {
  readonly incarnation: number;
  readonly call: Call;
  readonly side: 'before' | 'after';
  readonly end: End;
}

/** The eight of docs/reliability.md. */
export const positions = [
  'before the journal write',
  'torn write',
  'written, not synced',
  'synced, before the effect',
  'effect sent',
  'effect done, before its record',
  'before the push',
  'after the push, before its record',
] as const;

export type Position = (typeof positions)[number];

const mutations: readonly string[] = [
  'create',
  'configure',
  'reconfigure',
  'start',
  'stop',
  'destroy',
  'reset',
  'route',
  'unroute',
];

/** Null: between those, among reads for the most part. */
export function positionOf({ call, side, end }: CrashPoint): Position | null {
  if (call.port === 'disk') return onDisk(call.verb, side, end);
  if (call.port === 'refs') {
    if (call.verb === 'commit') return 'before the push';
    if (call.verb !== 'swap' || call.key !== statusRef) return null;
    return side === 'before' ? 'before the push' : 'after the push, before its record';
  }
  if (call.port !== 'provider') return null;
  if (call.verb.endsWith('.answer')) return 'effect done, before its record';
  if (!mutations.includes(call.verb)) return null;
  return side === 'before' ? 'synced, before the effect' : 'effect sent';
}

function onDisk(verb: string, side: 'before' | 'after', end: End): Position | null {
  if (end === 'power, last write torn') return 'torn write';
  if (verb === 'append') return side === 'before' ? 'before the journal write' : 'written, not synced';
  if (verb !== 'sync') return null;
  return side === 'before' ? 'written, not synced' : 'synced, before the effect';
}

export function nameOf(point: CrashPoint): string {
  const { incarnation, call, side, end } = point;
  const how = end === 'process' ? '' : ` (${end})`;
  return `${side} ${incarnation}:${call.number} ${call.port}.${call.verb} ${call.key}${how}`;
}
