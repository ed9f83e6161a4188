import type { Death } from '../../director.js';
import type { Life } from '../../life.js';
import type { Call } from '../../watcher.js';
import type { TraceDirector } from '../traces/play.js';
import type { CrashPoint, End } from './points.js';

/** Lets a controller die at one point. */
export class Crash implements TraceDirector {
  hasCome = false;

  constructor(private readonly point: CrashPoint) {}

  fateOf(incarnation: Life, call: Call): CrashPoint['side'] | null {
    if (!this.isAt(incarnation, call)) return null;
    this.hasCome = true;
    return this.point.side;
  }

  deathOf(): Death {
    return deaths[this.point.end];
  }

  perform<T>(incarnation: Life, call: Call, run: () => T): T {
    const { disk } = incarnation.machine;
    disk.isFailing = this.isAt(incarnation, call) && this.point.end !== 'process';
    try {
      return run();
    } finally {
      disk.isFailing = false;
    }
  }

  isAt({ number }: Life, call: Call): boolean {
    return number === this.point.incarnation && call.number === this.point.call.number;
  }
}

const deaths: Readonly<Record<End, Death>> = {
  process: { how: 'process', isSentMade: false, keeps: 'all' },
  'power, nothing unsynced kept': { how: 'power', isSentMade: false, keeps: 'none' },
  'power, everything kept': { how: 'power', isSentMade: false, keeps: 'all' },
  'power, last write torn': { how: 'power', isSentMade: false, keeps: 'torn' },
};
