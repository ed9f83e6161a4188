import { SimDisk } from './disk.js';

/** Where a controller runs: it has a state folder and a wall clock of its own. */
export class Machine {
  readonly disk = new SimDisk();
  /** How far the wall clock is off, in milliseconds. */
  wallOffsetMs = 0;

  constructor(readonly name: string) {}
}
