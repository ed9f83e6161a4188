import fc from 'fast-check';

/** Of the whole suite of generated inputs; a run that need not be whole takes a tenth. */
const wholeRuns = 5_000;

export interface Fuzz {
  readonly numRuns: number;
  readonly seed: number;
}

/**
 * How often a property is tried, as a share of all: HELIOSTAT_FUZZ_RUNS says how many there are together, and
 * HELIOSTAT_FUZZ_SEED repeats those of a former run.
 */
export function fuzz(share: number): Fuzz {
  const asked = process.env['HELIOSTAT_FUZZ_RUNS'];
  const usual = process.env['HELIOSTAT_REQUIRE_ALL'] === '1' ? wholeRuns : wholeRuns / 10;
  const runs = asked === undefined || asked === '' ? usual : Number(asked);
  const seed = process.env['HELIOSTAT_FUZZ_SEED'];
  return {
    numRuns: Math.max(1, Math.ceil(runs * share)),
    seed: seed === undefined || seed === '' ? Math.floor(Math.random() * 2 ** 31) : Number(seed),
  };
}

/** Tries a property; a failure says with which command exactly this one comes again. */
export async function tryMany<T>(
  property: fc.IAsyncProperty<T>,
  { numRuns, seed }: Fuzz,
  { file, title }: { readonly file: string; readonly title: string },
): Promise<void> {
  const found = await fc.check(property, { numRuns, seed, endOnFailure: false });
  if (!found.failed) return;
  const all =
    process.env['HELIOSTAT_FUZZ_RUNS'] ?? (process.env['HELIOSTAT_REQUIRE_ALL'] === '1' ? 5_000 : 500);
  throw new Error(
    `run ${found.numRuns} of ${numRuns} fails; it comes again with\n` +
      `  HELIOSTAT_FUZZ_SEED=${seed} HELIOSTAT_FUZZ_RUNS=${all} npm test -- ${file} -t '${title}'\n` +
      `shrunk ${found.numShrinks} times to ${fc.stringify(found.counterexample)}\n` +
      String((found.errorInstance as Error | null)?.stack ?? found.errorInstance),
  );
}
