import type { Random } from './random.js';

/** How much of what was not synced outlives a loss of power. */
export interface PowerLoss {
  /** Of so many states of a file since its last sync: how many are kept. */
  keptOf(states: number): number;
  /** Of the bytes of the write after those: how many are kept. Fewer than all. */
  partOf(bytes: number): number;
}

export function drawn(random: Random): PowerLoss {
  return {
    keptOf: (states) => random.between(0, states),
    partOf: (bytes) => random.between(0, bytes - 1),
  };
}

/** `torn`: all but the last write, and of that a half. */
export function determined(keeps: 'none' | 'all' | 'torn'): PowerLoss {
  switch (keeps) {
    case 'none':
      return { keptOf: () => 0, partOf: () => 0 };
    case 'all':
      return { keptOf: (states) => states, partOf: () => 0 };
    case 'torn':
      return { keptOf: (states) => Math.max(0, states - 1), partOf: (bytes) => bytes >> 1 };
  }
}
