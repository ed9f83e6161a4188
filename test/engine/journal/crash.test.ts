import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Journal, Opened } from '../../../src/engine/journal/journal.js';
import { openJournal } from '../../../src/engine/journal/open.js';
import { memoryDisk, type MemoryDisk, type MemoryDiskOptions } from '../../support/memory-disk.js';

type Files = NonNullable<MemoryDiskOptions['files']>;
type Step = 'append' | 'disk' | 'snapshot';

const step = fc.oneof(
  { weight: 6, arbitrary: fc.constant<Step>('disk') },
  { weight: 3, arbitrary: fc.constant<Step>('append') },
  { weight: 1, arbitrary: fc.constant<Step>('snapshot') },
);
const life = fc.record({
  steps: fc.array(step, { maxLength: 60, size: 'max' }),
  /** Of the steps of the disk that opening takes, after so many comes a crash already. */
  patience: fc.oneof({ weight: 4, arbitrary: fc.constant(1000) }, { weight: 1, arbitrary: fc.nat(6) }),
  seed: fc.nat(),
  /** Only the process dies, not the machine. */
  killed: fc.boolean(),
  /** Calls of the disk, counted from the first, that fail. */
  faults: fc.oneof(
    { weight: 2, arbitrary: fc.constant<number[]>([]) },
    { weight: 1, arbitrary: fc.array(fc.nat(60), { maxLength: 3 }) },
  ),
});

type Life = typeof life extends fc.Arbitrary<infer L> ? L : never;

/** Batches are numbered; the state is simply the list of numbers that were applied. */
class Run {
  readonly acknowledged = new Set<number>();
  next = 0;

  /** One incarnation, from opening to a crash; gives back what the crash left. */
  async live(files: Files, { steps, patience, seed, faults, killed }: Life) {
    let calls = 0;
    const fault = () => (faults.includes(calls++) ? 'io' : null);
    const random = seeded(seed);
    const disk = memoryDisk({ files, random, fault, manual: true });
    let opened = await this.open(disk, () => openJournal({ disk, folder: 'j' }), patience);
    let state = opened === null ? [] : this.check(opened);
    for (const next of steps) {
      if (opened === null) break;
      if (opened.journal.failure !== null) {
        const { journal } = opened;
        opened = await this.open(disk, () => journal.recover(), 1000);
        state = opened === null ? [] : this.check(opened);
      } else if (next === 'append') this.append(opened.journal, state);
      else if (next === 'snapshot') void opened.journal.snapshot(() => encode(state));
      else disk.step();
      await turn();
    }
    return killed ? disk.kill() : disk.crash();
  }

  private async open(disk: MemoryDisk, start: () => Promise<Opened>, patience: number) {
    let result: Opened | null = null;
    void start().then((opened) => (result = opened));
    for (let i = 0; i < patience && result === null; i++) {
      await turn();
      disk.step();
    }
    const opened = result as Opened | null;
    if (opened !== null && !opened.ok) expect(opened.failure.kind).toBe('disk');
    return opened?.ok ? opened : null;
  }

  /** Two entries a batch, in two streams, so that half a batch would show. */
  private append(journal: Journal, state: number[]): void {
    const number = this.next++;
    const batch = ['a', 'b'].map((stream) => ({
      stream,
      entry: { number, padding: 'x'.repeat(number % 7) },
    }));
    const result = journal.append(batch, { epoch: 1, at: number, wallMs: number });
    if (!result.ok) return;
    state.push(number);
    void result.synced.then(({ ok }) => void (ok && this.acknowledged.add(number)));
  }

  /** What was recovered: in order, whole batches only, each that was acknowledged among them. */
  private check({ snapshot, records }: Opened & { ok: true }): number[] {
    const state = snapshot === null ? [] : decode(snapshot);
    const numbers = records.map(({ entry }) => (entry as { number: number }).number);
    expect(records.map(({ stream }) => stream)).toEqual(numbers.map((_, i) => (i % 2 === 0 ? 'a' : 'b')));
    state.push(...numbers.filter((_, i) => i % 2 === 0));
    expect(numbers.filter((_, i) => i % 2 === 1)).toEqual(numbers.filter((_, i) => i % 2 === 0));
    expect(state).toEqual([...new Set(state)].sort((a, b) => a - b));
    expect([...this.acknowledged].filter((number) => !state.includes(number))).toEqual([]);
    // What is acted on from now on must not vanish any more.
    for (const number of state) this.acknowledged.add(number);
    return state;
  }
}

it('after any crash finds whole batches in order, and each that was acknowledged among them', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(life, { minLength: 1, maxLength: 5 }), async (lives) => {
      const run = new Run();
      let files: Files = new Map();
      for (const one of lives) files = await run.live(files, one);
      await run.live(files, { ...(lives[0] as Life), steps: [], patience: 1000, faults: [] });
    }),
    { numRuns: 1000 },
  );
});

/** A linear congruence: enough to choose what a crash keeps. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 1664525 + 1013904223) % 4294967296) / 4294967296;
}

function encode(state: readonly number[]): Uint8Array[] {
  return state.map((number) => new Uint8Array([number >> 8, number & 255]));
}

function decode(slices: readonly Uint8Array[]): number[] {
  return slices.map((slice) => (slice[0] as number) * 256 + (slice[1] as number));
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
