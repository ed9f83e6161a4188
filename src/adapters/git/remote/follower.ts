import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Oid, Refs } from '../../../ports/repository.js';
import { GitError } from '../failure.js';
import type { LastSeen } from './last-seen.js';
import { RemoteError, type Remote } from './remote.js';

export interface FollowerOptions {
  readonly remote: Remote;
  readonly gitDir: string;
  /** Of the bare copy. */
  readonly local: Refs;
  readonly lastSeen: LastSeen;
  /** Monotonic, in milliseconds. */
  now(): number;
  /** What was listed no longer ago counts as what is there. */
  readonly freshMs: number;
  /** One that did not answer is asked again after this, whoever reads meanwhile. */
  readonly retryMs: number;
  /** Commits of each reference that are fetched when the copy knows nothing of it. */
  readonly depth: number;
  /** Whether the copy has this commit. */
  has(oid: Oid): Promise<boolean>;
  /** It was asked just now, and did not answer. */
  readonly failure: RemoteError | null;
}

const branches = 'refs/heads/';

/**
 * Keeps the bare copy up with the references that somebody reads. While the remote is away they are what they were when
 * it was looked at last: what runs goes on by that. The copy keeps them for the next process; this one goes by what it
 * has seen itself, since another may be writing to the same copy.
 */
export class Follower {
  /** Why it could not be asked the last time; null: it could. */
  away: RemoteError | null;
  /** What the remote said at the last look; null: there was none. */
  private listed: ReadonlyMap<string, Oid> | null = null;
  /** Values whose commits are in the copy; null: the remote has no such reference. */
  private readonly held = new Map<string, Oid | null>();
  private readonly followed = new Set<string>();
  private listedAt = -Infinity;
  private askedAt: number;
  private looking: Promise<void> | null = null;
  private next: Promise<void> | null = null;
  private moves = 0;
  private readonly movedAt = new Map<string, number>();
  private readonly listeners = new Set<() => void>();

  constructor(private readonly options: FollowerOptions) {
    this.away = options.failure;
    this.askedAt = options.now();
  }

  /** @throws {RemoteError} if it does not answer, and never did. */
  async read(ref: string): Promise<Oid | null> {
    if (ref.startsWith(branches)) await this.follow(ref);
    else if (!this.held.has(ref)) await this.bring(ref).catch(onlyRemote);
    const known = this.held.get(ref);
    if (known !== undefined) return known;
    if (this.away !== null && (await this.options.lastSeen.wallMs()) === null) throw this.away;
    return this.options.local.read(ref);
  }

  /** All that begin so, as listed; by the copy while the remote is away. */
  async list(prefix: string): Promise<{ ref: string; oid: Oid }[]> {
    await this.lookIfStale();
    if (this.listed === null) return [...(await this.options.local.list(prefix))];
    return [...this.listed].filter(([ref]) => ref.startsWith(prefix)).map(([ref, oid]) => ({ ref, oid }));
  }

  /** A look that begins after this call, whatever was heard before. @throws {RemoteError} */
  refresh(): Promise<void> {
    if (this.looking === null) return this.look();
    this.next ??= this.looking.catch(onlyRemote).then(() => {
      this.next = null;
      return this.look();
    });
    return this.next;
  }

  /** Called after each look that was answered. */
  onLooked(listener: () => void): void {
    this.listeners.add(listener);
  }

  /** Any reference, as it is now; null: there is none. @throws {RemoteError} */
  async bring(ref: string): Promise<Oid | null> {
    const oid = await this.asked(() => this.options.remote.list(ref)).then((found) => found.get(ref) ?? null);
    await this.hold(ref, oid);
    return oid;
  }

  /** A swap of ours has moved it. */
  async moved(ref: string, to: Oid): Promise<void> {
    this.movedAt.set(ref, ++this.moves);
    this.followed.add(ref);
    await this.hold(ref, to);
  }

  private async follow(ref: string): Promise<void> {
    const isNew = !this.followed.has(ref);
    this.followed.add(ref);
    if (this.away !== null) {
      if (this.options.now() - this.askedAt >= this.options.retryMs) void this.glance().catch(onlyRemote);
      return;
    }
    await this.lookIfStale();
    if (!isNew || this.held.has(ref) || this.listed === null || this.away !== null) return;
    await this.asked(() => this.hold(ref, this.listed?.get(ref) ?? null)).catch(onlyRemote);
  }

  private async lookIfStale(): Promise<void> {
    if (this.options.now() - this.listedAt >= this.options.freshMs) await this.glance().catch(onlyRemote);
  }

  /** Whoever asks while a look is under way takes what it finds. */
  private glance(): Promise<void> {
    return this.looking ?? this.look();
  }

  private look(): Promise<void> {
    this.looking = this.lookNow().finally(() => (this.looking = null));
    return this.looking;
  }

  private async lookNow(): Promise<void> {
    const { moves } = this;
    await this.asked(async () => {
      const listed = await this.options.remote.list(branches);
      for (const ref of this.followed) {
        // What was listed before a move of ours says nothing of it.
        if (!ref.startsWith(branches) || (this.movedAt.get(ref) ?? 0) > moves) continue;
        await this.hold(ref, listed.get(ref) ?? null);
      }
      this.listed = listed;
    });
    this.listedAt = this.options.now();
    await this.options.lastSeen.now();
    for (const listener of this.listeners) listener();
  }

  /** Remembers whether it answered. */
  private async asked<T>(work: () => Promise<T>): Promise<T> {
    this.askedAt = this.options.now();
    try {
      const answer = await work();
      this.away = null;
      return answer;
    } catch (error) {
      if (error instanceof RemoteError) this.away = error;
      throw error;
    }
  }

  /** The commit first, then the reference: whoever dies in between has lost nothing. */
  private async hold(ref: string, to: Oid | null): Promise<void> {
    const { remote, local, depth, has } = this.options;
    if (this.held.has(ref) && this.held.get(ref) === to) return;
    const before = await local.read(ref);
    if (to !== null && to !== before && !(await has(to))) {
      const have = before === null ? null : ref;
      await remote.fetch(to, { have, depth: before === null ? depth : null });
      if (!(await has(to)))
        throw new RemoteError(
          'remote.away',
          `the commit ${to} of ${ref} did not arrive`,
          'It is asked again.',
        );
    }
    await this.keep(ref, before, to);
    this.held.set(ref, to);
  }

  /** For the next process. Nobody else writes to the copy; whoever does so by hand is overruled. */
  private async keep(ref: string, before: Oid | null, to: Oid | null): Promise<void> {
    const { local, gitDir } = this.options;
    if (to === before) return;
    if (to === null) return rm(join(gitDir, ...ref.split('/')), { force: true });
    const swapped = await local.compareAndSwap(ref, before, to);
    if (swapped.kind === 'unavailable')
      throw new GitError({
        code: 'git.failed',
        message: swapped.message,
        fix: `Delete the copy of the remote, which is made anew: ${gitDir}`,
      });
  }
}

function onlyRemote(error: unknown): void {
  if (!(error instanceof RemoteError)) throw error;
}
