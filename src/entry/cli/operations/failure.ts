import type { Verdict } from '../../../core/status/view.js';

/** What the process answers to its caller; docs/cli.md says what each means. */
export type ExitCode = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 130;

/** Of a commit that has its verdict, or waits for a person. Null: it is still open. */
export function codeOfVerdict(verdict: Verdict): ExitCode | null {
  switch (verdict) {
    case 'applied':
      return 0;
    case 'rejected':
      return 3;
    case 'failed':
    case 'reverted':
      return 4;
    case 'held':
      return 5;
    case 'superseded':
      return 6;
    case 'pending':
    case 'progressing':
      return null;
  }
}

/** A fault of use or of the world, with what to do next. Message and fix hold no secret: the thrower redacts. */
export class Failure extends Error {
  override readonly name = 'Failure';

  constructor(
    /** Stable, `area.kind`, as in `core/base/codes.ts`. */
    readonly code: string,
    message: string,
    /** In the imperative. */
    readonly fix: string,
    readonly exitCode: ExitCode = 1,
  ) {
    super(message);
  }
}
