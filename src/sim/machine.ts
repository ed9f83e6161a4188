import { SimDisk } from './disk.js';
import type { CarriedJournal } from './carried-journal.js';
import { DurableJournal, type SafeJournal } from './durable-journal.js';

/** Where a controller runs: it has a state folder and a wall clock of its own. */
export class Machine {
  readonly disk = new SimDisk();
  /** For those who look on: what of the journal is safe. */
  readonly journal: SafeJournal;
  /** How far the wall clock is off, in milliseconds. */
  wallOffsetMs = 0;

  /** References of a remote repository as they were read last. */
  readonly copy = new Map<string, string>();

  /** `carried`: its disk may be gone at any time, and what is safe is elsewhere. */
  constructor(
    readonly name: string,
    readonly carried: CarriedJournal | null = null,
  ) {
    this.journal = carried ?? new DurableJournal(this.disk);
  }

  /** Another machine, or one whose folders were deleted. */
  clear(): void {
    this.disk.clear();
    this.copy.clear();
  }
}
