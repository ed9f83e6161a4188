/**
 * Why a controller stopped by itself. `journal`: its disk fails. `claim`: the claim cannot be written. `rewritten`: what
 * it wrote last is no part of the status branch any more. `taken`: another controller runs the domain. `bug`: an
 * invariant of ours is broken.
 */
export type StopCause = 'journal' | 'claim' | 'rewritten' | 'taken' | 'bug';

export interface Stopped {
  readonly cause: StopCause;
  readonly message: string;
  /** Milliseconds since 1970. */
  readonly sinceWallMs: number;
}

/** What may pass by itself, or by a person's word, so that a daemon waits for it. */
export function mayPass(cause: StopCause): boolean {
  return cause === 'journal' || cause === 'claim' || cause === 'rewritten';
}

/** The code under which `heliostat explain` tells of it. */
export function codeOfStop(cause: StopCause): string {
  switch (cause) {
    case 'journal':
      return 'journal.disk';
    case 'claim':
      return 'claim.unwritable';
    case 'rewritten':
      return 'status.rewritten';
    case 'taken':
      return 'claim.refused';
    case 'bug':
      return 'engine.stopped';
  }
}
