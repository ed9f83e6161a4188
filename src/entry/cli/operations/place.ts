import type { Revision } from '../../../core/base/names.js';

/** What every verb needs to find its repository and domain. */
export interface Place {
  /** A folder, or the URL of a remote; null: the current folder. */
  readonly repo: string | null;
  /** Name of the domain; null: the nearest `heliostat.yaml`. */
  readonly domain: string | null;
  /** The commit that says which domains there are; absent: the tip of the branch that is followed. */
  readonly domainsOf?: Revision;
  /** The operator's configuration; null: `heliostat.config.yaml` of the controller, if there is one. */
  readonly config: string | null;
  /** Tells a person what the answer does not say. */
  readonly tell?: (away: RemoteAway) => void;
}

/** A remote cannot be asked: what is read is what it was. */
export interface RemoteAway {
  /** Why. */
  readonly message: string;
  /** The last known one of its branch; null: none. */
  readonly revision: Revision | null;
  /** Since somebody on this machine saw that it was so; null: nobody knows. */
  readonly ageMs: number | null;
}

/** Aborted when the user presses Ctrl-C: end soon and leave everything as it can be taken up again. */
export interface Interruptible {
  readonly signal: AbortSignal;
}

/** Gives a line of a file as it was read, for excerpts; null if it is not at hand. */
export type SourceLine = (file: string, line: number) => string | null;

/** A name that a verb takes as its target. */
export interface TargetName {
  readonly kind: 'domain' | 'solution' | 'element' | 'instance' | 'hold';
  /** In full: `prod/shop/api`; of a hold its id. */
  readonly name: string;
}
