import { join } from 'node:path';
import type { Finding } from './finding.js';

/** What all rows share. */
export interface Bench {
  /** For this run only; removed at its end. */
  readonly folder: string;
  /** Fewer repetitions, smaller models where the row allows it. */
  readonly quick: boolean;
  /** Null where it is not installed: what was recorded is shown. */
  readonly terraform: string | null;
  /** Measures Terraform's slow work, too. */
  readonly terraformApply: boolean;
  /** Path of a program of this bundle. */
  program(name: string): string;
  say(line: string): void;
}

export interface Row {
  readonly name: string;
  readonly about: string;
  measure(bench: Bench): Promise<readonly Finding[]>;
}

let folders = 0;

/** A name of its own for each call. */
export function newFolder(bench: Bench, name: string): string {
  return join(bench.folder, `${++folders}-${name}`);
}

export function heliostat(bench: Bench, ...args: string[]): readonly [command: string, args: string[]] {
  return [process.execPath, [bench.program('heliostat.js'), ...args]];
}
