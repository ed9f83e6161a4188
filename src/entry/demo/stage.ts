import type { Heliostat } from './heliostat.js';
import type { Load } from './load.js';
import type { Repository } from './repository.js';
import type { Screen } from './screen.js';
import type { Steps } from './steps.js';

/** What all chapters of the story share. */
export interface Stage {
  readonly screen: Screen;
  readonly repository: Repository;
  readonly heliostat: Heliostat;
  readonly steps: Steps;
  readonly signal: AbortSignal;
  /** Lets a person read. */
  read(ms: number): Promise<void>;
  /** What the chapters tell each other. */
  readonly memory: Memory;
}

export interface Memory {
  load: Load | null;
  url: string;
  /** The commit that raised api and web. */
  upgrade: string;
  /** What runs, as it was last seen: for the live line. */
  running: string;
  rollouts: number;
  kills: number;
  refused: number;
}

export interface Chapter {
  readonly title: string;
  tell(stage: Stage): Promise<void>;
}
