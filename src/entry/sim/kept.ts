import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Script } from '../../sim/workload/script.js';
import type { Crew } from './crew.js';
import type { Failed } from './messages.js';

/** A run that broke an invariant, as it is kept in a file. */
export interface Kept {
  readonly name: string;
  readonly revision: string;
  readonly invariant: number;
  readonly message: string;
  readonly script: Script;
}

const folder = '.heliostat/sim';
const eachMs = 30_000;
const most = 3;

/** Shrinks a few of them, one of each invariant first, and keeps their scripts. Gives lines for people. */
export async function keepFailures(
  crew: Crew,
  failed: readonly Failed[],
  revision: string,
): Promise<string[]> {
  const lines = await Promise.all(choice(failed).map((one) => keepOne(crew, one, revision)));
  return lines.flat();
}

function choice(failed: readonly Failed[]): Failed[] {
  const isFirst = (one: Failed): boolean =>
    failed.findIndex(({ invariant }) => invariant === one.invariant) === failed.indexOf(one);
  return [...failed.filter(isFirst), ...failed.filter((one) => !isFirst(one))].slice(0, most);
}

async function keepOne(crew: Crew, failed: Failed, revision: string): Promise<string[]> {
  const { name, invariant } = failed;
  const answer = await crew.do({ kind: 'shrink', script: failed.script, invariant, withinMs: eachMs });
  const shrunk = answer.kind === 'shrunk' && answer.violation !== null ? answer : null;
  const script = shrunk?.script ?? failed.script;
  const message = shrunk?.violation?.message ?? 'it could not be shown a second time';
  const file = join(folder, `${script.seed}-invariant-${invariant}.json`);
  save(file, { name, revision, invariant, message, script });
  return [
    `${name} (${revision}) broke invariant ${invariant}:`,
    `  ${brief(message)}`,
    `  shrunk to ${script.acts.length} of ${failed.script.acts.length} acts and ` +
      `${kindsOf(script)} of ${kindsOf(failed.script)} kinds of fault`,
    `  shown by: npm run sim -- --replay ${file}`,
  ];
}

function kindsOf({ weather }: Script): number {
  return Object.values(weather).filter((chance) => chance > 0).length;
}

/** The replay tells all of it. */
export function brief(message: string): string {
  const lines = message.split('\n');
  return lines.length <= 4 ? message : `${lines.slice(0, 4).join('\n')}\n  …`;
}

function save(file: string, kept: Kept): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(kept, null, 1)}\n`);
}

export function readKept(file: string): Kept {
  return JSON.parse(readFileSync(file, 'utf8')) as Kept;
}
