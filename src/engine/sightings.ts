import type { HealthCheck } from '../core/base/desired.js';
import type { InstanceId } from '../core/base/names.js';
import type { Seen } from '../core/rollout/facts.js';
import type { HealthCount } from '../core/rollout/health.js';
import { countAnswer, unprobed } from '../core/rollout/health.js';
import { unseen } from '../core/rollout/world.js';
import type { ProbeAnswer } from '../ports/probe.js';
import type { Observation } from '../ports/provider.js';

interface Record {
  readonly seen: Seen;
  readonly count: HealthCount;
  /** Raised by each operation: what was asked before is not believed any more. */
  readonly token: number;
}

/** What was seen of each instance since the start; never journaled, everything is unknown after a restart. */
export class Sightings {
  private readonly records = new Map<InstanceId, Record>();
  /** Instances of which people are shown something else than before, since the last call of `takeShown`. */
  private readonly shown = new Set<InstanceId>();

  seen(id: InstanceId): Seen {
    return this.records.get(id)?.seen ?? unseen;
  }

  get hasShown(): boolean {
    return this.shown.size > 0;
  }

  takeShown(): readonly InstanceId[] {
    const taken = [...this.shown];
    this.shown.clear();
    return taken;
  }

  /** What was taken could not be told. */
  showAgain(ids: readonly InstanceId[]): void {
    for (const id of ids) this.shown.add(id);
  }

  token(id: InstanceId): number {
    return this.records.get(id)?.token ?? 0;
  }

  /** An operation begins or ends: earlier questions about the instance have lost their point. */
  bump(id: InstanceId): void {
    const record = this.recordOf(id);
    this.set(id, { ...record, token: record.token + 1 });
  }

  forget(id: InstanceId): void {
    this.records.delete(id);
  }

  markUnknown(id: InstanceId): void {
    const record = this.recordOf(id);
    this.set(id, { ...record, seen: { ...record.seen, presence: 'unknown' } });
  }

  /** A fresh identity: nothing of it can exist. */
  markAbsent(id: InstanceId): void {
    this.set(id, { ...this.recordOf(id), seen: { ...unseen, presence: 'absent' }, count: unprobed });
  }

  /** Begins the count of probe answers anew. */
  restartCount(id: InstanceId): void {
    const record = this.recordOf(id);
    const seen = { ...record.seen, health: 'unknown' as const, goodSince: null };
    this.set(id, { ...record, seen, count: unprobed });
  }

  /** True if a decision may change by it. */
  observed(observation: Observation, probed: boolean, now: number): boolean {
    const record = this.recordOf(observation.id);
    const health = this.healthOf(observation, record, probed, now);
    const present = observation.presence === 'present';
    const seen: Seen = {
      presence: observation.presence,
      state: present ? observation.state : null,
      digest: present ? observation.digest : null,
      resource: observation.resource,
      detail: probed && observation.detail === null ? record.count.detail : observation.detail,
      foreignHome: observation.foreignHome,
      ...health,
    };
    this.set(observation.id, { ...record, seen });
    return !equalSeen(seen, record.seen);
  }

  /** True if a decision may change by it. */
  answered(id: InstanceId, answer: ProbeAnswer, check: HealthCheck, now: number): boolean {
    const record = this.recordOf(id);
    const count = countAnswer(record.count, answer, check, now);
    const seen: Seen = {
      ...record.seen,
      health: count.health,
      goodSince: count.goodSince,
      detail: count.health === 'good' ? record.seen.detail : count.detail,
    };
    this.set(id, { ...record, count, seen });
    return !equalSeen(seen, record.seen);
  }

  private healthOf(
    observation: Observation,
    record: Record,
    probed: boolean,
    now: number,
  ): Pick<Seen, 'health' | 'goodSince'> {
    if (observation.presence !== 'present' || observation.state !== 'active')
      return { health: 'unknown', goodSince: null };
    if (probed) return { health: record.count.health, goodSince: record.count.goodSince };
    const health = observation.health === 'bad' ? 'bad' : 'good';
    return {
      health,
      goodSince: health === 'bad' ? null : record.seen.health === 'good' ? record.seen.goodSince : now,
    };
  }

  private set(id: InstanceId, record: Record): void {
    if (!isShownAlike(record.seen, this.seen(id))) this.shown.add(id);
    this.records.set(id, record);
  }

  private recordOf(id: InstanceId): Record {
    return this.records.get(id) ?? { seen: unseen, count: unprobed, token: 0 };
  }
}

/** Of what is seen a status document shows so much. */
function isShownAlike(a: Seen, b: Seen): boolean {
  return (
    a.presence === b.presence &&
    a.health === b.health &&
    a.resource === b.resource &&
    a.foreignHome === b.foreignHome
  );
}

function equalSeen(a: Seen, b: Seen): boolean {
  return (
    a.presence === b.presence &&
    a.state === b.state &&
    a.digest === b.digest &&
    a.health === b.health &&
    a.goodSince === b.goodSince &&
    a.foreignHome === b.foreignHome &&
    a.resource === b.resource
  );
}
