import type { SolutionName } from '../core/base/names.js';
import type { Entry, Item } from '../core/journal/entry.js';
import { solutionOf, streamOf } from '../core/journal/entry.js';
import { foldRecord } from '../core/journal/fold.js';
import type { JournalRecord } from '../core/journal/record.js';
import type { DomainEntry } from '../core/rollout/domain.js';
import type { SolutionEntry } from '../core/rollout/entries.js';
import { operationId } from '../core/rollout/place.js';
import type { Core } from './core.js';
import { begunBy } from './effect.js';
import { gatherEvidence } from './evidence.js';
import type { Executor } from './execute.js';
import type { Gates } from './gates.js';
import type { Orphans } from './orphans.js';
import type { JournalFailure } from './journal/journal.js';

/** Decide → append → evolve: the state follows at once, effects wait until their intent is durable. */
export class Recorder {
  constructor(
    private readonly core: Core,
    private readonly executor: Executor,
    private readonly orphans: Orphans,
    private readonly gates: Gates,
  ) {}

  record(items: readonly Item[]): void {
    if (items.length === 0) return;
    const { core } = this;
    const meta = { epoch: core.branch.epoch, at: Math.round(core.now()), wallMs: core.ports.clock.wallMs() };
    const appended = core.journal.append(
      items.map((item) => ({ stream: streamOf(item), entry: item.entry })),
      meta,
    );
    if (!appended.ok) return this.fail(appended.failure);
    core.carrier?.add(meta, appended.records);
    for (const record of appended.records) this.apply(record);
    const effects = appended.records.filter((record) => hasEffect(record.entry as Entry));
    void appended.synced.then((result) => {
      if (!result.ok) this.fail(result.failure);
      else this.act(effects);
    });
  }

  /** What changes the world waits until what says so outlives this machine. */
  private act(effects: readonly JournalRecord[]): void {
    const { carrier, domain } = this.core;
    const isAwaited = carrier !== null && effects.some((record) => begunBy(record, domain) !== null);
    if (!isAwaited) for (const record of effects) this.perform(record);
    else
      void carrier.settled().then((isCarried) => {
        if (isCarried) for (const record of effects) this.perform(record);
      });
  }

  private apply(record: JournalRecord): void {
    const { core } = this;
    foldRecord(core.state, record);
    const solution = solutionOf(record.stream);
    if (solution === null) core.dirty.markForDomain(record.entry as DomainEntry);
    else {
      const entry = record.entry as SolutionEntry;
      core.dirty.markFor(solution, entry);
      this.noteSighting(entry);
    }
    for (const follower of core.followers) follower(record);
  }

  /** What an entry says about what is known of an instance. */
  private noteSighting(entry: SolutionEntry): void {
    const { sightings } = this.core;
    switch (entry.kind) {
      case 'instance.assigned':
        if (sightings.token(entry.instance) === 0) sightings.markAbsent(entry.instance);
        return;
      case 'operation.begun':
        sightings.bump(entry.instance);
        if (entry.transition === 'start') sightings.restartCount(entry.instance);
        return;
      case 'operation.ended':
        sightings.bump(entry.instance);
        return;
      default:
    }
  }

  private perform(record: JournalRecord): void {
    const entry = record.entry as Entry;
    if (entry.kind === 'orphan.begun')
      void this.orphans.end(entry.instance, entry.provider, operationId(record));
    else if (entry.kind === 'orphan.unrouted') this.executor.unroute(entry.key, operationId(record));
    else if (entry.kind === 'gate.begun') this.ask(entry, solutionOf(record.stream));
    else if (entry.kind === 'rollout.reverting') this.lookInto(entry, solutionOf(record.stream));
    else this.executor.execute(record);
  }

  private ask(
    { element, gate }: Extract<Entry, { kind: 'gate.begun' }>,
    solution: SolutionName | null,
  ): void {
    if (solution !== null) this.gates.measure(solution, element, gate);
  }

  private lookInto(
    { witness }: Extract<Entry, { kind: 'rollout.reverting' }>,
    solution: SolutionName | null,
  ): void {
    if (witness !== undefined && solution !== null) void gatherEvidence(this.core, solution, witness);
  }

  /** Without a journal there is no intent, and without an intent no effect: the engine stops acting. */
  private fail(failure: JournalFailure): void {
    const cause = failure.kind === 'disk' || failure.kind === 'closed' ? 'journal' : 'taken';
    this.core.inbox.push({ kind: 'fenced', cause, reason: describe(failure) });
  }
}

function hasEffect(entry: Entry): boolean {
  return (
    entry.kind === 'operation.begun' ||
    entry.kind === 'route.begun' ||
    entry.kind === 'listener.gone' ||
    entry.kind === 'orphan.begun' ||
    entry.kind === 'orphan.unrouted' ||
    entry.kind === 'gate.begun' ||
    entry.kind === 'rollout.reverting'
  );
}

export function describe(failure: JournalFailure): string {
  switch (failure.kind) {
    case 'staleEpoch':
      return `another controller took over with epoch ${failure.current}`;
    case 'staleSequence':
      return `another controller wrote to the journal (${failure.stream})`;
    case 'disk':
      return failure.reason === 'noSpace'
        ? `the disk of the state folder is full: ${failure.message}`
        : `the journal cannot be written: ${failure.message}`;
    case 'closed':
      return 'the journal is closed';
  }
}
