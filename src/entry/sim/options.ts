import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { suites } from '../../sim/suites/all.js';
import type { Scale } from '../../sim/suites/suite.js';

export const usage = `npm run sim -- [options]           the programme of the simulator, on all cores
  --seeds N          fresh seeds (2,000)
  --first N          the first of them; without it the day decides, and the report tells
  --determinism N    of them so many are run twice (100)
  --node PATH        and those once more by this Node, whose traces must be the same
  --scale NAME       tenth, ci or long: how much of everything there is
  --only NAME        one part: seeds, ${suites.map(({ name }) => name).join(', ')} (may be repeated)
  --jobs N           worker threads (one for each core)
  --time-limit S     begin nothing after so many seconds; what is left out then counts as a failure
  --json FILE        the report as data
  --seed N           shows one run, step by step
  --case N           shows a case of the suite that --only names
  --replay FILE      shows a run that was kept, step by step

npm run soak -- --seeds N           the long form: goes on after the last seed of the tally
  --tally FILE       where the tally is kept (.heliostat/sim/tally.json)
`;

export interface Options {
  readonly command: 'sim' | 'soak' | 'hashes';
  readonly seeds: number;
  readonly first: number | null;
  readonly again: number;
  readonly node: string | null;
  readonly scale: Scale;
  /** Empty: everything. */
  readonly only: readonly string[];
  readonly jobs: number;
  readonly limitMs: number;
  readonly json: string | null;
  readonly seed: number | null;
  readonly case: number | null;
  readonly replay: string | null;
  readonly tally: string;
  readonly help: boolean;
}

/** What was asked for is not clear. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

const amounts: { readonly [scale in Scale]: { readonly seeds: number; readonly again: number } } = {
  tenth: { seeds: 200, again: 10 },
  ci: { seeds: 2_000, again: 100 },
  long: { seeds: 100_000, again: 1_000 },
};

/** @throws UsageError */
export function optionsOf(args: readonly string[]): Options {
  const { values, positionals } = parsed(args);
  const scale = scaleOf(values.scale);
  const amount = amounts[scale];
  const seconds = number('time-limit', values['time-limit']);
  return {
    command: commandOf(positionals),
    scale,
    only: partsOf(values.only),
    seeds: number('seeds', values.seeds) ?? amount.seeds,
    first: number('first', values.first),
    again: number('determinism', values.determinism) ?? amount.again,
    jobs: Math.max(1, number('jobs', values.jobs) ?? availableParallelism()),
    limitMs: seconds === null ? Infinity : seconds * 1000,
    seed: number('seed', values.seed),
    case: number('case', values.case),
    node: values.node ?? null,
    json: values.json ?? null,
    replay: values.replay ?? null,
    tally: values.tally ?? '.heliostat/sim/tally.json',
    help: values.help ?? false,
  };
}

function commandOf(positionals: readonly string[]): Options['command'] {
  const [command = 'sim', ...more] = positionals;
  if (more.length === 0 && (command === 'sim' || command === 'soak' || command === 'hashes')) return command;
  throw new UsageError(`what is ${positionals.join(' ')}?`);
}

function scaleOf(scale = 'ci'): Scale {
  if (scale in amounts) return scale as Scale;
  throw new UsageError(`--scale ${scale}: it is ${Object.keys(amounts).join(', ')}`);
}

function partsOf(only: readonly string[] = []): readonly string[] {
  const parts = ['seeds', ...suites.map(({ name }) => name)];
  const strange = only.find((name) => !parts.includes(name));
  if (strange !== undefined) throw new UsageError(`--only ${strange}: there are ${parts.join(', ')}`);
  return only;
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        seeds: { type: 'string' },
        first: { type: 'string' },
        determinism: { type: 'string' },
        node: { type: 'string' },
        scale: { type: 'string' },
        only: { type: 'string', multiple: true },
        jobs: { type: 'string' },
        'time-limit': { type: 'string' },
        json: { type: 'string' },
        seed: { type: 'string' },
        case: { type: 'string' },
        replay: { type: 'string' },
        tally: { type: 'string' },
        help: { type: 'boolean' },
      },
    });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function number(name: string, text: string | undefined): number | null {
  if (text === undefined) return null;
  if (!/^[0-9]{1,10}$/.test(text) || Number(text) > 0xffff_ffff)
    throw new UsageError(`--${name} ${text}: it is a whole number below 2^32`);
  return Number(text);
}
