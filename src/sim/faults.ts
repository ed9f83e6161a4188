import { Random } from './random.js';

/** What can go wrong, by the name under which it is counted. */
export const faultKinds = [
  'process.crash',
  'process.crashInRecovery',
  'process.pause',
  'process.leaseLost',
  'clock.jump',
  'disk.noSpace',
  'disk.io',
  'disk.failedSync',
  'disk.tornTail',
  'disk.flippedBit',
  'provider.error',
  'provider.timeoutApplied',
  'provider.timeoutNotApplied',
  'provider.partlyApplied',
  'provider.staleRead',
  'provider.eventMissing',
  'provider.eventDoubled',
  'provider.eventReordered',
  'world.deletion',
  'world.edit',
  'world.flapping',
  'gate.unmeasured',
  'gate.slow',
  'gate.wrong',
  'push.rejected',
  'push.answerLost',
  'branch.forced',
  'hint.lost',
  'hint.doubled',
  'repository.unreachable',
  'forge.unavailable',
  'forge.rateLimit',
  'forge.refused',
  'forge.answerLost',
  'forge.slow',
  'webhook.lost',
  'webhook.doubled',
  'webhook.forged',
  'remote.unreachable',
] as const;

export type FaultKind = (typeof faultKinds)[number];

/** Chances from 0 to 1 of what a call of a port meets; kinds that are acts of the script are not here. */
export type Weather = { readonly [kind in FaultKind]?: number };

/** Decides each fate from the seed and the name of the moment alone, and counts. */
export class Faults {
  readonly counts = new Map<FaultKind, number>();
  private readonly asked = new Map<string, number>();
  /** Called for each fault that strikes. */
  told: (kind: FaultKind, moment: string) => void = () => undefined;
  /** No more fault is drawn. */
  isCalm = false;

  constructor(
    private readonly seed: number,
    readonly weather: Weather,
  ) {}

  strikes(kind: FaultKind, moment: string): boolean {
    const chance = this.isCalm ? 0 : (this.weather[kind] ?? 0);
    if (chance === 0 || !this.random(`${kind} ${moment}`).chance(chance)) return false;
    this.count(kind, moment);
    return true;
  }

  count(kind: FaultKind, moment = ''): void {
    this.counts.set(kind, (this.counts.get(kind) ?? 0) + 1);
    this.told(kind, moment);
  }

  /** A generator for the next time that this moment comes. */
  random(moment: string): Random {
    const times = this.asked.get(moment) ?? 0;
    this.asked.set(moment, times + 1);
    return Random.of(this.seed, `${moment} ${times}`);
  }
}
