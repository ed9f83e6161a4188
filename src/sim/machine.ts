import { SimDisk } from './disk.js';
import { DurableJournal } from './durable-journal.js';

/** Where a controller runs: it has a state folder and a wall clock of its own. */
export class Machine {
  readonly disk = new SimDisk();
  /** For those who look on: what of the journal is safe. */
  readonly journal = new DurableJournal(this.disk);
  /** How far the wall clock is off, in milliseconds. */
  wallOffsetMs = 0;

  constructor(readonly name: string) {}
}
