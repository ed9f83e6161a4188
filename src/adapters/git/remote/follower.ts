import type { Oid, Refs } from '../../../ports/repository.js';
import { RemoteError, type Remote } from './remote.js';

export interface FollowerOptions {
  readonly remote: Remote;
  /** Of the bare copy. */
  readonly local: Refs;
  /** Monotonic, in milliseconds. */
  now(): number;
  /** What was listed no longer ago counts as what is there. */
  readonly freshMs: number;
  /** Commits of each reference that are fetched when the copy knows nothing of it. */
  readonly depth: number;
}

/** Since when the remote does not answer, by the clock of the options, and why. */
export interface Away {
  readonly sinceMs: number;
  readonly failure: RemoteError;
}

const branches = 'refs/heads/';

/**
 * Keeps the bare copy up with the branches that somebody reads. While the remote is away they are what they were when it
 * was looked at last: what runs goes on by that.
 */
export class Follower {
  away: Away | null = null;
  /** Branches that the remote had at the last look; null: there was none. */
  private listed: ReadonlyMap<string, Oid> | null = null;
  private listedAt = -Infinity;
  private looking: Promise<void> | null = null;
  private readonly followed = new Set<string>();

  constructor(private readonly options: FollowerOptions) {}

  /** What it has, or had; null: there is no such reference. What is no branch is as the last swap or look has left it. */
  async read(ref: string): Promise<Oid | null> {
    if (!ref.startsWith(branches)) return this.options.local.read(ref);
    if (!this.followed.has(ref)) {
      this.followed.add(ref);
      this.listedAt = -Infinity;
    }
    await this.lookIfStale();
    return this.listed === null || this.listed.has(ref) ? this.options.local.read(ref) : null;
  }

  /** Asks now, whatever was heard before. @throws {RemoteError} */
  async look(ref: string): Promise<void> {
    if (ref.startsWith(branches)) {
      this.looking ??= this.lookAtBranches().finally(() => (this.looking = null));
      await this.looking;
      if (this.away !== null) throw this.away.failure;
    } else await this.bring(await this.options.remote.list(ref), [ref]);
  }

  /** A swap of ours has moved it. */
  async moved(ref: string, to: Oid): Promise<void> {
    await this.take(ref, to);
    if (this.listed !== null && ref.startsWith(branches)) this.listed = new Map([...this.listed, [ref, to]]);
  }

  private async lookIfStale(): Promise<void> {
    if (this.options.now() - this.listedAt < this.options.freshMs) return;
    try {
      await this.look(branches);
    } catch (error) {
      // Nothing was ever heard of it: then there is nothing to go on with.
      if (this.listed === null && (await this.isEmpty())) throw error;
    }
  }

  private async isEmpty(): Promise<boolean> {
    return (await this.options.local.list(branches)).length === 0;
  }

  private async lookAtBranches(): Promise<void> {
    const { remote, now } = this.options;
    // One that does not answer is not asked again at once.
    this.listedAt = now();
    try {
      const listed = await remote.list(branches);
      await this.bring(listed, [...this.followed]);
      this.listed = listed;
      this.away = null;
    } catch (error) {
      if (!(error instanceof RemoteError)) throw error;
      this.away = { sinceMs: this.away?.sinceMs ?? now(), failure: error };
    }
  }

  /** The commits first, then the references: whoever dies in between has lost nothing. */
  private async bring(listed: ReadonlyMap<string, Oid>, refs: readonly string[]): Promise<void> {
    const { remote, local, depth } = this.options;
    const changed: [ref: string, to: Oid][] = [];
    for (const ref of refs) {
      const to = listed.get(ref);
      if (to !== undefined && to !== (await local.read(ref))) changed.push([ref, to]);
    }
    if (changed.length === 0) return;
    await remote.fetch(
      changed.map(([ref]) => ref),
      depth,
    );
    for (const [ref, to] of changed) await this.take(ref, to);
  }

  /** Nobody else writes to the copy; whoever does so by hand is overruled by the next look. */
  private async take(ref: string, to: Oid): Promise<void> {
    const { local } = this.options;
    const before = await local.read(ref);
    if (before !== to) await local.compareAndSwap(ref, before, to);
  }
}
