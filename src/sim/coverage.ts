import { domainStream, type Entry } from '../core/journal/entry.js';
import type { JournalRecord } from '../core/journal/record.js';
import type { DomainEntry } from '../core/rollout/domain.js';
import type { SolutionEntry } from '../core/rollout/entries.js';
import { operationId } from '../core/rollout/place.js';
import type { Life } from './life.js';
import { Positions, type Position } from './positions.js';
import type { Stage } from './stage.js';
import type { Call, ForgeWrite, Landing, Mutation, Watcher } from './watcher.js';

/** What a run may come to see, by the name under which it is counted. */
export const milestones = [
  'promotion',
  'retirement',
  'revert',
  'rollback',
  'automatic revert',
  'supersession',
  'rejection',
  'failure',
  'pause',
  'step of a canary',
  'blue beside green',
  'failed gate',
  'gate that stops a rollout',
  'promotion by a person',
  'pause by a person',
  'restart by a person',
  'end of a quarantine',
  'hold',
  'repair',
  'drift',
  'restore',
  'journal from the branch',
  'takeover',
  'proposed revert',
  'other plan than shown',
  'comment of a pull request',
] as const;

export type Milestone = (typeof milestones)[number];

/** Counts what a run reached, so that the invariants had something to say. */
export class Coverage implements Watcher {
  readonly reached = new Map<Milestone, number>();
  private readonly where = new Positions();
  /** Rollouts under way that bring another version, by solution. */
  private readonly updates = new Map<string, boolean>();
  private controller: string | null = null;

  constructor(private readonly stage: Stage) {}

  /** Deaths by what was under way; one death may find several things under way. */
  get positions(): ReadonlyMap<Position, number> {
    return this.where.counts;
  }

  booted({ booted, machine }: Life): void {
    if (booted?.ok !== true) return;
    if (booted.restored) this.count('restore');
    // Its disk was empty, and it knows something all the same.
    if (machine.carried !== null && booted.engine.core.journal.sequences().length > 0)
      this.count('journal from the branch');
  }

  called(incarnation: Life, call: Call): void {
    this.where.of(incarnation).called(call);
  }

  answered(incarnation: Life, call: Call): void {
    this.where.of(incarnation).answered(call);
  }

  sent({ by, operation }: Mutation): void {
    this.where.of(by).moved(operation, 'sent');
  }

  landed({ by, operation }: Mutation, _how: Landing): void {
    if (!by.dead) this.where.of(by).moved(operation, 'landed');
  }

  swapped(ref: string, _from: string | null, _to: string | null, by: Life | null): void {
    if (by !== null) this.where.of(by).swapped(ref);
  }

  held(_incarnation: Life, { verb }: ForgeWrite): void {
    if (verb === 'writeComment') this.count('comment of a pull request');
  }

  proposed(): void {
    this.count('proposed revert');
  }

  struck(kind: string): void {
    if (kind === 'disk.tornTail') this.where.isTorn = true;
  }

  died(incarnation: Life, how: 'process' | 'power' | 'ended'): void {
    this.where.died(incarnation, how);
  }

  recorded(incarnation: Life, record: JournalRecord): void {
    const entry = record.entry as Entry;
    const life = this.where.of(incarnation);
    switch (entry.kind) {
      case 'operation.begun':
        life.moved(operationId(record), 'recorded');
        if (entry.reason === 'repair') this.count('repair');
        return;
      case 'operation.ended':
        return life.moved(entry.operation, 'over');
      case 'status.written':
        return life.written();
      case 'domain.claimed':
        life.written();
        if (this.controller !== null && this.controller !== entry.controller) this.count('takeover');
        this.controller = entry.controller;
        return;
      default:
        if (record.stream === domainStream) this.judged(entry as DomainEntry);
        else this.rolled(record.stream, entry as SolutionEntry);
    }
  }

  private judged(entry: DomainEntry): void {
    if (entry.kind === 'revision.rejected') this.count('rejection');
    else if (entry.kind === 'hold.began')
      this.count(entry.hold.code === 'plan.other' ? 'other plan than shown' : 'hold');
    else if (entry.kind === 'pause.began') this.count('pause by a person');
    else if (entry.kind === 'revert.ended' && entry.outcome === 'made') this.count('automatic revert');
    else if (entry.kind === 'verdict.given' && entry.verdict === 'applied' && this.isRevert(entry.revision))
      this.count('revert');
  }

  private rolled(stream: string, entry: SolutionEntry): void {
    switch (entry.kind) {
      case 'rollout.planned':
        this.updates.set(
          stream,
          entry.changes.some(({ action }) => action === 'update'),
        );
        return;
      case 'rollout.ended':
        if (entry.phase === 'failed' || entry.phase === 'blocked') this.count('failure');
        else if (entry.phase === 'reverted') this.count('rollback');
        else if (this.updates.get(stream) === true) this.count('promotion');
        return;
      case 'rollout.aborted':
        return this.count('failure');
      case 'rollout.superseded':
        return this.count('supersession');
      case 'rollout.phase':
        if (entry.phase !== 'paused') return;
        if (/^gate .* cannot be measured/.test(entry.reason ?? '')) this.count('gate that stops a rollout');
        return this.count('pause');
      case 'step.begun':
        return this.count(
          entry.final.rollout.strategy === 'blueGreen' ? 'blue beside green' : 'step of a canary',
        );
      case 'gate.ended':
        if (entry.answer?.outcome === 'failed') this.count('failed gate');
        return;
      case 'step.promoted':
        return this.count('promotion by a person');
      case 'restart.began':
        return this.count('restart by a person');
      case 'quarantine.ended':
        return this.count('end of a quarantine');
      case 'element.gone':
        return this.count('retirement');
      case 'element.drift':
      case 'instance.observed':
        return this.count('drift');
      default:
    }
  }

  private isRevert(revision: string): boolean {
    return this.stage.author.expectations.of(revision)?.revertOf != null;
  }

  private count(milestone: Milestone): void {
    this.reached.set(milestone, (this.reached.get(milestone) ?? 0) + 1);
  }
}
