import { safe } from '../core/base/safe-text.js';
import type { Away } from '../ports/repository.js';
import { wallStart } from './clock.js';
import type { Life } from './life.js';
import { mainRef } from './repository.js';
import type { World } from './world.js';

/** The machine that has the repository: for a while nobody may reach it, and each goes by what he has read last. */
export class Remote {
  private awayUntil = 0;
  /** What the last webhook has said that the tracked branch is. */
  named: string | null = null;

  constructor(private readonly world: World) {}

  get away(): Away | null {
    return this.world.now < this.awayUntil
      ? { code: 'remote.away', message: safe('the remote does not answer') }
      : null;
  }

  /** A webhook says what the branch is; somebody may say what is not so. Whoever hears it may only look by himself. */
  deliver(moment: string): void {
    const { faults, repository, now } = this.world;
    const tip = repository.refs.get(mainRef) ?? null;
    const isForged = tip !== null && faults.strikes('webhook.forged', moment);
    const request = { parent: tip, changes: [], message: 'From a stranger', wallMs: wallStart + now };
    this.named = isForged ? repository.write(request) : tip;
  }

  comeBack(): void {
    this.awayUntil = 0;
  }

  /** @throws Error where it is away and was never read */
  read(by: Life, ref: string): string | null {
    const { faults, now } = this.world;
    const moment = `${by.number} remote`;
    if (this.away === null && faults.strikes('remote.unreachable', moment))
      this.awayUntil = now + faults.random(moment).pick([2_000, 20_000, 120_000]);
    return this.shown(by).get(ref) ?? null;
  }

  /** @throws Error where it is away and was never read */
  shown(by: Life): ReadonlyMap<string, string> {
    const { copy } = by.machine;
    if (this.away === null) {
      copy.clear();
      for (const [ref, oid] of this.world.repository.refs) copy.set(ref, oid);
    } else if (copy.size === 0) throw new Error('the remote does not answer, and never did');
    return copy;
  }
}

/** What a reference was when this one read it last. */
export function shownRef(world: World, by: Life, ref: string): string | null {
  return (world.remote === null ? world.repository.refs : by.machine.copy).get(ref) ?? null;
}
