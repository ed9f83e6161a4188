import type { Revision } from '../../core/base/names.js';
import type { Entry } from '../../core/journal/entry.js';
import { solutionOf } from '../../core/journal/entry.js';
import type { JournalRecord } from '../../core/journal/record.js';
import type { Forge } from '../../ports/forge.js';
import type { Core } from '../core.js';
import { askAgainMs, Teller } from './teller.js';
import type { Told } from './told.js';

/** What merely goes on is told in steps of this; how something ended is told at once. In milliseconds. */
const pauseMs = 5_000;
const urgentMs = 50;
const retriesMs = [10_000, 20_000, 60_000, 300_000] as const;
/** Commits of which a former life may not have told all. */
const toldAtStart = 5;

/**
 * Tells the forge how commits fare: a status for each, deployments of their solutions, and the one comment of their pull
 * request. What is to be told follows from the state alone, so that nothing has to be remembered: whoever comes after a
 * crash tells it again, and the forge's adapter leaves what is so already.
 */
export class ForgeReporter {
  /** Of which something has changed since it was told. */
  private readonly marked = new Set<Revision>();
  private readonly teller: Teller;
  /** To be told once more, and from when: the forge may know more of them by then. */
  private readonly again = new Map<Revision, number>();
  private urgent = false;
  private isTelling = false;
  private failures = 0;
  private retryAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly core: Core,
    forge: Forge,
  ) {
    this.teller = new Teller(core, forge);
    core.followers.add((record) => this.note(record));
  }

  start(): void {
    const seen = [...this.core.state.domain.revisions.keys()];
    for (const revision of seen.slice(-toldAtStart)) this.marked.add(revision);
  }

  /** Called after each turn of the loop. */
  schedule(): void {
    if (this.isTelling) return;
    const { alarms, ports } = this.core;
    const now = ports.clock.monoMs();
    if (this.again.size > 0)
      alarms.setEarlier('forge', Math.max(Math.min(...this.again.values()), this.retryAt));
    if (this.marked.size === 0) return;
    alarms.setEarlier('forge', Math.max(now + (this.urgent ? urgentMs : pauseMs), this.retryAt));
  }

  /** All is told, or cannot be for now. */
  get isIdle(): boolean {
    return !this.isTelling && (this.marked.size === 0 || this.failures > 0);
  }

  tell(): void {
    if (this.isTelling) return;
    const now = this.core.ports.clock.monoMs();
    for (const [revision, at] of this.again)
      if (at <= now && this.again.delete(revision)) this.marked.add(revision);
    if (this.marked.size === 0) return;
    this.isTelling = true;
    this.urgent = false;
    const revisions = [...this.marked];
    this.marked.clear();
    void this.tellEach(revisions)
      .catch((error: unknown): Told => ({ kind: 'unavailable', message: messageOf(error), afterMs: null }))
      .then((told) => {
        if (told.kind === 'unavailable') for (const revision of revisions) this.marked.add(revision);
        this.core.inbox.push({ kind: 'told', told });
      });
  }

  /** What came of it has entered the loop. */
  answered(told: Told): void {
    const { troubles, ports } = this.core;
    this.isTelling = false;
    this.failures = told.kind === 'unavailable' ? this.failures + 1 : 0;
    if (told.kind === 'told') return troubles.end('forge');
    if (told.kind === 'unavailable') {
      const pause = retriesMs[Math.min(this.failures, retriesMs.length) - 1] ?? 0;
      this.retryAt = ports.clock.monoMs() + Math.max(told.afterMs ?? 0, pause);
    }
    troubles.begin('forge', {
      type: told.kind === 'refused' ? 'refused' : 'unreachable',
      code: told.kind === 'refused' ? told.code : 'forge.away',
      message: `what happens cannot be told on the forge: ${told.message}`,
      command: 'heliostat doctor',
    });
  }

  private async tellEach(revisions: readonly Revision[]): Promise<Told> {
    const { branch } = this.core;
    // Who has lost the domain has nothing true to tell; who has not claimed it yet tells what the last life did not.
    if (branch.isClaimed && !(await branch.stillOurs())) return { kind: 'told' };
    let worst: Told = { kind: 'told' };
    for (const revision of revisions) {
      const told = await this.teller.tell(revision);
      if (told.kind === 'unavailable') return told;
      if (this.teller.isUnsure(revision) && !this.again.has(revision))
        this.again.set(revision, this.core.ports.clock.monoMs() + askAgainMs);
      if (told.kind === 'refused') worst = told;
    }
    return worst;
  }

  private note({ stream, entry }: JournalRecord): void {
    const { tables } = this.core.state;
    const solution = solutionOf(stream);
    const of = entry as Entry & { readonly revision?: Revision | null };
    const revision =
      solution === null ? (of.revision ?? null) : (tables.solutions.get(solution)?.rollout?.revision ?? null);
    if (revision === null || !isNews(of)) return;
    this.marked.add(revision);
    this.urgent ||= isUrgent(of);
  }
}

function isNews({ kind }: Entry): boolean {
  return /^(?:tip|revision|verdict|revert|hold|rollout|track|step|evidence|quarantine)/.test(kind);
}

function isUrgent({ kind }: Entry): boolean {
  return /^(?:revision\.|verdict\.|revert\.ended|hold\.|rollout\.(?:planned|phase))/.test(kind);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
