import type { Redactor } from '../core/base/safe-text.js';
import type { Version } from '../core/base/version.js';
import type { Clock } from '../ports/clock.js';
import type { Disk } from '../ports/disk.js';
import type { Forge } from '../ports/forge.js';
import type { History } from '../ports/history.js';
import type { Log } from '../ports/log.js';
import type { Gauge } from '../ports/gate.js';
import type { Prober } from '../ports/probe.js';
import type { Providers } from '../ports/provider.js';
import type { Reader } from '../ports/reader.js';
import type { Refs, Source } from '../ports/repository.js';
import type { Secrets } from '../ports/secrets.js';
import type { DomainChoice } from './load/types.js';

/** The world, as far as the engine knows it. */
export interface EnginePorts {
  readonly clock: Clock;
  readonly disk: Disk;
  readonly refs: Refs;
  readonly source: Source;
  readonly history: History;
  readonly reader: Reader;
  readonly providers: Providers;
  readonly prober: Prober;
  readonly gauge: Gauge;
  readonly secrets: Secrets;
  /** The host of pull requests; absent: there is none. */
  readonly forge?: Forge;
  readonly log: Log;
  readonly redact: Redactor;
}

/** What the operator wants of the forge. */
export interface ForgePolicy {
  /** Whether what takes back a failure is a commit on the tracked branch, or a pull request. */
  readonly reverts: 'commit' | 'pullRequest';
  /** When the plan made after the merge is another one than the pull request showed. */
  readonly otherPlan: 'goOn' | 'hold';
  /** Whether the comment of a pull request is written from here; absent: it is. */
  readonly comments?: boolean;
}

export interface EngineOptions {
  /** The controller's name: the same name comes back, another is refused. */
  readonly controller: string;
  /** Real path of the common Git directory, or the URL of a forge. */
  readonly home: string;
  readonly domain: DomainChoice;
  /** Null: the branch that was recorded with the claim, else HEAD's. */
  readonly branch: string | null;
  readonly programVersion: Version;
  /** Take the domain from another controller. */
  readonly takeover: boolean;
  /** Time in which every instance is observed once, in milliseconds. */
  readonly pollMs: number;
  /** Provider calls under way at a time. */
  readonly concurrency: number;
  /** Does what it is asked for, and looks at no new commit by itself. */
  readonly requestsOnly?: boolean;
  /**
   * False: the state folder is gone with the machine, so the journal is carried to the status branch before its effects.
   * Absent: it stays.
   */
  readonly durable?: boolean;
  /** Absent: pull requests for reverts, and it goes on with another plan. Means nothing without a forge. */
  readonly forge?: ForgePolicy;
  /** A person says that the status branch is meant to be as it is, though what was written last is not part of it. */
  readonly acceptRewritten?: { readonly who: string; readonly reason: string } | null;
}

export const usualForgePolicy: ForgePolicy = { reverts: 'pullRequest', otherPlan: 'goOn' };

export const defaultTimings = { pollMs: 10_000, concurrency: 64 } as const;
