import type { Engine } from '../engine/engine.js';
import { Installation } from './installation.js';
import type { Author } from './workload/author.js';
import type { Script } from './workload/script.js';
import type { World } from './world.js';

/** A world with people and controllers in it. */
export class Stage {
  readonly installations: readonly [Installation, Installation];

  constructor(
    readonly world: World,
    readonly script: Script,
    readonly author: Author,
  ) {
    const { isEphemeral = false, pollMs, restartMs } = script;
    this.installations = [
      new Installation(world, { name: 'ctl-1', pollMs, restartMs, isEphemeral }),
      new Installation(world, { name: 'ctl-2', pollMs, restartMs, isEphemeral }),
    ];
  }

  /** The one that holds the domain, or is to hold it. */
  get active(): Installation {
    const [first, second] = this.installations;
    return second.isOff ? first : second;
  }

  /** The engine that runs the domain now; null: none. */
  get engine(): Engine | null {
    const { current } = this.active;
    return current === null || current.dead ? null : current.engine;
  }

  /** Everybody who watches the tracked branch hears of a push, or not. */
  hint(): void {
    for (const installation of this.installations) installation.hint();
  }
}
