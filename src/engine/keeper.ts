import type { Clock } from '../ports/clock.js';
import { cancelSource } from '../ports/clock.js';
import { currentStatus } from './answer.js';
import type { Booted } from './boot.js';
import type { Engine } from './engine.js';
import type { EngineEvent } from './inbox.js';
import type { EngineOptions } from './ports.js';
import { reconcile } from './reconcile.js';
import { statusRewritten } from './status-branch.js';
import type { StopCause, Stopped } from './stopped.js';
import { mayPass } from './stopped.js';

const firstPauseMs = 1_000;
const longestPauseMs = 30_000;
/** An incarnation that lived so long was no failed attempt. */
const longLifeMs = 60_000;

type Acceptance = EngineOptions['acceptRewritten'];

export interface KeeperWork {
  readonly clock: Clock;
  /** Another incarnation from what is there. Rejects where the repository cannot be read. */
  boot(accept: Acceptance): Promise<Booted>;
  /** Before the loop of an incarnation begins. */
  began(engine: Engine): void;
  /** It does nothing until its cause has passed, and says why. */
  waits(stopped: Stopped): void;
}

/**
 * Keeps a daemon in being across what may pass: a full disk, a repository that is gone for a while, a status branch that
 * was rewritten. The incarnation that met it ends, since its state may be ahead of its journal; nothing acts while it is
 * tried, less and less often, to boot the next one from the disk. Meanwhile whoever asks is answered.
 */
export class Keeper {
  /** Somebody asked for its end. */
  isEnding = false;
  private waking = cancelSource();
  private accept: Acceptance = null;
  private pauseMs = firstPauseMs;
  isWaiting = false;

  constructor(
    private current: Engine,
    private readonly work: KeeperWork,
  ) {}

  /** The incarnation that lives, or that has met what is being waited for. */
  get engine(): Engine {
    return this.current;
  }

  /** Settles when the daemon has ended for good; rejects on a bug. */
  async run(): Promise<void> {
    for (;;) {
      const bornAt = this.work.clock.monoMs();
      this.work.began(this.current);
      await reconcile(this.current);
      const { stopped } = this.current;
      if (stopped === null || !mayPass(stopped.cause) || this.isEnding) return;
      if (this.work.clock.monoMs() - bornAt > longLifeMs) this.pauseMs = firstPauseMs;
      const next = await this.successor(stopped);
      if (next === null) return;
      this.current = next;
    }
  }

  /** Everything that enters from outside: signals, and what people ask. */
  push(event: EngineEvent): void {
    if (event.kind === 'shutdown') this.end();
    if (!this.isWaiting) return this.current.core.inbox.push(event);
    if (event.kind === 'request') this.answer(event);
  }

  private end(): void {
    this.isEnding = true;
    this.waking.abort();
  }

  private async successor(stopped: Stopped): Promise<Engine | null> {
    this.isWaiting = true;
    this.work.waits(stopped);
    try {
      await this.current.close();
      for (;;) {
        await this.pause();
        if (this.isEnding) return null;
        const booted = await this.tryBoot();
        if (booted.ok && !this.isEnding) return booted.engine;
        if (booted.ok) return await booted.engine.close().then(() => null);
        this.current.stopped = { ...stopped, cause: booted.cause, message: booted.message };
        if (!mayPass(booted.cause)) return null;
        if (booted.message !== stopped.message) this.work.waits(this.current.stopped);
        stopped = this.current.stopped;
      }
    } finally {
      this.isWaiting = false;
    }
  }

  private async pause(): Promise<void> {
    const { clock } = this.work;
    this.waking = cancelSource();
    if (this.accept === null && !this.isEnding)
      await clock.sleepUntil(clock.monoMs() + this.pauseMs, this.waking.cancel);
    this.pauseMs = Math.min(longestPauseMs, this.pauseMs * 2);
  }

  private async tryBoot(): Promise<
    | { readonly ok: true; readonly engine: Engine }
    | { readonly ok: false; readonly cause: StopCause; readonly message: string }
  > {
    const { accept } = this;
    this.accept = null;
    try {
      const booted = await this.work.boot(accept);
      return booted.ok ? booted : { ok: false, cause: causeOf(booted.code), message: booted.message };
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      return { ok: false, cause: 'claim', message: `the claim cannot be read: ${why}` };
    }
  }

  private answer({ request, answer }: Extract<EngineEvent, { kind: 'request' }>): void {
    const { stopped } = this.current;
    switch (request.verb) {
      case 'status':
        return answer(currentStatus(this.current));
      case 'shutdown':
        answer({ done: true, message: 'the controller ends; everything that it runs goes on' });
        return this.end();
      case 'release':
        if (request.hold !== statusRewritten || stopped?.cause !== 'rewritten') break;
        this.accept = { who: request.who, reason: request.reason };
        this.waking.abort();
        return answer({ done: true, message: 'the status branch is taken as it is, and written anew' });
      default:
    }
    answer({ done: false, message: `nothing is done now: ${stopped?.message ?? 'it begins anew'}` });
  }
}

function causeOf(code: string): StopCause {
  switch (code) {
    case 'journal.disk':
      return 'journal';
    case statusRewritten:
      return 'rewritten';
    case 'claim.refused':
      return 'taken';
    case 'status.unreadable':
      return 'claim';
    default:
      return 'bug';
  }
}
