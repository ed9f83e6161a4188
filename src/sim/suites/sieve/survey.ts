import type { InstanceId } from '../../../core/base/names.js';
import type { Life } from '../../life.js';
import type { Call } from '../../watcher.js';
import { Survey } from '../crash/survey.js';
import { isAsking, isLook, type Sighting } from './observation.js';
import { Past } from './past.js';
import type { World } from '../../world.js';

export const perturbations = ['intermediate state', 'stale state', 'unobserved state'] as const;
export type Perturbation = (typeof perturbations)[number];

/** What is done about one observation. */
export interface Disturbance {
  readonly kind: Perturbation;
  readonly sighting: Sighting;
  /** Only for what is stale: a restart comes before it, and all that the new life sees first is old. */
  readonly isAfterRestart: boolean;
  /** How many observations it stands for: a death after each of them leaves one and the same world behind. */
  readonly stands: number;
}

/** Looks at an unbroken run, and finds what can be done to its observations. */
export class SightingSurvey extends Survey {
  readonly past: Past;
  private readonly told = new Map<number, number>();
  private readonly others: Disturbance[] = [];
  private readonly deaths = new Map<string, { sighting: Sighting; stands: number }>();
  /** Calls that change the disk or a reference and were not made yet. */
  private readonly underWay = new Set<Call>();
  private seen: { readonly incarnation: Life; readonly sighting: Sighting } | null = null;

  constructor(world: World) {
    super();
    this.past = new Past(world);
  }

  get disturbances(): Disturbance[] {
    const deaths = [...this.deaths.values()].map(({ sighting, stands }): Disturbance => {
      return { kind: 'intermediate state', sighting, isAfterRestart: false, stands };
    });
    return [...deaths, ...this.others];
  }

  override fateOf(incarnation: Life, call: Call): null {
    if (call.port === 'disk' || call.port === 'refs') this.underWay.add(call);
    super.fateOf(incarnation, call);
    return null;
  }

  override perform<T>(incarnation: Life, call: Call, run: () => T): T {
    this.underWay.delete(call);
    const value = super.perform(incarnation, call, run);
    if (this.isOver || incarnation.dead || !isAsking(call)) return value;
    const sighting: Sighting = { kind: 'asked', incarnation: incarnation.number, call };
    this.seen = { incarnation, sighting };
    const before = this.past.answerTo(call, value);
    if (JSON.stringify(before) !== JSON.stringify(value)) {
      this.note('stale state', sighting);
      if (isLook(call)) this.note('stale state', sighting, true);
    }
    if (isLook(call)) this.note('unobserved state', sighting);
    return value;
  }

  tells(incarnation: Life, instance: InstanceId): boolean {
    if (this.isOver) return true;
    const number = (this.told.get(incarnation.number) ?? 0) + 1;
    this.told.set(incarnation.number, number);
    const sighting: Sighting = { kind: 'told', incarnation: incarnation.number, number, instance };
    this.seen = { incarnation, sighting };
    this.note('unobserved state', sighting);
    return true;
  }

  /** Everything that follows at once from what was seen was done: here it dies. */
  afterEvent(): void {
    const { seen } = this;
    this.seen = null;
    if (seen === null || seen.incarnation.dead) return;
    const { incarnation, sighting } = seen;
    const sent = [...this.underWay].map(({ number }) => number).join(' ');
    const key = `${incarnation.number} ${this.worldLeftBy(incarnation)} ${sent}`;
    const known = this.deaths.get(key);
    if (known === undefined) this.deaths.set(key, { sighting, stands: 1 });
    else known.stands++;
  }

  private note(kind: Perturbation, sighting: Sighting, isAfterRestart = false): void {
    this.others.push({ kind, sighting, isAfterRestart, stands: 1 });
  }
}
