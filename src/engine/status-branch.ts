import { fromUtf8 } from '../core/base/bytes.js';
import { digestOf, shortHex } from '../core/base/digest.js';
import type { DomainId, DomainName, Revision } from '../core/base/names.js';
import { isoTime } from '../core/base/time.js';
import type { ClaimRecord } from '../core/status/claim.js';
import { claimDocument, claimPath, readClaim } from '../core/status/claim.js';
import type { Clock } from '../ports/clock.js';
import type { History } from '../ports/history.js';
import type { FileChange, Oid, Refs, Source } from '../ports/repository.js';
import { documentLimitBytes, lookUp, readFiles } from './at-commit.js';
import { saidBy } from './own-folder.js';
import { filesBelow } from './recall.js';
import { pauseAfter } from './spread.js';

export const statusRef = 'refs/heads/heliostat/status';
/** What was written last is not part of the branch any more. */
export const statusRewritten = 'status.rewritten';

export interface StatusBranchOptions {
  readonly refs: Refs;
  readonly source: Source;
  readonly history: Pick<History, 'isAncestor'>;
  readonly clock: Clock;
  readonly domain: DomainName;
  readonly controller: string;
  readonly home: string;
  readonly takeover: boolean;
  /** The journal is carried to the branch; else what lies there of it ends with our first claim. */
  readonly carries?: boolean;
}

export type Claimed =
  | { readonly kind: 'ours'; readonly claim: ClaimRecord }
  | { readonly kind: 'refused'; readonly by: ClaimRecord }
  /** Somebody has gone on under our own name since we looked: what we know is not the truth any more. */
  | { readonly kind: 'outrun' }
  | { readonly kind: 'unavailable'; readonly message: string };

export interface Reading {
  readonly claim: ClaimRecord | null;
  readonly tip: Oid | null;
  readonly problem: string | null;
}

export type Written =
  | { readonly kind: 'written'; readonly commit: Oid }
  | { readonly kind: 'fenced'; readonly lost: Lost }
  | { readonly kind: 'unavailable'; readonly message: string };

type Swapped = 'swapped' | 'lost' | Failed;

interface Failed {
  readonly kind: 'unavailable';
  readonly message: string;
  /** Somebody holds the lock, and may let go of it at any moment. */
  readonly isBusy: boolean;
}

/** Why the domain is not ours any more, for people. */
export interface Lost {
  readonly cause: 'taken' | 'rewritten';
  readonly reason: string;
}

const attempts = 40;
/** Failures in a row, from the first on, that may pass by themselves; and those that are no more than a lock. */
const patience = 4;
const patienceWithLocks = 24;

/** The status branch: linear, append-only, by compare-and-swap; and on it the claim, which fences. */
export class StatusBranch {
  private tip: Oid | null = null;
  private claim: ClaimRecord | null = null;
  private checking: Promise<boolean> | null = null;
  lost: Lost = { cause: 'taken', reason: 'nobody has claimed the domain' };
  /** Our folder as the first look found it; null: there was none. */
  private seen: string | null | undefined;
  /** The last commit of ours that was to become the tip: it may be on the branch though nobody has told us, or ever will. */
  private offered: Oid | null = null;
  /** Somebody else has changed documents of ours, and it was not told yet. */
  private edited = false;

  constructor(private readonly options: StatusBranchOptions) {}

  /** Of our claim; 0 before it. */
  get epoch(): number {
    return this.claim?.epoch ?? 0;
  }

  get isClaimed(): boolean {
    return this.claim !== null;
  }

  /** The claim that stands, whoever made it; without a local branch that of a remote-tracking one. */
  async read(): Promise<Reading> {
    const reading = await this.look();
    this.seen = await this.folderAt(reading.tip);
    return reading;
  }

  /** A journal was carried to the branch, as the first look found it. */
  get hasIntents(): boolean {
    return / intents$/m.test(this.seen ?? '');
  }

  private async folderAt(tip: Oid | null): Promise<string | null> {
    return tip === null ? null : saidBy(this.options.source, tip, this.options.domain);
  }

  private async look(): Promise<Reading> {
    const tip = await this.tipNow();
    if (tip === null) return { claim: null, tip: null, problem: null };
    const { source, domain } = this.options;
    const path = claimPath(domain);
    const unreadable = (what: string) => ({ claim: null, tip, problem: `${what} cannot be read` });
    // In one look: what cannot be read for a moment must not pass for what is not there.
    const found = await lookUp(source, tip, path);
    if (found.kind === 'unreadable') return unreadable(`the commit ${tip} of the status branch`);
    if (found.kind === 'absent') return { claim: null, tip, problem: null };
    const [bytes] = await source.blobs([found.oid], documentLimitBytes);
    const text = bytes ? fromUtf8(bytes) : null;
    const reading = text === null ? null : readClaim(text);
    if (reading?.kind === 'newer')
      return {
        claim: null,
        tip,
        problem: `the status branch was written by a newer Heliostat (documents of version ${reading.schema})`,
      };
    if (reading?.kind !== 'claim') return unreadable(`${path} on the status branch`);
    return { claim: reading.claim, tip, problem: null };
  }

  /** Where there is no local branch, that of a remote-tracking one. */
  async tipNow(): Promise<Oid | null> {
    return (await this.options.refs.read(statusRef)) ?? (await this.remoteTip());
  }

  private async remoteTip(): Promise<Oid | null> {
    const remotes = await this.options.refs.list('refs/remotes/');
    return remotes.find(({ ref }) => ref.endsWith('/heliostat/status'))?.oid ?? null;
  }

  /** Raises the epoch by a commit of its own: made before the first effect or verdict of an incarnation. */
  async take(known: {
    readonly id: DomainId | null;
    readonly epoch: number;
    /** Short name of the tracked branch. */
    readonly branch: string;
  }): Promise<Claimed> {
    const { options } = this;
    // Made, and not known to be on the branch: the answer may have been lost.
    let offered: ClaimRecord | null = null;
    for (let attempt = 0; attempt < attempts; attempt++) {
      const { claim: former, tip, problem } = await this.look();
      if (problem !== null) return { kind: 'unavailable', message: problem };
      if (former !== null && former.controller !== options.controller && !options.takeover)
        return { kind: 'refused', by: former };
      const said = await this.folderAt(tip);
      if (offered !== null && said === (await this.folderAt(this.offered))) return this.hold(offered, tip);
      // A copy of the state folder that was started elsewhere has the same name, and is another actor.
      if (this.seen !== undefined && said !== this.seen) return { kind: 'outrun' };
      const now = options.clock.wallMs();
      const claim: ClaimRecord = {
        id: former?.id ?? known.id ?? mintId(options, now),
        domain: options.domain,
        controller: options.controller,
        epoch: Math.max(former?.epoch ?? 0, known.epoch) + 1,
        since: former?.controller === options.controller ? former.since : now,
        home: options.home,
        branch: known.branch,
      };
      const changes = [
        { path: claimPath(options.domain), content: claimDocument(claim, isoTime(claim.since)) },
        ...(await this.outdatedIntents(tip)),
      ];
      const swapped = await this.swap(
        tip,
        changes,
        `${options.domain}: claimed by ${options.controller}, epoch ${claim.epoch}\n`,
      );
      if (swapped === 'swapped') return this.hold(claim, this.tip);
      if (typeof swapped === 'object') {
        if (isTooLong(attempt, swapped) || (await this.isAway())) return swapped;
        if (!swapped.isBusy) offered = claim;
      }
      await pauseAfter(attempt, this.options);
    }
    return { kind: 'unavailable', message: 'too many others are writing to the status branch' };
  }

  private hold(claim: ClaimRecord, tip: Oid | null): Claimed {
    this.claim = claim;
    this.tip = tip;
    return { kind: 'ours', claim };
  }

  /** A journal that is carried on by nobody would be taken for what is known, one day. */
  private async outdatedIntents(tip: Oid | null): Promise<readonly FileChange[]> {
    const { carries = false, domain, source } = this.options;
    if (carries || tip === null || !this.hasIntents) return [];
    return ((await filesBelow(source, tip, domain)) ?? []).map(({ path }) => ({ path, content: null }));
  }

  /** Domains with a folder on the branch, ours included, sorted. */
  async domains(): Promise<readonly string[]> {
    const commit = this.tip === null ? null : await this.options.source.commit(this.tip as Revision);
    const entries = commit === null ? null : await this.options.source.tree(commit.tree);
    const names = new Set(
      (entries ?? []).filter((entry) => entry.kind === 'tree').map((entry) => entry.name),
    );
    return [...names.add(this.options.domain)].sort();
  }

  /** What was written last at these paths; null: nothing. */
  said(paths: readonly string[]): Promise<readonly (string | null)[]> {
    return this.tip === null
      ? Promise.resolve(paths.map(() => null))
      : readFiles(this.options.source, this.tip, paths);
  }

  /** Immediately before each effect: true as long as nobody has raised the epoch. Asked once for all that ask at a time. */
  stillOurs(): Promise<boolean> {
    this.checking ??= this.check().finally(() => (this.checking = null));
    return this.checking;
  }

  private async check(): Promise<boolean> {
    const { refs } = this.options;
    const tip = await refs.read(statusRef);
    if (tip === this.tip) return this.claim !== null;
    const lost = await this.lossAt(tip);
    if (lost !== null) {
      this.lost = lost;
      return false;
    }
    if (!(await this.saysTheSame(tip as Oid))) this.edited = true;
    this.tip = tip;
    return true;
  }

  /** What a tip that is not ours means: a claim of somebody else, or that what we wrote is not part of it. */
  private async lossAt(tip: Oid | null): Promise<Lost | null> {
    const { controller, domain, history } = this.options;
    const mine = this.tip;
    const rewritten = (what: string): Lost => ({ cause: 'rewritten', reason: rewrittenText(what, mine) });
    if (tip === null) return rewritten('was deleted');
    const { claim, problem } = await this.look();
    if (claim === null)
      return rewritten(
        problem === null ? `says nothing of ${domain} any more` : `cannot be read: ${problem}`,
      );
    if (claim.epoch > this.epoch || (claim.epoch === this.epoch && claim.controller !== controller))
      return {
        cause: 'taken',
        reason: `${claim.controller} has taken the domain over with epoch ${claim.epoch}`,
      };
    const isPart = mine === null || (await history.isAncestor(mine as Revision, tip as Revision));
    return isPart && claim.epoch === this.epoch ? null : rewritten('was rewritten');
  }

  /** Whether nobody touched our folder in between; other domains write beside it. */
  private async saysTheSame(tip: Oid): Promise<boolean> {
    const { source, domain } = this.options;
    const ours = [this.tip, this.offered].filter((commit) => commit !== null);
    if (ours.length === 0) return true;
    const said = await saidBy(source, tip, domain);
    for (const commit of ours) if ((await saidBy(source, commit, domain)) === said) return true;
    return false;
  }

  /** Whether our documents were changed by somebody since the last call. */
  takeEdited(): boolean {
    const { edited } = this;
    this.edited = false;
    return edited;
  }

  /** Null: what was written last, by a former incarnation too, is part of the branch as it is now. */
  async rewrittenSince(written: Oid): Promise<string | null> {
    const tip = await this.options.refs.read(statusRef);
    if (tip === written) return null;
    if (tip === null) return rewrittenText('was deleted', written);
    return (await this.options.history.isAncestor(written as Revision, tip as Revision))
      ? null
      : rewrittenText('was rewritten', written);
  }

  /** One commit for all that is dirty. A lost race is built anew on the new tip; another's epoch stops us. */
  async write(
    changes: (tip: Oid | null) => Promise<readonly FileChange[]>,
    message: string,
  ): Promise<Written> {
    for (let attempt = 0; attempt < attempts; attempt++) {
      if (!(await this.stillOurs())) return { kind: 'fenced', lost: this.lost };
      const swapped = await this.swap(this.tip, await changes(this.tip), message);
      if (typeof swapped === 'object') {
        if (isTooLong(attempt, swapped) || (await this.isAway())) return swapped;
      } else if (swapped === 'swapped') return { kind: 'written', commit: this.tip as Oid };
      await pauseAfter(attempt, this.options);
    }
    return { kind: 'unavailable', message: 'too many others are writing to the status branch' };
  }

  /** Adds to what stands there without being the controller. A text: why that is not possible. */
  async add(changes: readonly FileChange[], message: string): Promise<string | null> {
    for (let attempt = 0; attempt < attempts; attempt++) {
      const { claim, tip, problem } = await this.look();
      if (problem !== null) return problem;
      if (claim === null) return `nobody has run ${this.options.domain} yet`;
      const swapped = await this.swap(tip, changes, message);
      if (swapped === 'swapped') return null;
      if (typeof swapped === 'object' && (isTooLong(attempt, swapped) || (await this.isAway())))
        return swapped.message;
      await pauseAfter(attempt, this.options);
    }
    return 'too many others are writing to the status branch';
  }

  /** What `swap` says of it is no news a moment later. */
  private async isAway(): Promise<boolean> {
    return ((await this.options.refs.away?.()) ?? null) !== null;
  }

  private async swap(parent: Oid | null, changes: readonly FileChange[], message: string): Promise<Swapped> {
    const { refs, clock } = this.options;
    const local = await refs.read(statusRef);
    if (local !== null && local !== parent) return 'lost';
    const away = (await refs.away?.()) ?? null;
    if (away !== null) return { kind: 'unavailable', message: away.message, isBusy: false };
    const commit = await refs.commit({ parent, changes, message, wallMs: clock.wallMs() });
    this.offered = commit;
    const result = await refs.compareAndSwap(statusRef, local, commit);
    if (result.kind === 'lost') return 'lost';
    if (result.kind === 'unavailable')
      return { kind: 'unavailable', message: result.message, isBusy: result.isBusy === true };
    this.tip = commit;
    return 'swapped';
  }
}

function isTooLong(attempt: number, { isBusy }: Failed): boolean {
  return attempt >= (isBusy ? patienceWithLocks : patience);
}

function rewrittenText(what: string, written: Oid | null): string {
  const restore = written === null ? '' : `; restore it: git update-ref ${statusRef} ${written}`;
  return `the status branch ${what}: what was written last is not part of it, and nothing more is written${restore}`;
}

function mintId(options: StatusBranchOptions, now: number): DomainId {
  return shortHex(
    digestOf({ controller: options.controller, home: options.home, domain: options.domain, now }),
    16,
  ) as DomainId;
}
