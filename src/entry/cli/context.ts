import type { ExitCode, Operations, Place } from './operations.js';
import type { Paint } from './render/paint.js';
import type { Terminal } from './terminal.js';

/** What the program is given by the process that it runs in. */
export interface Surroundings {
  readonly terminal: Terminal;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly version: string;
  /** Aborted by Ctrl-C, or by SIGTERM with that name as its reason. */
  readonly signal: AbortSignal;
  readonly nowMs: () => number;
  /** The engine is loaded by the first verb that needs it, so that help and version start at once. */
  readonly loadOperations: () => Promise<Operations>;
}

/** What a verb is given. */
export interface Context extends Surroundings {
  readonly json: boolean;
  readonly place: Place;
  /** For standard output. */
  readonly paint: Paint;
  /** For standard error. */
  readonly errPaint: Paint;
}

export type Verb<Options> = (context: Context, options: Options) => Promise<ExitCode>;

/** What every request to the engine carries. */
export function requestOf(context: Context): Place & { readonly signal: AbortSignal } {
  return { ...context.place, signal: context.signal };
}

/** For what streams for ever: ends too when nobody reads any more. */
export function streamRequestOf(context: Context): Place & { readonly signal: AbortSignal } {
  return { ...context.place, signal: AbortSignal.any([context.signal, context.terminal.closed]) };
}
