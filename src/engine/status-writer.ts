import type { InstanceId, Revision } from '../core/base/names.js';
import type { Item } from '../core/journal/entry.js';
import { inDomain } from '../core/journal/entry.js';
import { clearUnwritten, encodeUnwritten, isWritten } from '../core/journal/unwritten.js';
import { verdictOf } from '../core/rollout/verdicts.js';
import type { Document } from '../core/status/documents.js';
import { documentsOf } from '../core/status/documents.js';
import { index, readme } from '../core/status/readme.js';
import { subjectOf } from '../core/status/subject.js';
import { isHealthy } from '../core/status/summary.js';
import type { FileChange, Oid } from '../ports/repository.js';
import type { Core } from './core.js';
import { withOutdated } from './outdated.js';
import { pauseAfter } from './spread.js';
import type { Written } from './status-branch.js';
import { isSynced } from './synced.js';
import { unwrittenTrouble } from './troubles.js';
import { answeredChanges } from './written-requests.js';

const notesName = 'heliostat';
/** Every domain of a repository writes its line. */
const noteAttempts = 20;
/** While something is under way the status follows in steps of this; a verdict is written at once. */
const pauseMs = 1_000;
const retryMs = 2_000;
/** What is merely seen otherwise than before waits so long for company: what flaps must not fill the branch. */
const outdatedPauseMs = 10_000;

/** Writes all that is dirty in one commit; one commit is under way at a time. */
export class StatusWriter {
  private writing = false;
  private underWay: Promise<void> = Promise.resolve();
  problem: string | null = null;
  private urgent = false;

  constructor(private readonly core: Core) {}

  /** Called after each turn of the loop. */
  schedule(): void {
    if (this.isIdle || this.writing || !this.core.branch.isClaimed) return;
    const { alarms, ports, state } = this.core;
    if (this.urgent) return void this.write();
    const pause = this.problem !== null ? retryMs : isWritten(state.unwritten) ? outdatedPauseMs : pauseMs;
    alarms.setEarlier('status', ports.clock.monoMs() + pause);
  }

  /** A verdict was given. */
  hurry(): void {
    this.urgent = true;
  }

  get isIdle(): boolean {
    return !this.writing && this.isAllTold;
  }

  /** What happened is written; what was merely seen meanwhile may wait for company. */
  get hasToldWhatHappened(): boolean {
    return !this.writing && isWritten(this.core.state.unwritten);
  }

  private get isAllTold(): boolean {
    const { branch, sightings, state } = this.core;
    // Who has done nothing yet has no claim, and tells of health where he is asked.
    return isWritten(state.unwritten) && !(branch.isClaimed && sightings.hasShown);
  }

  /** Settles when the commit that is under way was made, or could not be. */
  get settled(): Promise<void> {
    return this.underWay;
  }

  write(): Promise<void> {
    // The alarm may have been set before a verdict was written at once.
    if (this.writing || this.isAllTold) return Promise.resolve();
    this.writing = true;
    this.underWay = this.writeDirty();
    return this.underWay;
  }

  private async writeDirty(): Promise<void> {
    this.urgent = false;
    const { core } = this;
    const seen = core.sightings.takeShown();
    const result = await this.attempt(seen);
    if (result.kind === 'fenced') return core.inbox.push({ kind: 'fenced', ...result.lost });
    this.problem = result.kind === 'unavailable' ? core.ports.redact(result.message) : null;
    if (this.problem !== null) core.sightings.showAgain(seen);
    this.tell();
    core.inbox.push({ kind: 'written', commit: result.kind === 'written' ? result.commit : null });
  }

  private async attempt(seen: readonly InstanceId[]): Promise<Written | { readonly kind: 'unchanged' }> {
    const { state, facts, dirty } = this.core;
    try {
      const untold = await withOutdated(this.core, seen);
      if (isWritten(untold)) return { kind: 'unchanged' };
      clearUnwritten(state.since);
      const documents = documentsOf(state, facts, untold);
      const revisions = [...state.unwritten.revisions];
      const unwell = dirty.unwell((element) => isHealthy(element, facts));
      const result = await this.commit([...documents, readme(state, unwell)], {
        message: this.message(subjectOf(state, untold), revisions),
        revisions,
      });
      if (result.kind === 'written') await this.writeNotes(revisions);
      return result;
    } catch (error) {
      return { kind: 'unavailable', message: error instanceof Error ? error.message : String(error) };
    }
  }

  private tell(): void {
    const { troubles } = this.core;
    if (this.problem === null) return troubles.end('status');
    troubles.begin('status', unwrittenTrouble(this.problem));
  }

  /** The answer has entered the state: only now is what is unwritten known again, and the next commit may begin. */
  answered(): void {
    this.writing = false;
  }

  /** What the branch claims is in the journal first: a crash must not take back what everybody has read. */
  private async commit(
    documents: readonly Document[],
    about: { readonly message: string; readonly revisions: readonly Revision[] },
  ): Promise<Written> {
    const { branch, carrier } = this.core;
    if (!(await isSynced(this.core)))
      return { kind: 'unavailable', message: 'the journal cannot be written' };
    const all = async (tip: Oid | null): Promise<readonly FileChange[]> => {
      const answered = tip === null ? [] : await answeredChanges(this.core, tip);
      return [...documents, ...answered, index(await branch.domains())];
    };
    return carrier === null ? branch.write(all, about.message) : carrier.write({ documents: all, ...about });
  }

  /** What the fold has to know: the commit, and what became dirty while it was made. */
  writtenItem(commit: string): Item {
    return inDomain({ kind: 'status.written', commit, remaining: encodeUnwritten(this.core.state.since) });
  }

  private message(subject: string, revisions: readonly Revision[]): string {
    const { state } = this.core;
    const trailers: string[] = [];
    for (const revision of revisions) {
      const known = state.domain.revisions.get(revision);
      if (known === undefined) continue;
      trailers.push(`Heliostat-Revision: ${revision}`);
      for (const verdict of Object.values(known.verdicts))
        if (verdict.rollout !== null) trailers.push(`Heliostat-Rollout: ${verdict.rollout}`);
      trailers.push(`Heliostat-Verdict: ${verdictOf(known, state.domain, state.tables.solutions)}`);
    }
    return trailers.length === 0 ? `${subject}\n` : `${subject}\n\n${[...new Set(trailers)].join('\n')}\n`;
  }

  /** One line a domain under each revision; what other domains say stays. */
  private async writeNotes(revisions: readonly Revision[]): Promise<void> {
    const { state, ports } = this.core;
    const notes = new Map<Revision, string>();
    for (const revision of revisions) {
      const known = state.domain.revisions.get(revision);
      if (known === undefined) continue;
      const reason = Object.values(known.verdicts).find((verdict) => verdict.reason !== null)?.reason;
      const verdict = verdictOf(known, state.domain, state.tables.solutions);
      notes.set(
        revision,
        `${this.core.domain}: ${verdict}${reason ? ` (${reason.replaceAll(/\s+/g, ' ')})` : ''}\n`,
      );
    }
    if (notes.size === 0) return;
    const { controller } = this.core.options;
    for (let attempt = 0; attempt < noteAttempts; attempt++) {
      const swapped = await ports.refs.note(notesName, notes, ports.clock.wallMs());
      if (swapped.kind === 'swapped') return;
      await pauseAfter(attempt, { ...ports, controller, domain: this.core.domain });
    }
    ports.log.write('warn', ports.redact('the notes of the revisions could not be written'));
  }
}
