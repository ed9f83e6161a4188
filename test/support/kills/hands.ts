import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../small-world/random.js';
import { greetingFile } from './checks.js';
import type { Counts } from './counts.js';
import type { Installation } from './installation.js';
import { processParts, type Shape } from './shape.js';

/** People, and other misfortunes beside those of the daemon: what they do is counted, and undone by nobody but it. */
export class Hands {
  /** Elements one instance of which was killed since everything was well. */
  private readonly struck = new Set<string>();
  /** Sizes since then: what ever was 1 has nobody who could stand in. */
  private readonly smallest = new Map<string, number>();

  constructor(
    private readonly at: Installation,
    private readonly random: Random,
    private readonly counts: Counts,
  ) {}

  /** Everything is well, and as this shape says. */
  allIsWell(shape: Shape): void {
    this.struck.clear();
    this.smallest.clear();
    this.note(shape);
  }

  note(shape: Shape): void {
    for (const [key, { size }] of processParts(shape))
      this.smallest.set(key, Math.min(size, this.smallest.get(key) ?? size));
  }

  /** Kills an instance where another one serves. False: there was none. */
  strike(): boolean {
    const found = this.at.instances().filter(({ id }) => {
      const key = elementOf(id);
      return !this.struck.has(key) && (key.startsWith('side/') || (this.smallest.get(key) ?? 0) > 1);
    });
    if (found.length === 0) return false;
    const { id, pid } = this.random.pick(found);
    this.struck.add(elementOf(id));
    if (!signalled(pid)) return false;
    this.counts.instancesKilled++;
    return true;
  }

  /** False: there is nothing to edit. */
  edit(): boolean {
    const file = greetingFile(this.at);
    if (file === null || !existsSync(file)) return false;
    if (this.random.chance(0.5)) writeFileSync(file, 'edited by hand\n');
    else rmSync(file);
    this.counts.filesEdited++;
    return true;
  }

  /** It lives only while there is something new to read. */
  async killReader(withinMs: number): Promise<void> {
    const giveUpAt = Date.now() + withinMs;
    let readers: readonly number[] = [];
    while (readers.length === 0 && Date.now() < giveUpAt) {
      await sleep(5);
      ({ readers } = this.at.processes());
    }
    for (const pid of readers) if (signalled(pid)) this.counts.readersKilled++;
  }

  killGateway(): void {
    for (const pid of this.at.processes().gateways) if (signalled(pid)) this.counts.gatewaysKilled++;
  }
}

function elementOf(id: string): string {
  return id.split('/').slice(1, 3).join('/');
}

/** False: it has ended meanwhile. */
function signalled(pid: number): boolean {
  try {
    process.kill(pid, 'SIGKILL');
    return true;
  } catch {
    return false;
  }
}
