import type { Revision } from '../core/base/names.js';

/** What a person may ask of a controller, by command line or socket. */
export type OperatorRequest =
  | { readonly verb: 'status' }
  | { readonly verb: 'follow'; readonly revision: Revision | null }
  | {
      readonly verb: 'pause';
      readonly target: string;
      /** It ends by itself after so many milliseconds; null: when a person resumes it. */
      readonly forMs: number | null;
      readonly reason: string;
      readonly who: string;
    }
  | {
      readonly verb: 'abort';
      readonly target: string;
      /** Go back to what was stable, instead of leaving what runs. */
      readonly revert: boolean;
      readonly reason: string;
      readonly who: string;
    }
  | { readonly verb: 'restart'; readonly target: string; readonly reason: string; readonly who: string }
  | { readonly verb: 'promote'; readonly target: string; readonly reason: string; readonly who: string }
  | { readonly verb: 'resume'; readonly target: string; readonly reason: string; readonly who: string }
  | { readonly verb: 'retry'; readonly target: string; readonly reason: string; readonly who: string }
  | { readonly verb: 'release'; readonly hold: string; readonly reason: string; readonly who: string }
  | { readonly verb: 'detach'; readonly target: string; readonly reason: string; readonly who: string }
  | { readonly verb: 'down'; readonly reason: string; readonly who: string }
  | { readonly verb: 'shutdown' };
